"""Control chart of a score on non-overlapping windows: which point is outside what its days explain.

Shewhart limits with each point's own standard error (Montgomery 2013, 7.3; Student's t for the few
days behind a point), on the logit scale on which intervals are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, hypot, log, sqrt
from typing import Literal

from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import NO_VARIANCE, Estimate, effective_size, expit, logit
from survey_app.domain.problem import Problem

BASELINE = 20
FALSE_ALARM = 0.0027
POINTS_A_YEAR = {"week": 52, "block": 12, "quarter": 4}
Signal = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Point:
    """One published window: `window` as text, its estimate and the answers behind it."""

    window: str
    estimate: Estimate
    n: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A point with its limits (shares of the range); `signal` None: within them, or in the baseline."""

    window: str
    p: float
    low: float
    high: float
    in_baseline: bool
    signal: Signal | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Centre line, every point with its limits, and how many false alarms a year to expect."""

    centre: float
    points: tuple[Judged, ...]
    false_alarms: float


def control_chart(points: Sequence[Point], kind: str) -> Chart | Problem:
    """A chart of windows of one `kind`, oldest first, without overlap; a Problem below 20 points.

    The first 20 points are the baseline: their mean logit is the centre and they are not judged. A
    later point signals outside logit⁻¹(centre ± t_{1 − 0.00135, df} · √(s² + s_c²)), where s is the
    point's standard error and s_c the centre's, both as logits. Expected false alarms: 0.0027 times the
    points of a year, as long as weeks differ no more than their days explain.
    """
    if len(points) < BASELINE:
        return Problem("control.few_points", "", {"points": len(points), "needed": BASELINE})
    thin = [point.window for point in points if point.estimate.df < 4]
    if thin:
        return Problem("control.few_days", thin[0])
    logits = [_as_logit(point) for point in points]
    centre = fsum(value for value, _ in logits[:BASELINE]) / BASELINE
    error = sqrt(fsum(se**2 for _, se in logits[:BASELINE])) / BASELINE
    judged = [
        _judge(point, value, (centre, hypot(se, error)), in_baseline=position < BASELINE)
        for position, (point, (value, se)) in enumerate(zip(points, logits, strict=True))
    ]
    return Chart(expit(centre), tuple(judged), FALSE_ALARM * POINTS_A_YEAR[kind])


def _judge(point: Point, value: float, line: tuple[float, float], *, in_baseline: bool) -> Judged:
    centre, error = line
    half = t_quantile(1 - FALSE_ALARM / 2, point.estimate.df) * error
    signal: Signal | None = None
    if not in_baseline and abs(value - centre) > half:
        signal = "above" if value > centre else "below"
    low, high = expit(centre - half), expit(centre + half)
    return Judged(point.window, point.estimate.p, low, high, in_baseline, signal)


def _as_logit(point: Point) -> tuple[float, float]:
    """The point's logit and its standard error.

    Without variance the empirical logit of the effective counts, log((x + ½)/(m − x + ½)) with
    variance 1/(x + ½) + 1/(m − x + ½) (Haldane 1956; Cox & Snell 1989, 2.1.6).
    """
    p, se = point.estimate.p, point.estimate.se
    if se >= NO_VARIANCE:
        return logit(p), se / (p * (1 - p))
    m = effective_size(point.n, point.estimate.psus)
    good, bad = p * m + 0.5, (1 - p) * m + 0.5
    return log(good / bad), sqrt(1 / good + 1 / bad)
