"""The numbers printed in docs/methodology.md are those the program computes."""

from pathlib import Path

import pytest

from survey_app.domain.control import FALSE_ALARM, POINTS_A_YEAR
from survey_app.domain.difference import between_windows, holm, smallest_detectable
from survey_app.domain.estimation import Estimate, Ratio, Term, combine, effective_size, interval
from survey_app.domain.modules import ChiSquare, module_shares
from survey_app.domain.quality.tails import evidence_of, excess_chance
from tests.domain.test_coverage import PUBLISHED
from tests.support.small import small_scheme

TEXT = (Path(__file__).parents[2] / "docs" / "methodology.md").read_text(encoding="utf-8")


def week(*good: float, n: int = 10) -> Estimate:
    return combine(["a"] * len(good), [Term(1.0, Ratio(good, (n,) * len(good)))])


EARLY, LATE = week(8, 6, 7, 9, 5), week(9, 8, 9, 10, 8)


def test_sub_dimension() -> None:
    shares = [0.92, 0.85, 0.95, 0.97, 0.80, 0.88, 0.79, 0.90]
    sub = small_scheme().subdimension("5.4")
    score = sub.low + (sub.high - sub.low) * sum(shares) / len(shares)
    assert score == pytest.approx(2.235625)
    assert f"**{score:.4f}**" in TEXT


def test_standard_error_and_intervals() -> None:
    assert f"SE = **{EARLY.se:.4f}**; df = {EARLY.df}" in TEXT
    low, high = interval(EARLY, 50)
    assert f"**{low:.3f}** – **{high:.3f}**" in TEXT
    low, high = interval(week(12, 12, 12, 12, 12, n=12), 60)
    assert f"n_eff = {effective_size(60, 5):.2f}, **{low:.3f}** – {high:.0f}" in TEXT


def test_coverage_table() -> None:
    for level, percents in PUBLISHED.items():
        assert f"| {level:.2f} | {' | '.join(map(str, percents))} |" in TEXT


def test_weights() -> None:
    assert f"**{(28 / 30 + 3 * 8 / 20) / 4:.4f}**" in TEXT


def test_modules() -> None:
    found = module_shares([61, 70, 55, 58, 77, 49, 63])
    assert isinstance(found, ChiSquare)
    assert f"χ² = **{found.statistic:.2f}**, df = {found.df}, p = **{found.p:.3f}**" in TEXT


def test_change() -> None:
    found = between_windows(LATE, EARLY, (50, 50))
    low, high = (f"{bound:.3f}".replace("-", "−") for bound in found.interval)
    assert f"**{low}** – **{high}**, p = **{found.p:.3f}**" in TEXT
    assert f"MDC (m = 1) = **{smallest_detectable(found.se, found.df):.3f}**" in TEXT


def test_family() -> None:
    adjusted = holm({"1": 0.004, "2": 0.02, "3": 0.03, "4": 0.2})
    assert f"**{', '.join(f'{p:g}' for p in adjusted.values())}**" in TEXT


def test_false_alarms() -> None:
    for kind in ("week", "block", "quarter"):
        assert f"**{FALSE_ALARM * POINTS_A_YEAR[kind]:.2f}**" in TEXT


def test_same_citizen() -> None:
    expected = 60 * 20 / 220
    evidence = evidence_of([60, 20, 220, 40], 0.2)
    assert f"E = **{expected:.2f}**" in TEXT
    assert f"P = **{excess_chance(12, expected, evidence):.3f}**" in TEXT
    assert f"P = **{excess_chance(30, expected, evidence):.1e}**" in TEXT
