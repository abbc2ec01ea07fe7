"""What moves a score: derivatives against recomputation."""

from collections.abc import Sequence

import pytest

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.counting import CountedForm
from survey_app.domain.drivers import drivers, weights
from survey_app.domain.figures import make_plan
from survey_app.domain.problem import Problem
from survey_app.domain.publication import make_bulletin
from survey_app.domain.weeks import Week
from tests.support.small import (
    BY_GROUP,
    VERSIONS,
    good_form,
    small_scheme,
    week_counts,
)

WEEK = Week(2026, 47)
SCHEME = small_scheme()
PLAN = make_plan(VERSIONS, SCHEME)
FIVE = SCHEME.dimension("5")


def bulletin_of(days: Sequence[Sequence[CountedForm]]) -> Bulletin:
    return make_bulletin(
        "12103@2025-07-01", WEEK, {WEEK: week_counts(WEEK, days)}, VERSIONS, SCHEME
    )


def uneven_days() -> list[list[CountedForm]]:
    """Ten forms of each group a day; the last criteria are met by fewer."""
    return [
        [good_form(group, yes=8 - (n + day) % 3) for group in BY_GROUP for n in range(10)]
        for day in range(5)
    ]


def test_an_indicators_weight_is_its_part_of_the_dimension() -> None:
    # Eight criteria in each of four sub-dimensions of 2.25 points: 4 · 2.25 / 8.
    assert weights(PLAN, FIVE, FIVE.subdimensions, "criterion_1") == pytest.approx((1.125, 1.125))
    # Over two of four sub-dimensions the dimension is 1 + 9 · mean z, the total only has their ranges.
    assert weights(PLAN, FIVE, FIVE.subdimensions[:2], "criterion_1") == pytest.approx(
        (1.125, 0.5625)
    )


def test_drivers_are_ordered_by_what_is_left_to_gain() -> None:
    found = drivers(PLAN, FIVE, bulletin_of(uneven_days()).figures, {"2026-W47": 5})
    assert not isinstance(found, Problem)
    assert [driver.question for driver in found[:2]] == ["criterion_8", "criterion_7"]
    worst = found[0]
    assert worst.dimension == pytest.approx(0.1125)
    share = worst.item.value
    assert share is not None
    assert worst.room == pytest.approx(1.125 * (1 - share / 100))
    assert worst.days == 100
    assert worst.item.n == 200
    bounded = next(driver for driver in found if driver.question == "criterion_1")
    assert bounded.room is None


def test_a_withheld_dimension_has_no_drivers() -> None:
    figures = bulletin_of([]).figures
    found = drivers(PLAN, FIVE, figures, {})
    assert isinstance(found, Problem)
    assert found.code == "figure.few_forms"
