"""Where a counter differs from the others question by question, beyond its level.

Staff who are less courteous than elsewhere make every pattern with that answer more frequent: no forger is needed for that. So
the expectation of a pattern is multiplied, answer by answer, by how often the counter's other forms give the answer over how
often the others, tilted to its level, let expect it: one step of raking to the counter's own margins (Deming & Stephan 1940),
drawn towards 1 as far as honest counters differ by `spread` (cv).
"""

from collections import Counter
from collections.abc import Mapping
from math import exp, fsum

Pattern = tuple[str, str]
Answer = tuple[str, str]
Weights = Mapping[str, float]
"""By shape: own forms of it over the tilted weight of the others' forms of it."""


def answers_in(pattern: Pattern) -> list[Answer]:
    """(question, code) of a pattern; shape and pattern are lists of words, in the same order."""
    return list(zip(pattern[0].split(), pattern[1].split(), strict=True))


class PooledItems:
    """How often the others' forms of each shape and mean z give each answer."""

    def __init__(self, counts: Mapping[Pattern, int], scores: Mapping[Pattern, float]) -> None:
        self._cells: dict[Answer, Counter[tuple[str, float]]] = {}
        for pattern, seen in counts.items():
            for answer in answers_in(pattern):
                cells = self._cells.setdefault(answer, Counter())
                cells[pattern[0], scores[pattern]] += seen

    def expected(self, answer: Answer, theta: float, weights: Weights) -> float:
        """How often it was to be expected of the counter's forms."""
        cells: Mapping[tuple[str, float], int] = self._cells.get(answer, {})
        return fsum(
            seen * exp(theta * score) * weights.get(shape, 0.0)
            for (shape, score), seen in cells.items()
        )


class OwnItems:
    """How often the counter's own forms give each answer, and are asked each question."""

    def __init__(self, counts: Mapping[Pattern, int]) -> None:
        self._given: Counter[Answer] = Counter()
        self._asked: Counter[str] = Counter()
        for pattern, seen in counts.items():
            for answer in answers_in(pattern):
                self._given[answer] += seen
                self._asked[answer[0]] += seen

    def given(self, answer: Answer, without: int) -> int:
        """Forms that give the answer, less `without` of them."""
        return self._given[answer] - without

    def asked(self, question: str, without: int) -> int:
        """Forms that were asked the question, less `without` of them."""
        return self._asked[question] - without


def item_ratio(given: int, expected: float, spread: float) -> float:
    """Given over expected, drawn towards 1."""
    prior = 1 / spread**2
    return (given + prior) / (expected + prior)


def item_doubt(expected: float, asked: int, spread: float) -> float:
    """Squared cv that is left in the ratio: the rarer an answer, the larger."""
    share = min(expected / asked, 1.0) if asked else 0.0
    return (1 - share) / (expected + 1 / spread**2)
