"""The same made-up citizen again and again: one pattern of answers, always with the same procedure, age and sex.

True citizens who answer alike still come for different things and differ in age and sex. Pattern p and person w are expected
together as often as if they were independent, times the association that comparable counters show between them (a certificate
goes more smoothly than a land file everywhere). The cell itself is left out of what it is judged by (quasi-independence;
Agresti 2013, 11.4). Nothing here depends on how common p is: so it finds the modal pattern too, as long as the forger
does not vary the person as the counter's true citizens do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.quality.records import Finding, JudgedForm
from survey_app.domain.quality.ruleset import Citizens, RuleSet
from survey_app.domain.quality.tails import evidence_of, excess_chance

Pattern = tuple[str, str]
Cell = tuple[Pattern, str]
_UNSEEN = 0.5


@dataclass(frozen=True, slots=True)
class CitizenCount:
    """One counter's forms by pattern and person."""

    counts: Counter[Cell]

    @property
    def forms(self) -> int:
        """All forms counted."""
        return self.counts.total()


@dataclass(frozen=True, slots=True)
class SameCitizen:
    """A citizen who is there too often: how often, and how often she was to be expected."""

    cell: Cell
    seen: int
    expected: float


def count_citizens(forms: Iterable[JudgedForm]) -> CitizenCount:
    """Count one counter's forms."""
    return CitizenCount(Counter(((form.shape, form.pattern), form.who) for form in forms))


def same_citizens(
    own: CitizenCount, others: Sequence[CitizenCount], rules: Citizens, level: float
) -> list[SameCitizen]:
    """The counter's cells that are repeated beyond chance; none with too little to compare."""
    if own.forms < rules.least_forms or len(others) < rules.least_counters:
        return []
    table, pooled = _Table(own.counts), _Table(_sum(others))
    return list(_repeated(table, pooled, rules, level))


def citizen_finding(place: str, found: Sequence[SameCitizen], rules: RuleSet) -> Finding | None:
    """The counter's finding: how many forms tell of the same few citizens, how many were to be expected."""
    if not found:
        return None
    params = {
        "citizens": float(len(found)),
        "forms": float(sum(item.seen for item in found)),
        "expected": round(fsum(item.expected for item in found), 1),
    }
    return Finding(place, "same_citizen", rules.version, params)


def _repeated(
    own: "_Table", pooled: "_Table", rules: Citizens, level: float
) -> Iterator[SameCitizen]:
    for cell, seen in sorted(own.cells.items()):
        if seen < rules.least_repeats:
            continue
        rests = own.rests(cell)
        association, known = pooled.association(cell, rules.association)
        expected = rests[0] * rests[1] / rests[2] * association
        chance = excess_chance(seen, expected, evidence_of([*rests, known], rules.spread))
        if chance < level * pooled.part(cell):
            yield SameCitizen(cell, seen, expected)


class _Table:
    """Counts of cells with their margins."""

    def __init__(self, cells: Counter[Cell]) -> None:
        self.cells = cells
        self._total = cells.total()
        self._patterns: Counter[Pattern] = Counter()
        self._persons: Counter[str] = Counter()
        for (pattern, who), seen in cells.items():
            self._patterns[pattern] += seen
            self._persons[who] += seen

    def rests(self, cell: Cell) -> tuple[float, float, float]:
        """Forms of the cell's pattern with other persons, of its person with other patterns, and with neither."""
        pattern, who = cell
        seen = self.cells[cell]
        alike, same = self._patterns[pattern] - seen, self._persons[who] - seen
        neither = self._total - seen - alike - same
        return max(alike, _UNSEEN), max(same, _UNSEEN), max(neither, _UNSEEN)

    def association(self, cell: Cell, spread: float) -> tuple[float, float]:
        """Seen over independent, drawn towards 1 as far as cells differ by `spread` (cv); and its evidence."""
        expected = self._independent(cell)
        prior = 1 / spread**2
        return (self.cells[cell] + prior) / (expected + prior), expected + prior

    def part(self, cell: Cell) -> float:
        """The cell's part of the level: its share of all forms, were pattern and person independent."""
        return self._independent(cell) / (self._total + 1)

    def _independent(self, cell: Cell) -> float:
        pattern, who = cell
        product = (self._patterns[pattern] + _UNSEEN) * (self._persons[who] + _UNSEEN)
        return product / (self._total + 1)


def _sum(others: Sequence[CitizenCount]) -> Counter[Cell]:
    total: Counter[Cell] = Counter()
    for other in others:
        total.update(other.counts)
    return total
