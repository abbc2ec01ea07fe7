"""Primary sampling units of a closed week: days, merged until no one can be told from the day they came.

Days are the sampling units because forms of one day are alike; the variance is taken between them within their week,
V = Σ_h m_h/(m_h − 1) Σ_k (u_hk − ū_h)², df = Σ_h (m_h − 1) over units with an answer (Särndal, Swensson & Wretman
1992, 5.5–5.7; Wolter 2007, ch. 6). Merged days are one unit k whose u is the sum of theirs: V is as before, between fewer
and larger units, with fewer degrees of freedom. Page and row file are both computed from the merged days
(docs/methodology, section 4; docs/disclosure).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar, overload

from survey_app.domain.columns import Columns
from survey_app.domain.counting import CellKey, Totals
from survey_app.domain.weeks import Week

Made = TypeVar("Made")

LEAST_FORMS = 10


@dataclass(frozen=True, slots=True)
class PsuTotals:
    """Counts of one sampling unit; the label is random and says nothing of the days inside."""

    label: str
    totals: Totals


class CountedLater(Sequence[PsuTotals]):
    """A number of sampling units, counted when one of them is looked at: of a year's weeks half matter to no figure."""

    def __init__(self, number: int, make: Callable[[], Iterable[PsuTotals]]) -> None:
        self._number = number
        self._make = make

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, place: int) -> PsuTotals: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PsuTotals]: ...
    def __getitem__(self, place: int | slice) -> PsuTotals | Sequence[PsuTotals]:
        return self._made[place]

    @cached_property
    def _made(self) -> tuple[PsuTotals, ...]:
        return tuple(self._make())


@dataclass(frozen=True, slots=True)
class Kept:
    """Sums that were frozen with a vintage (`domain.sums`): JSON of numbers by name; `parts`: fetched when one is looked at."""

    numbers: Mapping[str, str]
    parts: Callable[[], Mapping[str, Columns]]


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """A closed week as frozen in its vintage `number`; without forms it has no sampling units.

    `derived` holds what was computed from these counts alone, so that it is computed once: they never change.
    `kept`: with it nothing looks into `psus`.
    """

    week: Week
    number: int
    psus: Sequence[PsuTotals]
    kept: Kept | None = field(default=None, compare=False, repr=False)
    derived: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of these counts, made once for each key."""
        if key not in self.derived:
            self.derived[key] = make()
        known: Made = self.derived[key]
        return known

    @property
    def questionnaires(self) -> frozenset[str]:
        """Hashes of the versions that its forms answered."""
        return self.once("questionnaires", self._questionnaires)

    def _questionnaires(self) -> frozenset[str]:
        if self.kept is not None:
            return _hashes(self.kept.numbers["questionnaires"])
        return frozenset(key.questionnaire for key in self.cells)

    @property
    def cells(self) -> dict[CellKey, int]:
        """Complete forms by version, channel, procedure group and flag; 0 where all are partial."""
        return self.once("cells", self._cells)

    def _cells(self) -> dict[CellKey, int]:
        if self.kept is not None:
            listed = json.loads(self.kept.numbers["cells"])
            return {CellKey(*key): forms for *key, forms in listed}
        cells = dict.fromkeys(sorted({key for psu in self.psus for key in psu.totals}), 0)
        for psu in self.psus:
            for key, cell in psu.totals.items():
                cells[key] += cell.forms
        return cells

    @property
    def strata(self) -> list[tuple[str, Totals]]:
        """(stratum, totals) of its sampling units, in label order, as page and row file both know them."""
        return self.once("strata", self._strata)

    def _strata(self) -> list[tuple[str, Totals]]:
        name = str(self.week)
        return [(name, psu.totals) for psu in sorted(self.psus, key=lambda psu: psu.label)]


# Most weeks have the same.
@lru_cache(maxsize=256)
def _hashes(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def merge_days(counts: Mapping[date, int], least: int = LEAST_FORMS) -> list[tuple[date, ...]]:
    """Merge the days of a week, in order, until each group holds at least `least` forms.

    A remainder joins the last group; a week with fewer than `least` forms in all is one group. `counts` holds forms by day:
    4, 7, 12, 15, 3 become 11, 12, 18.
    """
    groups: list[tuple[date, ...]] = []
    pending: tuple[date, ...] = ()
    held = 0
    for day in sorted(counts):
        pending += (day,)
        held += counts[day]
        if held >= least:
            groups.append(pending)
            pending, held = (), 0
    if pending and groups:
        groups[-1] += pending
    elif pending:
        groups.append(pending)
    return groups


def keep_groups(groups: Sequence[tuple[date, ...]], days: Iterable[date]) -> list[tuple[date, ...]]:
    """The groups of an earlier vintage, each new day in the group of the last day before it, else in the first.

    They stay, so that one label a row tells the sampling units of every vintage.
    """
    result = sorted(groups)
    for day in sorted(set(days) - {day for group in groups for day in group}):
        place = max((n for n, group in enumerate(result) if group[0] < day), default=0)
        result[place] = tuple(sorted((*result[place], day)))
    return result
