"""The bound beside a headline: what it would be if those without a form were less content."""

import pytest

from survey_app.domain.problem import Problem
from survey_app.domain.sensitivity import Sensitivity, if_others_are_lower


def test_worked_example_of_the_methodology() -> None:
    # 300 of 1,200 citizens answered: 7.60 − 0.75 · 0.9 = 6.925.
    found = if_others_are_lower(7.60, 1, 10, forms=300, dossiers=1200)
    assert found == Sensitivity(value=6.92, coverage=25.0, drop=10.0)


def test_with_everybody_in_nothing_is_lowered() -> None:
    assert if_others_are_lower(80.0, 0, 100, forms=50, dossiers=50) == Sensitivity(80.0, 100.0, 10)


def test_a_share_never_falls_below_its_range() -> None:
    found = if_others_are_lower(3.0, 0, 100, forms=1, dossiers=1000)
    assert isinstance(found, Sensitivity)
    assert found.value == 0.0


@pytest.mark.parametrize(
    ("forms", "dossiers", "code"),
    [
        (10, 0, "sensitivity.no_dossiers"),
        (0, 10, "sensitivity.no_forms"),
        (11, 10, "sensitivity.more_forms_than_dossiers"),
    ],
)
def test_says_why_it_cannot_be_said(forms: int, dossiers: int, code: str) -> None:
    found = if_others_are_lower(5.0, 1, 10, forms=forms, dossiers=dossiers)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_figure_outside_its_range_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="11"):
        if_others_are_lower(11.0, 1, 10, forms=1, dossiers=2)
