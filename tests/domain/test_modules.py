"""Shares and completion of rotating modules against R's chisq.test and by hand."""

import pytest

from survey_app.domain.distributions import chi_square_tail
from survey_app.domain.modules import ChiSquare, module_completion, module_shares
from survey_app.domain.problem import Problem
from tests.support.fixtures_r import r_fixture

VALUES = r_fixture("distributions")["values"]


def numbers(found: ChiSquare | Problem) -> list[float]:
    assert isinstance(found, ChiSquare)
    return [found.statistic, found.df, found.p]


def test_shares_equal_r() -> None:
    found = module_shares([61, 70, 55, 58, 77, 49, 63])
    assert numbers(found) == pytest.approx(VALUES["shares"], rel=1e-10)


def test_completion_equals_r() -> None:
    found = module_completion([50, 61, 47, 48, 66, 45, 52], [11, 9, 8, 10, 11, 4, 11])
    assert numbers(found) == pytest.approx(VALUES["finished"], rel=1e-10)


def test_shares_by_hand() -> None:
    # 30 and 10 against 20 each: 100/20 + 100/20.
    found = module_shares([30, 10])
    assert numbers(found) == pytest.approx([10, 1, chi_square_tail(10, 1)])


def test_an_avoided_module_is_seen() -> None:
    found = module_shares([100, 100, 100, 60])
    assert isinstance(found, ChiSquare)
    assert found.p < 0.01


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([], "modules.one_module"),
        ([40], "modules.one_module"),
        ([0, 0, 0], "modules.few_forms"),
        ([4, 5, 5], "modules.few_forms"),
        ([20, -1], "modules.negative_count"),
    ],
)
def test_what_cannot_be_tested_says_why(counts: list[int], code: str) -> None:
    found = module_shares(counts)
    assert isinstance(found, Problem)
    assert found.code == code


def test_completion_needs_both_counts_of_every_module() -> None:
    found = module_completion([50, 50], [10])
    assert isinstance(found, Problem)
    assert found.code == "modules.lengths_differ"


def test_no_start_abandoned_leaves_nothing_to_compare() -> None:
    found = module_completion([50, 50], [0, 0])
    assert isinstance(found, Problem)
    assert found.code == "modules.few_forms"
