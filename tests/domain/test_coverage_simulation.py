"""10,000 simulated publishable windows, a week and a block long: 95 % intervals hold the truth 92 to 97 % of the time.

docs/methodology-simulation.md holds the table of a run ten times as long.
"""

import random

import pytest

from bench.coverage_simulation import CORRELATIONS, SHARED, SHARES, Setting, coverage

WEEKS = (1, 4)
WINDOWS = 139  # × 6 kinds of window × 12 cells = 10,008


@pytest.mark.slow
@pytest.mark.parametrize("shared", SHARED)
@pytest.mark.parametrize("p", SHARES)
def test_intervals_hold_the_truth(shared: float, p: float) -> None:
    rng = random.Random(f"{shared} {p}")
    shares = [
        coverage(Setting(shared, icc, p, weeks), WINDOWS, rng)
        for icc in CORRELATIONS
        for weeks in WEEKS
    ]
    assert 0.92 <= sum(shares) / len(shares) <= 0.97


def test_counter_days_as_sampling_units_would_not() -> None:
    # Counters share their bad days: what docs/methodology says of days as sampling units is seen here to matter.
    setting = Setting(shared=0.5, icc=0.1, p=0.8, by_counter=True)
    assert coverage(setting, 300, random.Random(5)) < 0.9
