"""Counts of a window become ratio means: per indicator, item and grade, one value a PSU.

The only place that reads channels: forms of the open channel (a wall QR that anyone can fill in)
are counted apart and never
enter a figure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from survey_app.domain.counting import Cell, CellKey, Totals, Versions, scale_value
from survey_app.domain.estimation import Ratio, RatioMean
from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question

Key = TypeVar("Key")
Keep = Callable[[CellKey], bool]

SCORED_CHANNELS = frozenset({"kiosk", "code"})
SATISFIED = ("satisfied", "very_satisfied")


def every_form(_key: CellKey) -> bool:
    """The official figures: every scored form."""
    return True


def without_flagged(key: CellKey) -> bool:
    """Beside them: "không gồm phiếu bị gắn cờ"."""
    return not key.flagged


def kiosk_only(key: CellKey) -> bool:
    """Beside them: without forms from citizens' own phones."""
    return key.channel == "kiosk"


@dataclass(slots=True)
class Series:
    """Sums and answers of one ratio mean, PSU by PSU, and how many did not know or refused."""

    sums: list[float]
    answers: list[int]
    dont_know: int = 0
    refused: int = 0

    @property
    def ratio(self) -> RatioMean:
        """The finished ratio mean."""
        return Ratio(tuple(self.sums), tuple(self.answers))

    @property
    def asked(self) -> int:
        """Forms that were shown the question and answered in any way."""
        return sum(self.answers) + self.dont_know + self.refused


@dataclass(slots=True)
class Tally:
    """A window's counts, ready to estimate.

    `indicators`: by (sub-dimension, question); `items`: by question over all procedure groups;
    `shares`: "satisfaction" and "grade.…"; `forms_any`: distinct forms by dimension and
    sub-dimension; `psu_forms`: complete forms by PSU.
    """

    strata: list[str] = field(default_factory=list)
    psu_forms: list[int] = field(default_factory=list)
    indicators: dict[tuple[str, str], Series] = field(default_factory=dict)
    items: dict[str, Series] = field(default_factory=dict)
    shares: dict[str, Series] = field(default_factory=dict)
    forms_any: Counter[str] = field(default_factory=Counter)
    forms: int = 0


def tally(psus: Iterable[tuple[str, Totals]], versions: Versions, keep: Keep = every_form) -> Tally:
    """Sum counts by PSU; `psus` holds (stratum, totals) of each PSU in the window.

    Forms that `keep` leaves out do not count; their PSUs stay.
    """
    listed = list(psus)
    result = Tally([stratum for stratum, _ in listed], [0] * len(listed))
    for position, (_, totals) in enumerate(listed):
        # Sorted, so that page and row file add the same numbers in the same order.
        for key in sorted(totals):
            if key.channel in SCORED_CHANNELS and keep(key):
                _add_cell(result, position, key, totals[key], versions)
    return result


def _add_cell(result: Tally, position: int, key: CellKey, cell: Cell, versions: Versions) -> None:
    result.forms += cell.forms
    result.psu_forms[position] += cell.forms
    result.forms_any.update(cell.forms_any)
    questions = versions[key.questionnaire].questions
    for question_id, codes in cell.codes.items():
        question = questions[question_id]
        if question.indicator is not None:
            _add_indicator(result, position, key.group, question, codes)
        if question.role == "satisfaction":
            _add_grades(result, position, question, codes)


def _add_indicator(
    result: Tally, position: int, group: str, question: Question, codes: Mapping[str, int]
) -> None:
    indicator = question.indicator
    if indicator is None:
        return
    targets = [_series(result, result.items, question.id)]
    sub = indicator.subdimension_for(group)
    if sub is not None:
        targets.append(_series(result, result.indicators, (sub, question.id)))
    for code, number in codes.items():
        value = scale_value(question, code)
        if value is None:
            _add_silence(targets, code, number)
            continue
        z = indicator.z(value)
        for series in targets:
            series.sums[position] += z * number
            series.answers[position] += number


def _add_grades(result: Tally, position: int, question: Question, codes: Mapping[str, int]) -> None:
    for choice in question.choices:
        number = codes.get(choice.code, 0)
        for name in ("grade.not_satisfied", "grade.satisfied", "grade.very_satisfied"):
            _count_share(result, name, position, number, hit=name == f"grade.{choice.grade}")
        _count_share(result, "satisfaction", position, number, hit=choice.grade in SATISFIED)
    silent = list(result.shares.values())
    for code in (DONT_KNOW, REFUSED):
        _add_silence(silent, code, codes.get(code, 0))


def _count_share(result: Tally, name: str, position: int, number: int, *, hit: bool) -> None:
    series = _series(result, result.shares, name)
    series.answers[position] += number
    series.sums[position] += number if hit else 0


def _add_silence(targets: Iterable[Series], code: str, number: int) -> None:
    for series in targets:
        if code == DONT_KNOW:
            series.dont_know += number
        elif code == REFUSED:
            series.refused += number


def _series(result: Tally, store: dict[Key, Series], key: Key) -> Series:
    if key not in store:
        size = len(result.strata)
        store[key] = Series([0.0] * size, [0] * size)
    return store[key]
