"""What moves a score: derivatives against recomputation, shrinkage by hand, gains that are never negative."""

from collections.abc import Sequence
from random import Random

import pytest

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.counting import CountedForm
from survey_app.domain.drivers import Gain, Level, Place, drivers, gain, shrunken, weights
from survey_app.domain.figures import make_plan
from survey_app.domain.problem import Problem
from survey_app.domain.publication import make_bulletin
from survey_app.domain.weeks import Week
from tests.support.small import (
    BY_GROUP,
    CRITERIA,
    VERSIONS,
    form,
    good_form,
    small_scheme,
    totals,
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


def test_levels_that_differ_no_more_than_chance_shrink_to_one() -> None:
    levels = [Level(0.80, 0.01), Level(0.82, 0.01), Level(0.78, 0.01)]
    assert shrunken(levels) == pytest.approx((0.80, 0.80, 0.80))


def test_shrinkage_by_hand() -> None:
    # w = 1000; Q = 1000 · (0.04 + 0 + 0.04) = 80; τ² = (80 − 2)/(3000 − 1000) = 0.039.
    levels = [Level(0.5, 0.001), Level(0.7, 0.001), Level(0.9, 0.001)]
    kept = 0.039 / 0.040
    assert shrunken(levels) == pytest.approx((0.7 - 0.2 * kept, 0.7, 0.7 + 0.2 * kept))


def place(name: str, share: float, *, forms: int = 8, group: str = "other") -> Place:
    chance = Random(name)
    days = [
        [
            form(
                {
                    "procedure": group,
                    **{q: "yes" if chance.random() < share else "no" for q in CRITERIA},
                }
            )
            for _ in range(forms)
        ]
        for _ in range(10)
    ]
    return Place(name, [(f"w{n // 5}", totals(day)) for n, day in enumerate(days)])


OTHER = (SCHEME.subdimension("5.4"),)


def test_a_weak_place_can_gain_and_the_best_cannot() -> None:
    places = [place("a", 0.5), place("b", 0.9), place("c", 0.8), place("d", 0.85)]
    weak = gain(places[0], places[1:], VERSIONS, PLAN, OTHER)
    assert isinstance(weak, Gain)
    assert 9 * 0.25 < weak.points < 9 * 0.45  # less than the 0.4 between it and the best: shrunken
    assert {reach.group for reach in weak.reaches} == {"other"}
    assert all(reach.comparables == 3 for reach in weak.reaches)
    best = gain(places[1], [places[0], *places[2:]], VERSIONS, PLAN, OTHER)
    assert isinstance(best, Gain)
    assert all(reach.points >= 0 for reach in best.reaches)
    assert best.points < 0.3 * weak.points


def test_fewer_than_three_comparable_places_are_said() -> None:
    few = gain(place("a", 0.5), [place("b", 0.9), place("c", 0.8)], VERSIONS, PLAN, OTHER)
    assert isinstance(few, Problem)
    assert (few.code, few.params["needed"]) == ("drivers.few_comparables", 3)
    thin = [place("b", 0.9), place("c", 0.8), place("d", 0.9, forms=2)]
    assert isinstance(gain(place("a", 0.5), thin, VERSIONS, PLAN, OTHER), Problem)
    elsewhere = [place("b", 0.9), place("c", 0.8), place("d", 0.9, group="land")]
    assert isinstance(gain(place("a", 0.5), elsewhere, VERSIONS, PLAN, OTHER), Problem)


def test_places_that_are_all_perfect_have_nothing_to_gain() -> None:
    places = [place(name, 1.0) for name in "abcd"]
    found = gain(places[0], places[1:], VERSIONS, PLAN, OTHER)
    assert isinstance(found, Gain)
    assert found.points == 0
    assert {reach.best for reach in found.reaches} == {95.0}
