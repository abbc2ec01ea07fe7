"""Control charts: limits by hand, the baseline, what they refuse, and how often they err."""

import random
from math import sqrt

import pytest

from survey_app.domain.control import FALSE_ALARM, Chart, Point, control_chart
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import Estimate, expit, logit
from survey_app.domain.problem import Problem


def point(p: float, se: float = 0.02, *, name: str = "2026-W01", df: int = 4) -> Point:
    return Point(name, Estimate(p, se, df, df + 1), 100)


def chart(points: list[Point], kind: str = "week") -> Chart:
    found = control_chart(points, kind)
    assert isinstance(found, Chart)
    return found


def test_limits_by_hand() -> None:
    # s = .02 / .16; of the centre s / √20.
    found = chart([point(0.8)] * 20 + [point(0.7)])
    assert found.centre == pytest.approx(0.8)
    half = t_quantile(0.99865, 4) * sqrt((0.02 / 0.21) ** 2 + (0.02 / 0.16) ** 2 / 20)
    last = found.points[-1]
    assert last.low == pytest.approx(expit(logit(0.8) - half))
    assert last.high == pytest.approx(expit(logit(0.8) + half))


def test_signals_both_ways_and_only_after_the_baseline() -> None:
    points = [point(0.5), *[point(0.8)] * 19, point(0.8), point(0.55), point(0.97, 0.002)]
    signals = [judged.signal for judged in chart(points).points]
    assert signals == [None] * 21 + ["below", "above"]


def test_an_imprecise_point_has_wider_limits_and_no_signal() -> None:
    found = chart([point(0.8)] * 20 + [point(0.6, 0.02, df=20), point(0.6, 0.1, df=20)])
    assert [judged.signal for judged in found.points[-2:]] == ["below", None]


def test_a_perfect_week_is_no_signal_by_itself() -> None:
    found = chart([point(0.95, 0.01)] * 20 + [point(1.0, 0.0)])
    last = found.points[-1]
    assert last.signal is None
    assert 0 < last.low < last.high < 1


@pytest.mark.parametrize(
    ("kind", "expected"), [("week", 0.1404), ("block", 0.0324), ("quarter", 0.0108)]
)
def test_false_alarms_a_year(kind: str, expected: float) -> None:
    assert chart([point(0.8)] * 20, kind).false_alarms == pytest.approx(expected)


def test_nineteen_points_are_too_few() -> None:
    found = control_chart([point(0.8)] * 19, "week")
    assert found == Problem("control.few_points", "", {"points": 19, "needed": 20})


def test_points_without_enough_days_are_refused() -> None:
    found = control_chart([point(0.8)] * 20 + [point(0.8, name="2026-W40", df=3)], "week")
    assert found == Problem("control.few_days", "2026-W40")


def test_false_alarms_are_no_more_frequent_than_stated() -> None:
    """Weeks of five days with a shared day effect and nothing else: 20,000 judged points."""
    rng = random.Random(20261123)
    alarms = judged = 0
    for _ in range(400):
        points = [week(rng) for _ in range(70)]
        signals = [p.signal for p in chart(points).points if not p.in_baseline]
        alarms += sum(signal is not None for signal in signals)
        judged += len(signals)
    assert judged == 20_000
    assert alarms / judged <= FALSE_ALARM


def week(rng: random.Random) -> Point:
    shares = [min(max(rng.gauss(0.8, 0.05), 0), 1) for _ in range(5)]
    mean = sum(shares) / 5
    se = sqrt(sum((share - mean) ** 2 for share in shares) / 20)
    return Point("w", Estimate(mean, se, 4, 5), 100)
