"""The gain within reach: shrinkage and gains by hand, never negative, and silent where counters are thin."""

from random import Random

import pytest

from survey_app.content.rules import quality_rules
from survey_app.domain.counting import CountedForm
from survey_app.domain.figures import make_plan
from survey_app.domain.problem import Problem
from survey_app.domain.reach import (
    Gain,
    Level,
    Measured,
    Place,
    gain,
    measure,
    shrunken,
    tellable,
)
from tests.support.small import CRITERIA, VERSIONS, form, good_form, small_scheme, totals

SCHEME = small_scheme()
PLAN = make_plan(VERSIONS, SCHEME)
OTHER = (SCHEME.subdimension("5.4"),)


def alone(own: Measured, *others: Measured) -> Gain | Problem:
    """The gain of a place's own score."""
    return gain(own, others, (own,), PLAN, OTHER)


def spoken_of(counters: list[Measured]) -> set[tuple[str, str]]:
    """(counter, procedure group) of which each criterion may be told."""
    told = {one for one in tellable(counters) if one[2] in CRITERIA}
    pairs = {(counter, group) for counter, group, _ in told}
    assert told == {(*pair, question) for pair in pairs for question in CRITERIA}
    return pairs


def place(name: str, share: float, *, forms: int = 8, group: str = "other") -> Measured:
    """Ten days of forms that meet each criterion with this chance."""
    chance = Random(name)
    return days(
        name,
        [
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
        ],
    )


def days(name: str, forms: list[list[CountedForm]]) -> Measured:
    """Five days a week."""
    psus = [(f"w{n // 5}", totals(day)) for n, day in enumerate(forms)]
    return measure(Place(name, psus), VERSIONS, quality_rules())


def even(name: str, good: int, *, flagged: bool = False) -> Measured:
    """Two weeks of five days of ten forms: the first criterion met by good − 1, good … good, good + 1 of ten."""

    def day(number: int) -> list[CountedForm]:
        answers = dict.fromkeys(CRITERIA, "yes")
        return [
            form(
                {"procedure": "other", **answers, CRITERIA[0]: "yes" if n < number else "no"},
                flagged=flagged,
            )
            for n in range(10)
        ]

    week = [good - 1, good, good, good, good + 1]
    return days(name, [day(number) for number in week * 2])


def test_levels_that_differ_no_more_than_chance_shrink_to_one() -> None:
    levels = [Level(0.80, 0.01), Level(0.82, 0.01), Level(0.78, 0.01)]
    assert shrunken(levels) == pytest.approx((0.80, 0.80, 0.80))


def test_shrinkage_by_hand() -> None:
    # w = 1000; Q = 1000 · (0.04 + 0 + 0.04) = 80; τ² = (80 − 2)/(3000 − 1000) = 0.039.
    levels = [Level(0.5, 0.001), Level(0.7, 0.001), Level(0.9, 0.001)]
    kept = 0.039 / 0.040
    assert shrunken(levels) == pytest.approx((0.7 - 0.2 * kept, 0.7, 0.7 + 0.2 * kept))


def test_a_gain_by_hand() -> None:
    # Each week u = (−1, 0, 0, 0, 1)/100: v = 2 · 5/4 · 2/10⁴ = 0.0005. Shares 0.5, 0.6, 0.7, 0.8: mean 0.65,
    # Q = 2000 · 0.05 = 100, τ² = (100 − 3)/(8000 − 2000), kept = τ²/(τ² + v) = 0.97. From 0.65 − 0.97 · 0.15 to
    # 0.65 + 0.97 · 0.15 there are 0.291; one of eight criteria of the one sub-dimension shown: 9/8 · 0.291 = 0.327.
    places = [even(name, good) for name, good in zip("abcd", (5, 6, 7, 8), strict=True)]
    found = alone(*places)
    assert isinstance(found, Gain)
    worst = found.reaches[0]
    assert (worst.question, worst.subdimension, worst.group) == (CRITERIA[0], "5.4", "other")
    assert (worst.own, worst.best, worst.comparables) == (50.0, 80.0, 3)
    assert worst.points == pytest.approx(9 / 8 * 0.97 * 0.3)
    assert found.points == 0.33
    # A counter with half of the unit's answers moves the unit by half as much.
    half = gain(places[0], places[1:], places[:2], PLAN, OTHER)
    assert isinstance(half, Gain)
    assert half.points == 0.16
    best = alone(places[3], *places[:3])
    assert isinstance(best, Gain)
    assert best.points == 0


