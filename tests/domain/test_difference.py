"""Differences: variances that add or cancel, certainty that is refused, Holm, what could be seen."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.difference import (
    Difference,
    between_windows,
    holm,
    smallest_detectable,
    within_window,
)
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import Estimate, Ratio, Term, combine, interval
from survey_app.domain.influence import combination, covariance, paired_difference
from survey_app.domain.problem import Problem
from tests.support.fixtures_r import r_fixture


def share(sums: list[float], n: int = 10) -> Estimate:
    size = len(sums)
    return combine(["a"] * size, [Term(1.0, Ratio(tuple(sums), (n,) * size))])


DAYS = [8.0, 6.0, 7.0, 9.0, 5.0]  # of ten: mean .7, u = (1, -1, 0, 2, -2)/50, v = 5/4 * 10/2500


def test_variances_of_two_windows_add() -> None:
    # v of each window 1/200; the strata of the two sides stay apart although both are called "a".
    found = between_windows(share(DAYS), share([d - 1 for d in DAYS]), (50, 50))
    assert found.value == pytest.approx(0.1)
    assert found.se == pytest.approx(sqrt(2 / 200))
    assert found.df == 8


def test_common_days_cancel() -> None:
    # The same days with one answer less on the first: only that day differs.
    found = within_window(share([9.0, *DAYS[1:]]), share(DAYS))
    assert isinstance(found, Difference)
    # u differences: (1 - .02 * 10, -.2, -.2, -.2, -.2)/50; v = 5/4 * .8/2500.
    assert found.se == pytest.approx(sqrt(5 / 4 * 0.8 / 2500))
    assert found.df == 4


def test_variance_of_a_difference_is_both_less_twice_the_covariance() -> None:
    one, other = (share(days).influence for days in (DAYS, [9.0, 7.0, 7.0, 8.0, 6.0]))
    assert one is not None
    assert other is not None
    apart = covariance(one, one) + covariance(other, other) - 2 * covariance(one, other)
    joint = paired_difference(one, other)
    assert covariance(joint, joint) == pytest.approx(apart, rel=1e-12)


def test_figures_of_different_days_have_no_covariance() -> None:
    one, other = share(DAYS).influence, share(DAYS[:4]).influence
    assert one is not None
    assert other is not None
    with pytest.raises(ValueError, match="sampling units"):
        covariance(one, other)
    with pytest.raises(ValueError, match="sampling units"):
        combination([(1.0, one), (1.0, other)])


def test_a_side_without_variance_is_not_certain() -> None:
    perfect = share([10.0] * 5)
    low, _ = interval(perfect, 50)
    found = between_windows(perfect, share(DAYS), (50, 50))
    assumed = (1 - low) / 2 / t_quantile(0.975, 4)
    assert found.se == pytest.approx(sqrt(1 / 200 + assumed**2))


def test_identical_answers_in_both_windows_still_have_a_width() -> None:
    found = between_windows(share([10.0] * 5), share([10.0] * 5), (50, 50))
    low, high = found.interval
    assert found.value == 0
    assert low < -0.05 < 0.05 < high
    assert found.p == pytest.approx(1)


def test_no_flagged_form_no_difference() -> None:
    found = within_window(share(DAYS), share(DAYS))
    assert isinstance(found, Problem)
    assert found.code == "change.no_variance"


def test_one_day_no_difference() -> None:
    found = within_window(share([8.0]), share([7.0]))
    assert isinstance(found, Problem)
    assert found.code == "change.few_days"


def test_one_day_is_no_side_of_a_comparison() -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        between_windows(share([10.0]), share(DAYS), (10, 50))


def test_an_estimate_from_elsewhere_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="influences"):
        between_windows(Estimate(0.5, 0.1, 4, 5), share(DAYS), (50, 50))


def test_interval_and_probability_agree() -> None:
    edge = Difference(value=t_quantile(0.975, 8) * 0.04, se=0.04, df=8)
    assert edge.interval[0] == pytest.approx(0, abs=1e-12)
    assert edge.p == pytest.approx(0.05, rel=1e-9)


def test_interval_stays_in_the_range() -> None:
    assert Difference(value=0.9, se=0.3, df=4).interval[1] == 1.0


def test_smallest_detectable_by_hand() -> None:
    # df 8: t(.975) = 2.306004, t(.8) = 0.888890.
    assert smallest_detectable(0.04, 8) == pytest.approx(0.04 * (2.306004135 + 0.8888895), rel=1e-7)


def test_a_family_needs_larger_changes() -> None:
    assert smallest_detectable(0.04, 8, family=8) > smallest_detectable(0.04, 8) * 1.3


def test_holm_equals_r() -> None:
    values = r_fixture("distributions")["values"]
    given_p = {str(n): p for n, p in enumerate(values["p"])}
    assert list(holm(given_p).values()) == pytest.approx(values["holm"], rel=1e-12)


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=12))
def test_holm_never_lowers_and_keeps_the_order(probabilities: dict[str, float]) -> None:
    adjusted = holm(probabilities)
    assert list(adjusted) == list(probabilities)
    for one, p in probabilities.items():
        assert p <= adjusted[one] <= 1
        assert all(adjusted[one] <= adjusted[b] for b, q in probabilities.items() if p < q)
