"""Ratio means and their linear combinations, with design-based variance and logit-t intervals.

Everything is a share p between 0 and 1 (0 worst, 1 best); ranges are applied afterwards. Primary
sampling units (PSUs) are days of a figure's area, strata are ISO weeks (docs/methodology;
Särndal, Swensson & Wretman 1992, ch. 5; Wolter 2007, ch. 6; Lumley 2010).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from survey_app.domain.distributions import beta_quantile, t_quantile

CONFIDENCE_TAIL = 0.975
DESIGN_CORRELATION = 0.05
_NO_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio mean: per PSU the sum of z values and the number of answers."""

    sums: tuple[float, ...]
    answers: tuple[int, ...]

    @property
    def total(self) -> int:
        """Answers in all PSUs."""
        return sum(self.answers)

    @property
    def mean(self) -> float:
        """Σ z / Σ answers; raises ZeroDivisionError without answers."""
        return fsum(self.sums) / self.total


@dataclass(frozen=True, slots=True)
class Term:
    """One ratio mean with its weight in a linear combination."""

    weight: float
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Estimate:
    """A linear combination: share, standard error, degrees of freedom, PSUs with an answer."""

    p: float
    se: float
    df: int
    psus: int


def combine(strata: Sequence[str], terms: Sequence[Term]) -> Estimate:
    """Σ weight · ratio mean with Taylor-linearised variance between PSUs within strata.

    `strata` names each PSU's stratum. Linearised value of PSU k: u_k = Σ w_i (y_ik − R_i n_ik) /
    N_i. Variance: Σ_h m/(m − 1) Σ (u − ū)², where m counts every PSU of the stratum, also those
    without an answer. A lonely PSU adds u² and no degree of freedom (R survey's "adjust"). df:
    Σ_h (PSUs with an answer − 1).
    """
    parts = [(t.weight / t.ratio.total, t.ratio.mean, t.ratio) for t in terms]
    linearised = [
        fsum(w * (ratio.sums[k] - mean * ratio.answers[k]) for w, mean, ratio in parts)
        for k in range(len(strata))
    ]
    answered = [any(term.ratio.answers[k] for term in terms) for k in range(len(strata))]
    return Estimate(
        p=fsum(t.weight * mean for t, (_, mean, _) in zip(terms, parts, strict=True)),
        se=sqrt(_variance(strata, linearised)),
        df=_degrees_of_freedom(strata, answered),
        psus=sum(answered),
    )


def interval(estimate: Estimate, n: int) -> tuple[float, float]:
    """95 % confidence interval of p: logit-t.

    Without variance: Clopper–Pearson on the effective sample size. Raises ValueError below one degree of freedom. n_eff = n / (1 + (m̄ − 1)·0.05), m̄ forms a PSU
    (Kish 1965, 8.2).
    """
    if estimate.df < 1:
        raise ValueError("no interval without degrees of freedom")
    if estimate.se < _NO_VARIANCE:
        return _clopper_pearson(estimate.p, _effective(n, estimate.psus))
    p = estimate.p
    centre = log(p / (1 - p))
    half = t_quantile(CONFIDENCE_TAIL, estimate.df) * estimate.se / (p * (1 - p))
    return _expit(centre - half), _expit(centre + half)


def _variance(strata: Sequence[str], values: Sequence[float]) -> float:
    groups: dict[str, list[float]] = defaultdict(list)
    for stratum, value in zip(strata, values, strict=True):
        groups[stratum].append(value)
    return fsum(_stratum_variance(group) for group in groups.values())


def _stratum_variance(group: Sequence[float]) -> float:
    m = len(group)
    if m == 1:
        return group[0] ** 2
    mean = fsum(group) / m
    return m / (m - 1) * fsum((value - mean) ** 2 for value in group)


def _degrees_of_freedom(strata: Sequence[str], answered: Sequence[bool]) -> int:
    counts: dict[str, int] = defaultdict(int)
    for stratum, has_answer in zip(strata, answered, strict=True):
        counts[stratum] += has_answer
    return sum(max(count - 1, 0) for count in counts.values())


def _effective(n: int, psus: int) -> float:
    return n / (1 + (n / psus - 1) * DESIGN_CORRELATION)


def _clopper_pearson(p: float, n: float) -> tuple[float, float]:
    x = p * n
    tail = 1 - CONFIDENCE_TAIL
    low = beta_quantile(tail, x, n - x + 1) if x > _NO_VARIANCE else 0.0
    high = beta_quantile(CONFIDENCE_TAIL, x + 1, n - x) if n - x > _NO_VARIANCE else 1.0
    return low, high


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value))