def test_a_weak_place_can_gain_and_the_best_cannot() -> None:
    places = [place("a", 0.5), place("b", 0.9), place("c", 0.8), place("d", 0.85)]
    weak = alone(*places)
    assert isinstance(weak, Gain)
    assert 9 * 0.25 < weak.points < 9 * 0.45  # less than the 0.4 between it and the best: shrunken
    assert {reach.group for reach in weak.reaches} == {"other"}
    assert all(reach.comparables == 3 for reach in weak.reaches)
    best = alone(places[1], places[0], *places[2:])
    assert isinstance(best, Gain)
    assert all(reach.points >= 0 for reach in best.reaches)
    assert best.points < 0.3 * weak.points


def test_fewer_than_three_comparable_places_are_said() -> None:
    few = alone(place("a", 0.5), place("b", 0.9), place("c", 0.8))
    assert isinstance(few, Problem)
    assert (few.code, few.params["needed"]) == ("drivers.few_comparables", 3)
    near = [place("b", 0.9), place("c", 0.8)]
    assert isinstance(alone(place("a", 0.5), *near, place("d", 0.9, forms=2)), Problem)
    assert isinstance(alone(place("a", 0.5), *near, place("d", 0.9, group="land")), Problem)


def test_nobody_learns_from_flagged_forms() -> None:
    near = [even("b", 6), even("c", 7)]
    found = alone(even("a", 5), *near, even("d", 8, flagged=True))
    assert isinstance(found, Problem)
    assert found.code == "drivers.few_comparables"


def test_a_counter_in_doubt_is_silent_and_no_example() -> None:
    forging = [form(good_form().answers, flagged=True)] * 9
    doubtful = days("d", [[good_form()] * 11 + forging] * 10)
    assert doubtful.is_silent
    assert isinstance(alone(even("a", 5), even("b", 6), even("c", 7), doubtful), Problem)
    assert isinstance(alone(doubtful, even("b", 6), even("c", 7), even("a", 5)), Problem)
    assert spoken_of([doubtful, even("a", 5)]) == {("a", "other")}


def test_forms_from_phones_belong_to_no_counter() -> None:
    by_phone = [[form(good_form().answers, channel="code")] * 10] * 10
    online = days("online", by_phone)
    assert online.is_silent
    assert isinstance(alone(even("a", 5), even("b", 6), even("c", 7), online), Problem)
    own = [even("a", 5), online]
    found = gain(
        own[0],
        [even(name, good) for name, good in (("b", 6), ("c", 7), ("d", 8))],
        own,
        PLAN,
        OTHER,
    )
    assert isinstance(found, Gain)
    assert found.points == 0.16  # half of the unit's answers are theirs


def test_places_that_are_all_perfect_have_nothing_to_gain() -> None:
    found = alone(*(place(name, 1.0) for name in "abcd"))
    assert isinstance(found, Gain)
    assert found.points == 0
    assert {reach.best for reach in found.reaches} == {95.0}


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        ([100, 40, 30], "abc"),
        ([100, 40, 0], "ab"),
        ([100, 40, 10], "a"),  # ten would be left over; with b's forty they are fifty
        ([100, 29, 0], ""),
        ([100, 29, 10], "a"),
    ],
)
def test_what_the_counters_told_leave_over_is_not_thin(forms: list[int], told: str) -> None:
    counters = [
        days(name, [[good_form("land")] * number])
        for name, number in zip("abc", forms, strict=True)
    ]
    assert spoken_of(counters) == {(name, "land") for name in told}


def test_answers_that_the_counters_told_leave_over_are_not_thin_either() -> None:
    # Forty forms are left over at b and c, but only five of them answer the last question.
    silent = form({**good_form("land").answers, CRITERIA[-1]: "dont_know"})
    last = [[silent] * 15 + [good_form("land")] * 5, [silent] * 20]
    counters = [days("a", [[good_form("land")] * 100])]
    counters += [days(name, [forms]) for name, forms in zip("bc", last, strict=True)]
    told = {question for _, _, question in tellable(counters)}
    assert told & {*CRITERIA} == {*CRITERIA[:-1]}


@pytest.mark.parametrize(("few", "is_alike"), [(1, True), (9, True), (10, False)])
def test_who_the_few_flagged_forms_are_is_not_read_off(few: int, *, is_alike: bool) -> None:
    def counter(doubted: str) -> Measured:
        """Ten days of five who say yes and five who say no; on each of the first `few` days one is flagged."""
        return days(
            "a",
            [
                [
                    form(
                        {**good_form().answers, CRITERIA[0]: said},
                        flagged=said == doubted and n == 0 and day < few,
                    )
                    for said in ("yes", "no")
                    for n in range(5)
                ]
                for day in range(10)
            ],
        )

    others = [even(name, good) for name, good in zip("bcd", (6, 7, 8), strict=True)]
    found = [alone(counter(answer), *others) for answer in ("yes", "no")]
    assert (found[0] == found[1]) is is_alike
