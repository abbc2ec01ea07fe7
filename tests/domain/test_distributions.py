"""Quantiles and tails against published and R values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.distributions import (
    beta_quantile,
    chi_square_tail,
    regularised_beta,
    t_quantile,
    t_tail,
)
from tests.support.fixtures_r import r_fixture

R = r_fixture("distributions")["values"]


@pytest.mark.parametrize(("df", "expected"), list(zip(R["qt_df"], R["qt_x"], strict=True)))
def test_t_quantile_equals_r_qt(df: int, expected: float) -> None:
    assert t_quantile(0.975, df) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("q", "a", "b", "expected"),
    list(zip(R["beta_q"], R["beta_a"], R["beta_b"], R["beta_x"], strict=True)),
)
def test_beta_quantile_equals_r_qbeta(q: float, a: float, b: float, expected: float) -> None:
    assert beta_quantile(q, a, b) == pytest.approx(expected, rel=1e-12)


def test_beta_quantile_has_closed_forms() -> None:
    assert beta_quantile(0.3, 1, 1) == pytest.approx(0.3, rel=1e-14)
    # I_x(1, b) = 1 - (1 - x)^b: the upper bound of Clopper-Pearson for no success in 30.
    assert beta_quantile(0.975, 1, 30) == pytest.approx(1 - 0.025 ** (1 / 30), rel=1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.5, 200), st.floats(0.5, 200))
def test_quantile_inverts_the_distribution(p: float, a: float, b: float) -> None:
    x = beta_quantile(p, a, b)
    below, above = max(x - 1e-12, 0.0), min(x + 1e-12, 1.0)
    assert regularised_beta(below, a, b) <= p + 1e-9
    assert regularised_beta(above, a, b) >= p - 1e-9


@pytest.mark.parametrize(
    ("x", "df", "expected"), list(zip(R["chi_x"], R["chi_df"], R["chi_tail"], strict=True))
)
def test_chi_square_tail_equals_r_pchisq(x: float, df: int, expected: float) -> None:
    assert chi_square_tail(x, df) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("t", "df", "expected"), list(zip(R["t_x"], R["t_df"], R["t_tail"], strict=True))
)
def test_t_tail_equals_r_pt(t: float, df: int, expected: float) -> None:
    assert t_tail(t, df) == pytest.approx(expected, rel=1e-10)


def test_no_square_is_certain() -> None:
    assert chi_square_tail(0, 3) == 1.0
