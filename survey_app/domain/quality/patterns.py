"""A pattern of answers, repeated beyond what comparable counters let expect.

What a counter's forms should look like is taken from comparable counters, tilted to the counter's own level: pattern p
with mean z of s_p is expected in the share q_p·exp(θ·s_p) within the same shape (the questions asked), θ such that the
counter's own mean is met (exponential tilting; Deville & Särndal 1992), times what the counter's own answers to
single questions say (items.py). So a good counter is not suspicious for being good, nor one whose staff are less courteous
for that.
Counts are compared by `excess_chance`; the level is shared out among patterns in proportion to what is expected of them
(weighted Bonferroni).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, sqrt

from survey_app.domain.quality.items import (
    OwnItems,
    PooledItems,
    answers_in,
    item_doubt,
    item_ratio,
)
from survey_app.domain.quality.records import Finding, JudgedForm
from survey_app.domain.quality.ruleset import Patterns, RuleSet
from survey_app.domain.quality.tails import evidence_of, excess_chance

Pattern = tuple[str, str]
_UNSEEN = 0.5
_STEEPEST = 12.0
_STEPS = 16


@dataclass(frozen=True, slots=True)
class PatternCount:
    """One counter's forms by (shape, pattern), and each pattern's mean z."""

    counts: Mapping[Pattern, int]
    scores: Mapping[Pattern, float]

    @property
    def forms(self) -> int:
        """All forms counted."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Repeated:
    """A pattern that is there too often: how often, and how often it was to be expected."""

    pattern: Pattern
    seen: int
    expected: float


def count_patterns(forms: Iterable[JudgedForm]) -> PatternCount:
    """Count one counter's forms."""
    counts: Counter[Pattern] = Counter()
    scores: dict[Pattern, float] = {}
    for form in forms:
        key = (form.shape, form.pattern)
        counts[key] += 1
        scores[key] = form.score
    return PatternCount(counts, scores)


def repeated_patterns(
    own: PatternCount, others: Sequence[PatternCount], rules: Patterns, level: float
) -> list[Repeated]:
    """The counter's patterns that are repeated beyond chance; none with too little to compare."""
    pooled = _pool(others)
    if own.forms < rules.least_forms or len(others) < rules.least_counters or not pooled.forms:
        return []
    others_forms = _Pool(pooled, _levels(pooled), PooledItems(pooled.counts, pooled.scores))
    items = OwnItems(own.counts)
    found = []
    for pattern in sorted(own.counts):
        seen = own.counts[pattern]
        if seen < rules.least_repeats:
            continue
        expectation = Expectation(own, others_forms, pattern)
        expected, doubt = expectation.value(items, rules.items)
        known = pooled.counts.get(pattern, 0) + _UNSEEN
        part = level * known / (pooled.forms + _UNSEEN * len(own.counts))
        evidence = evidence_of([known, *expectation.rests()], sqrt(rules.spread**2 + doubt))
        if excess_chance(seen, expected, evidence) < part:
            found.append(Repeated(pattern, seen, expected))
    return found


def pattern_finding(place: str, found: Sequence[Repeated], rules: RuleSet) -> Finding | None:
    """The counter's finding: how many forms carry repeated patterns, how many were to be expected."""
    if not found:
        return None
    params = {
        "patterns": float(len(found)),
        "forms": float(sum(item.seen for item in found)),
        "expected": round(fsum(item.expected for item in found), 1),
    }
    return Finding(place, "pattern", rules.version, params)


def _pool(others: Sequence[PatternCount]) -> PatternCount:
    counts: Counter[Pattern] = Counter()
    scores: dict[Pattern, float] = {}
    for other in others:
        counts.update(other.counts)
        scores.update(other.scores)
    return PatternCount(counts, scores)


@dataclass(frozen=True, slots=True)
class _Pool:
    """The other counters' forms together."""

    counted: PatternCount
    levels: "Levels"
    items: PooledItems


