"""Ratio means and their linear combinations, with design-based variance and logit-t intervals.

Everything is a share p between 0 and 1 (0 worst, 1 best); ranges are applied afterwards. Primary
sampling units (PSUs) are days of a figure's area, strata are ISO weeks (docs/methodology;
Särndal, Swensson & Wretman 1992, ch. 5; Wolter 2007, ch. 6; Lumley 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, fsum, log, sqrt
from typing import Protocol

from survey_app.domain.distributions import beta_quantile, t_quantile
from survey_app.domain.influence import (
    Influence,
    combination,
    covariance,
    degrees_of_freedom,
    flags,
    ratio_influence,
)

CONFIDENCE_TAIL = 0.975
DESIGN_CORRELATION = 0.05
NO_VARIANCE = 1e-12


class RatioMean(Protocol):
    """What a linear combination needs of a mean, weighted or not."""

    @property
    def total(self) -> int:
        """Answers behind it, unweighted."""

    @property
    def answered(self) -> int:
        """The PSUs that have an answer, as `influence.flags` makes it."""

    def influence(self, strata: Sequence[str]) -> Influence:
        """The mean and its influences; raises ZeroDivisionError without answers."""


@dataclass(frozen=True)
class Ratio:
    """A ratio mean: per PSU the sum of z values and the number of answers."""

    sums: tuple[float, ...]
    answers: tuple[int, ...]
    _made: dict[tuple[str, ...], Influence] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def total(self) -> int:
        """Answers in all PSUs."""
        return sum(self.answers)

    @cached_property
    def answered(self) -> int:
        """The PSUs that have an answer."""
        return flags(self.answers)

    @property
    def mean(self) -> float:
        """Σ z / Σ answers; raises ZeroDivisionError without answers."""
        return fsum(self.sums) / self.total

    def influence(self, strata: Sequence[str]) -> Influence:
        """The mean with the influence of each PSU; made once, for item, sub-dimension, dimension and every what-if."""
        key = tuple(strata)
        if key not in self._made:
            self._made[key] = ratio_influence(key, self.sums, self.answers)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class Term:
    """One ratio mean with its weight in a linear combination."""

    weight: float
    ratio: RatioMean


@dataclass(frozen=True, slots=True)
class Estimate:
    """A linear combination: share, standard error, degrees of freedom, PSUs with an answer.

    `influence` is what it was computed from; differences need it.
    """

    p: float
    se: float
    df: int
    psus: int
    influence: Influence | None = field(default=None, repr=False, compare=False)


class _Combined(Estimate):
    """A linear combination whose value and variance are computed when somebody asks.

    The rule for windows looks at the degrees of freedom of dozens of windows, and at nothing else.
    """

    _strata: Sequence[str]
    _terms: Sequence[Term]

    def __init__(self, strata: Sequence[str], terms: Sequence[Term]) -> None:
        if not all(term.ratio.total for term in terms):
            raise ZeroDivisionError("a mean without answers")
        answered = 0
        for term in terms:
            answered |= term.ratio.answered
        object.__setattr__(self, "df", degrees_of_freedom(strata, answered))
        object.__setattr__(self, "psus", answered.bit_count())
        object.__setattr__(self, "_strata", strata)
        object.__setattr__(self, "_terms", terms)

    @cached_property
    def influence(self) -> Influence:
        return combination([(t.weight, t.ratio.influence(self._strata)) for t in self._terms])

    @property
    def p(self) -> float:
        return self.influence.value

    @cached_property
    def se(self) -> float:
        return sqrt(covariance(self.influence, self.influence))


def combine(strata: Sequence[str], terms: Sequence[Term]) -> Estimate:
    """Σ weight · ratio mean with Taylor-linearised variance between PSUs within strata.

    `strata` names each PSU's stratum. Linearised value of PSU k: u_k = Σ w_i (y_ik − R_i n_ik) /
    N_i. Variance: Σ_h m/(m − 1) Σ (u − ū)², where m counts every PSU of the stratum, also those
    without an answer. A lonely PSU adds u² and no degree of freedom (R survey's "adjust"). df:
    Σ_h (PSUs with an answer − 1).
    Raises ZeroDivisionError without answers.
    """
    return _Combined(strata, terms)


def estimate(influence: Influence) -> Estimate:
    """Standard error and degrees of freedom of any linearised figure."""
    return Estimate(
        p=influence.value,
        se=sqrt(covariance(influence, influence)),
        df=degrees_of_freedom(influence.strata, influence.answered),
        psus=influence.answered.bit_count(),
        influence=influence,
    )


def interval(estimate: Estimate, n: int) -> tuple[float, float]:
    """95 % confidence interval of p: logit-t, logit(p) ± t · se / (p(1 − p)).

    Korn & Graubard 1999, 3.3. Without variance: Clopper–Pearson on the effective sample size.
    Raises ValueError below one degree of freedom.
    """
    if estimate.df < 1:
        raise ValueError("no interval without degrees of freedom")
    if estimate.se < NO_VARIANCE:
        return _clopper_pearson(estimate.p, effective_size(n, estimate.psus))
    p = estimate.p
    half = t_quantile(CONFIDENCE_TAIL, estimate.df) * estimate.se / (p * (1 - p))
    return expit(logit(p) - half), expit(logit(p) + half)


def effective_size(n: int, psus: int) -> float:
    """n_eff = n / (1 + (m̄ − 1)·0.05), m̄ = n / psus forms a PSU (Kish 1965, 8.2)."""
    return n / (1 + (n / psus - 1) * DESIGN_CORRELATION)


def logit(p: float) -> float:
    """log(p / (1 − p)) for 0 < p < 1."""
    return log(p / (1 - p))


def expit(value: float) -> float:
    """The inverse of `logit`; does not overflow."""
    if value < 0:
        return exp(value) / (1 + exp(value))
    return 1 / (1 + exp(-value))


def _clopper_pearson(p: float, n: float) -> tuple[float, float]:
    x = p * n
    tail = 1 - CONFIDENCE_TAIL
    low = beta_quantile(tail, x, n - x + 1) if x > NO_VARIANCE else 0.0
    high = beta_quantile(CONFIDENCE_TAIL, x + 1, n - x) if n - x > NO_VARIANCE else 1.0
    return low, high
