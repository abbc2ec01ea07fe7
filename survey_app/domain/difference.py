"""Differences of two figures: interval, test and the smallest difference that could have been seen.

Never by comparing two intervals: the standard error is that of the per-PSU differences
(docs/methodology, change). Student's t with the df of all PSUs involved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from survey_app.domain.distributions import t_quantile, t_tail
from survey_app.domain.estimation import CONFIDENCE_TAIL, NO_VARIANCE, Estimate, estimate, interval
from survey_app.domain.influence import Influence, paired_difference
from survey_app.domain.problem import Problem

POWER = 0.80
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """Later minus earlier, in shares of the figure's range; `p`: of no difference, two-sided."""

    value: float
    se: float
    df: int

    @property
    def interval(self) -> tuple[float, float]:
        """95 %: value ± t · se, within −1 to 1."""
        half = t_quantile(CONFIDENCE_TAIL, self.df) * self.se
        return max(self.value - half, -1.0), min(self.value + half, 1.0)

    @property
    def p(self) -> float:
        """P(|T| ≥ |value| / se)."""
        return t_tail(self.value / self.se, self.df)


def between_windows(after: Estimate, before: Estimate, n: tuple[int, int]) -> Difference:
    """The difference of figures that share no PSU (windows, units); `n`: answers behind each.

    A side without variance counts with the half-width of its Clopper–Pearson interval over t, so
    that no difference is certain. Raises ValueError when a side has no degree of freedom.
    """
    value = _linearised(after).value - _linearised(before).value
    sides = zip((after, before), n, strict=True)
    blind = [_assumed_error(side, count) for side, count in sides if side.se < NO_VARIANCE]
    # Nothing in common, so the variances add, and the degrees of freedom.
    return Difference(value, hypot(after.se, before.se, *blind), after.df + before.df)


def within_window(after: Estimate, before: Estimate) -> Difference | Problem:
    """The difference of figures from the same PSUs, such as with and without flagged forms."""
    joined = estimate(paired_difference(_linearised(after), _linearised(before)))
    if joined.df < 1:
        return Problem("change.few_days", "", {"df": joined.df, "needed": 4})
    if joined.se < NO_VARIANCE:
        return Problem("change.no_variance")
    return Difference(joined.p, joined.se, joined.df)


def smallest_detectable(se: float, df: int, family: int = 1) -> float:
    """The true difference found with 80 % probability at 5 % for a whole family of tests.

    (t_{1 − α/2} + t_{0.8}) · se with α = 5 % / family, what Holm's first step asks for (Bloom 1995).
    """
    return (t_quantile(1 - LEVEL / family / 2, df) + t_quantile(POWER, df)) * se


def holm(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p-values: the family holds 5 % error when those ≤ 0.05 are called (Holm 1979).

    p̃_(i) = max_{j ≤ i} min(1, (m − j + 1) p_(j)).
    """
    adjusted: dict[str, float] = {}
    largest = 0.0
    ordered = sorted(probabilities.items(), key=lambda item: (item[1], item[0]))
    for position, (key, p) in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - position) * p))
        adjusted[key] = largest
    return {key: adjusted[key] for key in probabilities}


def _linearised(side: Estimate) -> Influence:
    if side.influence is None:
        raise ValueError("an estimate without influences has no covariance with anything")
    return side.influence


def _assumed_error(side: Estimate, n: int) -> float:
    low, high = interval(side, n)
    return (high - low) / 2 / t_quantile(CONFIDENCE_TAIL, side.df)