class Expectation:
    """Expected count of one pattern of a counter, from its other forms and from the other counters.

    The pattern itself is left out of everything it is judged by: thirty forged forms would otherwise bend θ towards themselves.
    """

    def __init__(self, own: PatternCount, pool: _Pool, pattern: Pattern) -> None:
        self._own = {p: n for p, n in own.counts.items() if p != pattern}
        self._scores = own.scores
        self._seen = own.counts[pattern]
        self._known = pool.counted.counts.get(pattern, 0)
        self._pattern = pattern
        self._pool = pool
        self._levels = _without(pool.levels, pool.counted, pattern)
        self._shapes: Counter[str] = Counter()
        for (shape, _), seen in self._own.items():
            self._shapes[shape] += seen

    def value(self, items: OwnItems, spread: float) -> tuple[float, float]:
        """Forms with the pattern to be expected, were the counter like the others but for its level and single questions.

        And the squared cv that the questions leave in it.
        """
        theta = self._solve()
        shape = self._pattern[0]
        level = self._levels.get(shape, {})
        share = (self._known + _UNSEEN) * exp(theta * self._scores[self._pattern])
        rest = _weight(level, theta) or share
        ratio, doubt = self._by_question(items, theta, spread)
        return max(self._shapes[shape], 1) * share / rest * ratio, doubt

    def _by_question(self, items: OwnItems, theta: float, spread: float) -> tuple[float, float]:
        shape = self._pattern[0]
        weights = {
            name: self._shapes[name] / _weight(level, theta) for name, level in self._levels.items()
        }
        left_out = self._known * exp(theta * self._scores[self._pattern]) * weights.get(shape, 0.0)
        ratio, doubt = 1.0, 0.0
        for answer in answers_in(self._pattern):
            expected = self._pool.items.expected(answer, theta, weights) - left_out
            asked = items.asked(answer[0], self._seen)
            ratio *= item_ratio(items.given(answer, self._seen), max(expected, 0.0), spread)
            doubt += item_doubt(max(expected, 0.0), asked, spread)
        return ratio, doubt

    def rests(self) -> tuple[float, float]:
        """Other forms of the pattern's shape, own and pooled: few of them make the expectation unsure."""
        shape = self._pattern[0]
        pooled = sum(self._levels.get(shape, {}).values())
        return max(self._shapes[shape], _UNSEEN), max(pooled, _UNSEEN)

    def _solve(self) -> float:
        """θ by bisection: the tilted mean rises with θ."""
        known = {p: n for p, n in self._own.items() if p[0] in self._levels}
        target = fsum(n * self._scores[p] for p, n in known.items())
        low, high = -_STEEPEST, _STEEPEST
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if self._tilted(middle) < target:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def _tilted(self, theta: float) -> float:
        return fsum(
            self._shapes[shape] * _mean(level, theta) for shape, level in self._levels.items()
        )


Levels = Mapping[str, Mapping[float, int]]


def _levels(pooled: PatternCount) -> Levels:
    """Forms by shape and mean z: all that tilting needs to know of them."""
    levels: dict[str, Counter[float]] = {}
    for pattern, seen in pooled.counts.items():
        levels.setdefault(pattern[0], Counter())[pooled.scores[pattern]] += seen
    return levels


def _without(levels: Levels, pooled: PatternCount, pattern: Pattern) -> Levels:
    seen = pooled.counts.get(pattern, 0)
    if not seen:
        return levels
    shape, score = pattern[0], pooled.scores[pattern]
    rest = {**levels[shape], score: levels[shape][score] - seen}
    left = {z: n for z, n in rest.items() if n}
    others = {name: level for name, level in levels.items() if name != shape}
    return {**others, shape: left} if left else others


def _mean(level: Mapping[float, int], theta: float) -> float:
    weighted = fsum(score * n * exp(theta * score) for score, n in level.items())
    return weighted / _weight(level, theta)


def _weight(level: Mapping[float, int], theta: float) -> float:
    return fsum(n * exp(theta * score) for score, n in level.items())
