"""Point estimates, variances and intervals against values computed by hand."""

from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.estimation import Estimate, Ratio, Term, combine, expit, interval, logit


def one(sums: list[float], answers: list[int], strata: list[str]) -> Estimate:
    return combine(strata, [Term(1.0, Ratio(tuple(sums), tuple(answers)))])


def test_ratio_mean_and_variance_by_hand() -> None:
    # Days with 8 of 10, 6 of 10, 7 of 10: R = 21/30; u = (y - R n)/30 = (1, -1, 0)/30.
    # v = 3/2 * (1 + 1)/900 = 1/300.
    estimate = one([8, 6, 7], [10, 10, 10], ["a"] * 3)
    assert estimate.p == pytest.approx(0.7, rel=1e-14)
    assert estimate.se == pytest.approx(sqrt(1 / 300), rel=1e-12)
    assert (estimate.df, estimate.psus) == (2, 3)


def test_unequal_days_are_linearised() -> None:
    # Days 3 of 4 and 1 of 6: R = 0.4; u = (3 - 1.6)/10 = 0.14, (1 - 2.4)/10 = -0.14.
    # v = 2/1 * (0.14² + 0.14²) = 0.0784.
    estimate = one([3, 1], [4, 6], ["a", "a"])
    assert estimate.p == pytest.approx(0.4, rel=1e-14)
    assert estimate.se == pytest.approx(0.28, rel=1e-12)


def test_strata_add_their_variances() -> None:
    # Two weeks of (8, 6 of 10) and (9, 5 of 10): R = 28/40 = 0.7.
    # u week a: (1, -1)/40, mean 0 → 2 * 2/1600; week b: (2, -2)/40 → 2 * 8/1600.
    estimate = one([8, 6, 9, 5], [10] * 4, ["a", "a", "b", "b"])
    assert estimate.se == pytest.approx(sqrt(20 / 1600), rel=1e-12)
    assert estimate.df == 2


def test_lonely_unit_adds_its_square_around_zero_and_no_degree_of_freedom() -> None:
    # Week a: 8, 6 of 10; week b: one unit, 10 of 10. R = 24/30 = 0.8.
    # a: u = (0, -2)/30, mean -1/30: 2 * (1 + 1)/900 = 4/900; b: u = 2/30: 4/900.
    estimate = one([8, 6, 10], [10] * 3, ["a", "a", "b"])
    assert estimate.se == pytest.approx(sqrt(8 / 900), rel=1e-12)
    assert estimate.df == 1


def test_a_unit_without_an_answer_stays_in_as_zero_but_gives_no_degree_of_freedom() -> None:
    # u = (1, -1, 0)/20 as for two units, but m = 3: 3/2 * 2/400.
    estimate = one([8, 6, 0], [10, 10, 0], ["a"] * 3)
    assert estimate.se == pytest.approx(sqrt(3 / 400), rel=1e-12)
    assert (estimate.df, estimate.psus) == (1, 2)


def test_linear_combination_carries_the_covariance() -> None:
    # Two items that move together: their mean has the variance of either, not half of it.
    same = Ratio((8, 6, 7), (10, 10, 10))
    both = combine(["a"] * 3, [Term(0.5, same), Term(0.5, same)])
    assert both.se == pytest.approx(sqrt(1 / 300), rel=1e-12)
    opposite = Ratio((6, 8, 7), (10, 10, 10))
    assert combine(["a"] * 3, [Term(0.5, same), Term(0.5, opposite)]).se == pytest.approx(0)


def test_logit_t_interval_by_hand() -> None:
    estimate = Estimate(p=0.8, se=0.03, df=4, psus=5)
    half = 2.7764451051977987 * 0.03 / 0.16
    low, high = interval(estimate, 100)
    assert log(low / (1 - low)) == pytest.approx(log(4) - half, rel=1e-10)
    assert log(high / (1 - high)) == pytest.approx(log(4) + half, rel=1e-10)


def test_without_variance_the_interval_is_clopper_pearson_on_the_effective_size() -> None:
    # 60 forms on 5 days, all good: n_eff = 60 / (1 + 11 * 0.05) = 38.71; low = 0.025^(1/n_eff).
    low, high = interval(Estimate(p=1.0, se=0.0, df=4, psus=5), 60)
    assert low == pytest.approx(0.025 ** (1.55 / 60), rel=1e-10)
    assert high == 1.0


def test_equal_days_inside_the_range_still_have_a_width() -> None:
    low, high = interval(Estimate(p=0.5, se=1e-17, df=4, psus=5), 60)
    assert low < 0.4 < 0.6 < high


def test_no_degrees_of_freedom_no_interval() -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        interval(Estimate(p=0.5, se=0.1, df=0, psus=1), 60)


def test_all_dont_know_is_no_figure() -> None:
    with pytest.raises(ZeroDivisionError):
        one([0, 0], [0, 0], ["a", "a"])


def test_one_day_has_a_level_but_no_degree_of_freedom() -> None:
    estimate = one([8], [10], ["a"])
    assert (estimate.p, estimate.df, estimate.psus) == (0.8, 0, 1)


def test_a_share_of_almost_all_gives_an_interval_inside_the_range() -> None:
    # One bad answer among ten thousand: the logit interval is wide and neither overflows nor ends at 1.
    estimate = one([2000, 2000, 1999, 2000, 2000], [2000] * 5, ["a"] * 5)
    low, high = interval(estimate, 10_000)
    assert 0.99 < low < estimate.p < high < 1


@pytest.mark.parametrize("value", [-800.0, -2.0, 0.0, 3.0, 800.0])
def test_expit_does_not_overflow(value: float) -> None:
    assert 0 <= expit(value) <= 1
    assert expit(value) + expit(-value) == pytest.approx(1)


def test_logit_and_expit_are_inverse() -> None:
    assert expit(logit(0.37)) == pytest.approx(0.37, rel=1e-14)


days = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=2, max_size=30)


@given(days)
def test_interval_holds_the_estimate_and_stays_in_the_range(counts: list[tuple[int, int]]) -> None:
    sums = [float(min(good, n)) for good, n in counts]
    answers = [n for _, n in counts]
    estimate = one(sums, answers, ["a"] * len(counts))
    low, high = interval(estimate, sum(answers))
    assert 0 <= low <= estimate.p + 1e-12
    assert estimate.p - 1e-12 <= high <= 1
    assert high > low
