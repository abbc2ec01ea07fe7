"""Chances of seeing so much: the two tails that the comparing rules use."""

from collections.abc import Sequence
from math import fsum, sqrt
from statistics import fmean, stdev

from survey_app.domain.distributions import regularised_beta


def excess_chance(seen: int, expected: float, evidence: float) -> float:
    """P(X ≥ seen), X negative binomial with mean `expected` and shape `evidence`.

    A Poisson count whose rate is itself uncertain, gamma with shape `evidence` (Gelman et al. 2013, 2.6):
    P(X ≥ x) = I_q(x, shape), q = mean / (mean + shape).
    """
    if seen <= 0:
        return 1.0
    return regularised_beta(expected / (expected + evidence), seen, evidence)


def evidence_of(counts: Sequence[float], spread: float) -> float:
    """Shape of the gamma for a rate worked out from these `counts`, which differs between places by `spread` (cv).

    The squared cvs add up: each count brings 1/count.
    """
    return 1 / (fsum(1 / count for count in counts) + spread**2)


def outlier_chance(own: float, others: Sequence[float], least_spread: float) -> float:
    """P(a further place ≥ own) when all places are alike and normal; needs two others.

    Prediction of one more value: t = (own − mean) / (s·√(1 + 1/k)), k − 1 df (Hahn & Meeker 1991, 4.7). With three others
    that is a wide net: the price of not knowing how much honest counters differ.
    """
    k = len(others)
    spread = max(stdev(others), least_spread)
    t = (own - fmean(others)) / (spread * sqrt(1 + 1 / k))
    upper = regularised_beta((k - 1) / (k - 1 + t * t), (k - 1) / 2, 0.5) / 2
    return upper if t > 0 else 1 - upper
