"""Counts of a window become ratio means: per indicator, item and grade, one value a PSU.

The only place that reads channels: forms of the open channel (a wall QR that anyone can fill in)
are counted apart and never
enter a figure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from survey_app.domain.counting import Cell, CellKey, Totals, Versions, scale_value
from survey_app.domain.estimation import Ratio, RatioMean
from survey_app.domain.questionnaire import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    Question,
    Questionnaire,
)

Key = TypeVar("Key")
Made = TypeVar("Made")
Keep = Callable[[CellKey], bool]

_MOST_MADE = 400
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

    sums: MutableSequence[float]
    answers: MutableSequence[int]
    dont_know: int = 0
    refused: int = 0
    _ratio: RatioMean | None = field(init=False, default=None, compare=False, repr=False)

    @property
    def ratio(self) -> RatioMean:
        """The ratio mean, once the series is finished."""
        if self._ratio is None:
            self._ratio = Ratio(tuple(self.sums), tuple(self.answers))
        return self._ratio

    @property
    def asked(self) -> int:
        """Forms that were shown the question and answered in any way."""
        return self.ratio.total + self.dont_know + self.refused


@dataclass(slots=True)
class Tally:
    """A window's counts, ready to estimate.

    `indicators`: by (sub-dimension, question); `items`: by question over all procedure groups;
    `shares`: "satisfaction" and "grade.…"; `forms_any`: distinct forms by dimension and
    sub-dimension; `psu_forms`: complete forms by PSU; `versions`: hashes of those that complete forms
    answered; `made`: figures made of it so far.
    """

    strata: list[str] = field(default_factory=list)
    psu_forms: list[int] = field(default_factory=list)
    indicators: dict[tuple[str, str], Series] = field(default_factory=dict)
    items: dict[str, Series] = field(default_factory=dict)
    shares: dict[str, Series] = field(default_factory=dict)
    forms_any: Counter[str] = field(default_factory=Counter)
    forms: int = 0
    versions: frozenset[str] = frozenset()
    made: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What `make` makes of this tally, which must not change any more; made once for each key."""
        # Asked for once: another thread may empty it in between. Nothing that is made is None.
        known: Made | None = self.made.get(key)
        if known is not None:
            return known
        if len(self.made) >= _MOST_MADE:
            self.made.clear()
        result = self.made[key] = make()
        return result


def tally(psus: Iterable[tuple[str, Totals]], versions: Versions, keep: Keep = every_form) -> Tally:
    """Sum counts by PSU; `psus` holds (stratum, totals) of each PSU in the window.

    Forms that `keep` leaves out do not count; their PSUs stay.
    """
    listed = list(psus)
    result = Tally([stratum for stratum, _ in listed], [0] * len(listed))
    lines: dict[tuple[str, str], list[_Line]] = {}
    answered: set[str] = set()
    for position, (_, totals) in enumerate(listed):
        # Sorted, so that page and row file add the same numbers in the same order.
        for key in sorted(totals):
            if key.channel not in SCORED_CHANNELS or not keep(key):
                continue
            place = key.questionnaire, key.group
            if place not in lines:
                lines[place] = _lines(result, versions[key.questionnaire], key.group)
            _add_cell(result, position, totals[key], lines[place])
            if totals[key].forms:
                answered.add(key.questionnaire)
    result.versions = frozenset(answered)
    return result


@dataclass(frozen=True, slots=True)
class _Feed:
    """From one question's codes to what it feeds: (store, key) of each series.

    Without `z` codes are integers on the scale of the question.
    """

    id: str
    question: Question
    z: Mapping[str, float]
    targets: tuple[tuple[str, Any], ...]


# A question's id and feed with the series of one tally.
_Line = tuple[str, _Feed, list[Series]]


def _add_cell(result: Tally, position: int, cell: Cell, lines: Iterable[_Line]) -> None:
    result.forms += cell.forms
    result.psu_forms[position] += cell.forms
    for name, number in cell.forms_any.items():
        result.forms_any[name] += number
    counted, forms = cell.codes, cell.forms
    for question, feed, targets in lines:
        codes = counted.get(question)
        # Most questions were not asked of any form here: modules rotate.
        if codes and codes.get(NOT_ASKED) != forms:
            _add_answers(feed, targets, position, codes)


def _add_answers(
    feed: _Feed, targets: Iterable[Series], position: int, codes: Mapping[str, int]
) -> None:
    total, answers = 0.0, 0
    for code, z in (feed.z or _scale(feed.question, sorted(codes))).items():
        if code in codes:
            number = codes[code]
            total += z * number
            answers += number
    for series in targets:
        series.sums[position] += total
        series.answers[position] += answers
    if DONT_KNOW in codes or REFUSED in codes:
        for series in targets:
            series.dont_know += codes.get(DONT_KNOW, 0)
            series.refused += codes.get(REFUSED, 0)


def _lines(result: Tally, version: Questionnaire, group: str) -> list[_Line]:
    """What forms of one version and procedure group feed: looked up once, not for every cell."""
    stores: dict[str, dict[Any, Series]] = {
        "indicators": result.indicators,
        "items": result.items,
        "shares": result.shares,
    }
    return [
        (feed.id, feed, [_series(result, stores[store], key) for store, key in feed.targets])
        for feed in _feeds(version, group)
    ]


def _feeds(version: Questionnaire, group: str) -> tuple[_Feed, ...]:
    # A hash names one content for ever.
    known = _known_feeds.get((version.hash, group))
    if known is None:
        questions = version.questions.values()
        known = tuple(feed for question in questions for feed in _feeds_of(question, group))
        _known_feeds[version.hash, group] = known
    return known


_known_feeds: dict[tuple[str, str], tuple[_Feed, ...]] = {}


def _feeds_of(question: Question, group: str) -> Iterator[_Feed]:
    if question.indicator is not None:
        targets: list[tuple[str, Any]] = [("items", question.id)]
        sub = question.indicator.subdimension_for(group)
        if sub is not None:
            targets.append(("indicators", (sub, question.id)))
        yield _Feed(question.id, question, _scale(question, question.values), tuple(targets))
    if question.role == "satisfaction":
        shares: dict[str, tuple[str, ...]] = {"satisfaction": SATISFIED}
        shares |= {f"grade.{grade}": (grade,) for grade in GRADES}
        for name, grades in shares.items():
            z = {choice.code: float(choice.grade in grades) for choice in question.choices}
            yield _Feed(question.id, question, z, (("shares", name),))


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
