"""Influence of each primary sampling unit (PSU) on a figure: what variances and covariances are made of.

A figure that is a smooth function of totals is linearised (Taylor): u_k is the share of PSU k in
the figure's error, Σ u_k = 0. Sums and differences of figures are sums and differences of their
influences, so every covariance comes by itself (Särndal, Swensson & Wretman 1992, 5.5 and 5.7;
Wolter 2007, ch. 6; Lumley 2010, 2.3).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from operator import itemgetter


@dataclass(frozen=True, slots=True)
class Influence:
    """A figure `value` with, per PSU, its stratum and its u_k; `answered` as `flags` makes it."""

    value: float
    strata: tuple[str, ...]
    values: tuple[float, ...]
    answered: int


def flags(column: Iterable[float]) -> int:
    """Which PSUs have an answer: a number whose byte k is 1 where entry k of `column` is not 0.

    Joined by `|`; its `bit_count()` is the number of PSUs. Which PSUs answered a dozen questions is then a dozen operations.
    """
    return int.from_bytes(bytes(map(bool, column)), "little")


def ratio_influence(
    strata: Sequence[str], sums: Sequence[float], counts: Sequence[float]
) -> Influence:
    """R = Σ y / Σ n with u_k = (y_k − R n_k) / Σ n; `sums` holds y_k, `counts` n_k, weighted or not.

    Raises ZeroDivisionError when nothing was counted (Särndal et al. 1992, 5.6).
    """
    total = fsum(counts)
    mean = fsum(sums) / total
    values = [(y - mean * n) / total for y, n in zip(sums, counts, strict=True)]
    return Influence(mean, tuple(strata), tuple(values), flags(counts))


def combination(parts: Sequence[tuple[float, Influence]]) -> Influence:
    """Σ weight · figure over the same PSUs in the same order; a PSU answered when it did for any."""
    weight, first = parts[0]
    if len(parts) == 1 and weight == 1:
        return first
    if any(part.strata != first.strata for _, part in parts):
        raise ValueError("figures of different sampling units")
    answered = 0
    for _, part in parts:
        answered |= part.answered
    rows = [[weight * u for u in part.values] for weight, part in parts]
    return Influence(
        value=fsum(weight * part.value for weight, part in parts),
        strata=first.strata,
        values=tuple(map(fsum, zip(*rows, strict=True))),
        answered=answered,
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
    return fsum(
        [_stratum_covariance(of(one.values), of(other.values)) for _, of in _groups(one.strata)]
    )


def degrees_of_freedom(strata: Sequence[str], answered: int) -> int:
    """Σ_h (PSUs of stratum h with an answer − 1): R's degf() of the subset that answered."""
    counts = [(answered & members).bit_count() for members, _ in _groups(tuple(strata))]
    return sum(counts) - sum(map(bool, counts))


@lru_cache(maxsize=512)
def _groups(
    strata: tuple[str, ...],
) -> tuple[tuple[int, Callable[[tuple[float, ...]], tuple[float, ...]]], ...]:
    """Of each stratum its PSUs, as `flags` and as what takes them out of a column."""
    places: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        places.setdefault(stratum, []).append(place)
    return tuple(
        (sum(1 << 8 * place for place in listed), _taker(listed)) for listed in places.values()
    )


def _taker(places: Sequence[int]) -> Callable[[tuple[float, ...]], tuple[float, ...]]:
    if len(places) == 1:
        return lambda column: (column[places[0]],)
    return itemgetter(*places)


def _stratum_covariance(us: Sequence[float], vs: Sequence[float]) -> float:
    m = len(us)
    if m == 1:
        return us[0] * vs[0]
    mean_u, mean_v = fsum(us) / m, fsum(vs) / m
    return m / (m - 1) * fsum([(u - mean_u) * (v - mean_v) for u, v in zip(us, vs, strict=True)])
