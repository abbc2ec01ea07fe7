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
            self._counts = self.counted()
            self._held = array("I")

    def counted(self) -> Counter[int]:
        """How often the forms gave each answer."""
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
    by_key: defaultdict[CellKey, list[Bin]] = defaultdict(list)
    for found in bins:
        by_key[_key(found, as_of)].append(found)
    return {key: _cell(by_key[key]) for key in sorted(by_key)}


def _cell(bins: Sequence[Bin]) -> Cell:
    """The counts of bins of one key, which are of one version."""
    complete = [found for found in bins if found.complete]
    result = Cell(partial=sum(found.forms for found in bins if not found.complete))
    if complete:
        counts = complete[0].counted()
        for other in complete[1:]:
            counts.update(other.counted())
        result.forms = sum(found.forms for found in complete)
        _fill(result, complete[0].version, counts)
    return result


def _fill(cell: Cell, version: VersionReader, counts: Counter[int]) -> None:
    # Modules rotate, so most questions were not asked of anybody: they share the counts that say so.
    silent = {NOT_ASKED: cell.forms}
    cell.codes = dict.fromkeys(version.counted, silent)
    answered: dict[str, int] = {}
    for number, times in counts.items():
        question, codes = version.counts_as[number]
        if not question:
            for name in codes:
                cell.forms_any[name] = cell.forms_any.get(name, 0) + times
            continue
        if question not in answered:
            answered[question], cell.codes[question] = 0, {}
        answered[question] += times
        into = cell.codes[question]
        for code in codes:
            into[code] = into[code] + times if code in into else times
    for question, number in answered.items():
        if number < cell.forms:
            cell.codes[question][NOT_ASKED] = cell.forms - number


def _key(found: Bin, as_of: Week | None) -> CellKey:
    flagged = found.entered.is_flagged(as_of)
    return found.key if found.key.flagged == flagged else replace(found.key, flagged=flagged)
