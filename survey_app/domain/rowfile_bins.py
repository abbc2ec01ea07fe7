"""Counting the lines of a row file in little memory: what `counting.count` makes of the same forms, to the last count.

Counting is linear, so the answers of like forms may be mixed: a bin holds them as numbers, and counts the numbers when they are
many. A province's year has hundreds of thousands of bins, so counts are written out for a unit at a time only.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from survey_app.domain.counting import Cell, CellKey, Totals
from survey_app.domain.questionnaire import NOT_ASKED
from survey_app.domain.rowfile_version import VersionReader
from survey_app.domain.weeks import Week

# Unit, week, label.
PsuKey = tuple[str, Week, str]

_MOST_HELD = 4096


@dataclass(frozen=True, slots=True)
class Entered:
    """The weeks whose closings brought forms and their flags into the figures; None: not yet, or not flagged."""

    first: Week | None
    flag: Week | None

    def counts(self, as_of: Week | None) -> bool:
        """Whether figures as of a closing count the forms; without one, those of today."""
        return self.first is not None and (as_of is None or self.first <= as_of)

    def is_flagged(self, as_of: Week | None) -> bool:
        """Whether they count as flagged."""
        return self.flag is not None and (as_of is None or self.flag <= as_of)


class Bin:
    """Forms of one sampling unit that counts keep together, either all complete or all partial."""

    __slots__ = ("_counts", "_held", "complete", "entered", "forms", "key", "psu", "version")

    def __init__(
        self,
        version: VersionReader,
        psu: PsuKey,
        key: CellKey,
        entered: Entered,
        *,
        complete: bool,
    ) -> None:
        self.version = version
        self.psu = psu
        self.key = key
        self.entered = entered
        self.complete = complete
        self.forms = 0
        self._held = array("I")
        self._counts: Counter[int] | None = None

    def take(self, numbers: list[int]) -> None:
        """One more form with these answers."""
        self.forms += 1
        if not self.complete:
            return
        numbers.append(self.version.reached(self.key.group, numbers))
        self._held.fromlist(numbers)
        if len(self._held) > _MOST_HELD:
            self._counts = self._counted()
            self._held = array("I")

    def count_into(self, cell: Cell) -> None:
        """Add the forms to `cell`."""
        if not self.complete:
            cell.partial += self.forms
            return
        cell.forms += self.forms
        for question in self.version.counted if not cell.codes else ():
            cell.codes[question] = {}
        silent = dict.fromkeys(cell.codes, self.forms)
        self._answers_into(cell, silent)
        for question, number in silent.items():
            if number:
                codes = cell.codes[question]
                codes[NOT_ASKED] = codes.get(NOT_ASKED, 0) + number

    def _answers_into(self, cell: Cell, silent: dict[str, int]) -> None:
        """Count answers, and take the forms that gave them off the `silent` ones of each question."""
        counts_as, counted = self.version.counts_as, cell.codes
        for number, times in self._counted().items():
            question, codes = counts_as[number]
            if not question:
                for name in codes:
                    cell.forms_any[name] += times
                continue
            silent[question] -= times
            into = counted[question]
            for code in codes:
                into[code] = into[code] + times if code in into else times

    def _counted(self) -> Counter[int]:
        counts = Counter(self._held)
        if self._counts is not None:
            counts.update(self._counts)
        return counts


def totals_by_psu(bins: Iterable[Bin], as_of: Week | None = None) -> dict[PsuKey, Totals]:
    """Counts of sampling units, in order of key, as figures knew them after the closing of `as_of` or know them now."""
    by_psu: defaultdict[PsuKey, list[Bin]] = defaultdict(list)
    for found in bins:
        if found.entered.counts(as_of):
            by_psu[found.psu].append(found)
    return {psu: _totals(by_psu[psu], as_of) for psu in sorted(by_psu)}


def _totals(bins: Sequence[Bin], as_of: Week | None) -> Totals:
    totals: Totals = {}
    keyed = ((_key(found, as_of), found) for found in bins)
    for key, found in sorted(keyed, key=lambda pair: pair[0]):
        found.count_into(totals.setdefault(key, Cell()))
    return totals


def _key(found: Bin, as_of: Week | None) -> CellKey:
    flagged = found.entered.is_flagged(as_of)
    return found.key if found.key.flagged == flagged else replace(found.key, flagged=flagged)
