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
from survey_app.domain.psu import WeekCounts
from survey_app.domain.questionnaire import (
    DONT_KNOW,
    REFUSED,
    Indicator,
    Question,
    Questionnaire,
)
from survey_app.domain.weeks import Week, Window

Key = TypeVar("Key")
Keep = Callable[[CellKey], bool]

SCORED_CHANNELS = frozenset({"kiosk", "code"})
GRADES = ("not_satisfied", "satisfied", "very_satisfied")
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


def psus_in(window: Window, weeks: Mapping[Week, WeekCounts]) -> list[tuple[str, Totals]]:
    """(stratum, totals) of a window's PSUs; in label order, as page and row file both know them."""
    return [
        (str(week), psu.totals)
        for week in window.weeks
        if week in weeks
        for psu in sorted(weeks[week].psus, key=lambda psu: psu.label)
    ]


def tally(psus: Iterable[tuple[str, Totals]], versions: Versions, keep: Keep = every_form) -> Tally:
    """Sum counts by PSU; `psus` holds (stratum, totals) of each PSU in the window.

    Forms that `keep` leaves out do not count; their PSUs stay.
    """
    listed = list(psus)
    result = Tally([stratum for stratum, _ in listed], [0] * len(listed))
    lines: dict[tuple[str, str], list[_Line]] = {}
    for position, (_, totals) in enumerate(listed):
        # Sorted, so that page and row file add the same numbers in the same order.
        for key in sorted(totals):
            if key.channel not in SCORED_CHANNELS or not keep(key):
                continue
            place = key.questionnaire, key.group
            if place not in lines:
                lines[place] = _lines(result, versions[key.questionnaire], key.group)
            _add_cell(result, position, totals[key], lines[place])
    return result


@dataclass(frozen=True, slots=True)
class _Line:
    """From one question's codes to the series it feeds; without `z` codes are integers on a scale."""

    question: Question
    z: Mapping[str, float]
    targets: tuple[Series, ...]

    def add(self, position: int, codes: Mapping[str, int]) -> None:
        total, answers = 0.0, 0
        for code, z in (self.z or _scale(self.question, sorted(codes))).items():
            number = codes.get(code, 0)
            total += z * number
            answers += number
        dont_know, refused = codes.get(DONT_KNOW, 0), codes.get(REFUSED, 0)
        for series in self.targets:
            series.sums[position] += total
            series.answers[position] += answers
            series.dont_know += dont_know
            series.refused += refused


def _add_cell(result: Tally, position: int, cell: Cell, lines: Iterable[_Line]) -> None:
    result.forms += cell.forms
    result.psu_forms[position] += cell.forms
    result.forms_any.update(cell.forms_any)
    for line in lines:
        codes = cell.codes.get(line.question.id)
        if codes:
            line.add(position, codes)


def _lines(result: Tally, version: Questionnaire, group: str) -> list[_Line]:
    """What forms of one version and procedure group feed: looked up once, not for every cell."""
    lines = []
    for question in version.questions.values():
        if question.indicator is not None:
            lines.append(_indicator_line(result, question, question.indicator, group))
        if question.role == "satisfaction":
            lines += _grade_lines(result, question)
    return lines


def _indicator_line(result: Tally, question: Question, indicator: Indicator, group: str) -> _Line:
    targets = [_series(result, result.items, question.id)]
    sub = indicator.subdimension_for(group)
    if sub is not None:
        targets.append(_series(result, result.indicators, (sub, question.id)))
    return _Line(question, _scale(question, question.values), tuple(targets))


def _grade_lines(result: Tally, question: Question) -> list[_Line]:
    shares: dict[str, tuple[str, ...]] = {"satisfaction": SATISFIED}
    shares |= {f"grade.{grade}": (grade,) for grade in GRADES}
    return [
        _Line(
            question,
            {choice.code: float(choice.grade in grades) for choice in question.choices},
            (_series(result, result.shares, name),),
        )
        for name, grades in shares.items()
    ]


def _scale(question: Question, codes: Iterable[str]) -> dict[str, float]:
    """The z of each code that has a place on the question's scale."""
    if question.indicator is None:
        return {}
    values = ((code, scale_value(question, code)) for code in codes)
    return {code: question.indicator.z(value) for code, value in values if value is not None}


def _series(result: Tally, store: dict[Key, Series], key: Key) -> Series:
    if key not in store:
        size = len(result.strata)
        store[key] = Series([0.0] * size, [0] * size)
    return store[key]
