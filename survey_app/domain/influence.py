"""Influence of each primary sampling unit (PSU) on a figure: what variances and covariances are made of.

A figure that is a smooth function of totals is linearised (Taylor): u_k is the share of PSU k in
the figure's error, Σ u_k = 0. Sums and differences of figures are sums and differences of their
influences, so every covariance comes by itself (Särndal, Swensson & Wretman 1992, 5.5 and 5.7;
Wolter 2007, ch. 6; Lumley 2010, 2.3).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class Influence:
    """A figure `value` with, per PSU, its stratum, its u_k and whether it has an answer to the figure."""

    value: float
    strata: tuple[str, ...]
    values: tuple[float, ...]
    answered: tuple[bool, ...]


def ratio_influence(
    strata: Sequence[str], sums: Sequence[float], counts: Sequence[float]
) -> Influence:
    """R = Σ y / Σ n with u_k = (y_k − R n_k) / Σ n; `sums` holds y_k, `counts` n_k, weighted or not.

    Raises ZeroDivisionError when nothing was counted (Särndal et al. 1992, 5.6).
    """
    total = fsum(counts)
    mean = fsum(sums) / total
    values = [(y - mean * n) / total for y, n in zip(sums, counts, strict=True)]
    return Influence(mean, tuple(strata), tuple(values), tuple([n > 0 for n in counts]))


def combination(parts: Sequence[tuple[float, Influence]]) -> Influence:
    """Σ weight · figure over the same PSUs in the same order; a PSU answered when it did for any."""
    strata = parts[0][1].strata
    if any(part.strata != strata for _, part in parts):
        raise ValueError("figures of different sampling units")
    columns = zip(*(part.values for _, part in parts), strict=True)
    weights = [weight for weight, _ in parts]
    return Influence(
        value=fsum(weight * part.value for weight, part in parts),
        strata=strata,
        values=tuple(
            [fsum([w * u for w, u in zip(weights, column, strict=True)]) for column in columns]
        ),
        answered=tuple(map(any, zip(*(part.answered for _, part in parts), strict=True))),
    )


def paired_difference(after: Influence, before: Influence) -> Influence:
    """The later figure minus the earlier one, same PSUs (with and without flagged, an area and its part).

    Var = Var(after) + Var(before) − 2 Cov, exactly, because it is taken of the per-PSU differences.
    """
    return combination([(1.0, after), (-1.0, before)])


def covariance(one: Influence, other: Influence) -> float:
    """Design covariance of two figures from the same PSUs; of a figure with itself its variance.

    Σ_h m/(m − 1) Σ_k (u_k − ū)(v_k − v̄), where m counts every PSU of stratum h, also those without
    an answer. A lonely PSU adds u·v: deviations from zero, which is the mean of all u (R survey's
    `survey.lonely.psu = "adjust"`).
    """
    if one.strata != other.strata:
        raise ValueError("figures of different sampling units")
    groups: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for stratum, u, v in zip(one.strata, one.values, other.values, strict=True):
        us, vs = groups[stratum]
        us.append(u)
        vs.append(v)
    return fsum([_stratum_covariance(us, vs) for us, vs in groups.values()])


def degrees_of_freedom(strata: Sequence[str], answered: Sequence[bool]) -> int:
    """Σ_h (PSUs of stratum h with an answer − 1): R's degf() of the subset that answered."""
    counts: dict[str, int] = defaultdict(int)
    for stratum, has_answer in zip(strata, answered, strict=True):
        counts[stratum] += has_answer
    return sum(max(count - 1, 0) for count in counts.values())


def _stratum_covariance(us: Sequence[float], vs: Sequence[float]) -> float:
    m = len(us)
    if m == 1:
        return us[0] * vs[0]
    mean_u, mean_v = fsum(us) / m, fsum(vs) / m
    return m / (m - 1) * fsum([(u - mean_u) * (v - mean_v) for u, v in zip(us, vs, strict=True)])
