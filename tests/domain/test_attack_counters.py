"""What is told of counters, attacked by pairs of worlds: alike in all that is told, far apart in what a thin counter holds.

A pair moves forms between counters within a day, so every count of the unit's day, and with them every bulletin, stays
the same; the counters' own gains are computed by the program and compared as they are printed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from survey_app.content.rules import quality_rules
from survey_app.domain import reach
from survey_app.domain.counting import CountedForm
from survey_app.domain.figures import make_plan
from survey_app.domain.reach import Gain, Measured, Place, gain, measure, tellable
from tests.support.small import CRITERIA, VERSIONS, form, small_scheme, totals

SCHEME = small_scheme()
PLAN = make_plan(VERSIONS, SCHEME)
LAND = (SCHEME.subdimension("5.3"),)
DAYS = 20
World = Mapping[str, Sequence[Sequence[CountedForm]]]


def answered(good: int, of: int) -> list[CountedForm]:
    """`of` forms about land, `good` of which meet every criterion and the others none."""
    return [
        form({"procedure": "land", **dict.fromkeys(CRITERIA, "yes" if n < good else "no")})
        for n in range(of)
    ]


def every_day(good: int, of: int) -> list[list[CountedForm]]:
    """Nearly so many good answers each day: one more and one less in turns."""
    return [answered(good + (-1, 0, 0, 1)[day % 4], of) for day in range(DAYS)]


def world(thin: Sequence[tuple[int, int]], rest: Sequence[tuple[int, int]]) -> World:
    """A busy counter, the thin one and the one that is silent for its sake: (good, forms) of each day."""
    return {
        "busy": every_day(6, 10),
        "thin": [answered(*day) for day in thin],
        "rest": [answered(*day) for day in rest],
    }


def measured(places: World) -> list[Measured]:
    """Four weeks of five days."""
    return [
        measure(
            Place(name, [(f"w{n // 5}", totals(day)) for n, day in enumerate(days)]),
            VERSIONS,
            quality_rules(),
        )
        for name, days in places.items()
    ]


NEIGHBOURS = measured(
    {"north": every_day(10, 12), "south": every_day(8, 12), "west": every_day(4, 12)}
)


def told_of(places: World) -> dict[tuple[str, str], tuple[float, float, float, int]]:
    """What the page tells: percent here and at the best, points, number of comparable counters."""
    own = measured(places)
    may_be_told = tellable(own)
    found = {}
    for counter in own:
        one = gain(counter, [*(o for o in own if o is not counter), *NEIGHBOURS], own, PLAN, LAND)
        for each in one.reaches if isinstance(one, Gain) else ():
            if (counter.id, each.group, each.question) in may_be_told:
                said = each.own, each.best, round(each.points, 2), each.comparables
                found[counter.id, each.question] = said
    return found


def days_of_unit(places: World) -> list[Counter[str]]:
    """Each day's forms, whatever the counter: all that figures of the unit are made of."""
    return [
        Counter(repr(one) for forms in day for one in forms)
        for day in zip(*places.values(), strict=True)
    ]


def held(places: World) -> tuple[int, float]:
    """Forms of the thin counter and the mean of their first criterion."""
    forms = [one for day in places["thin"] for one in day]
    return len(forms), sum(one.answers[CRITERIA[0]] == "yes" for one in forms) / len(forms)


def silent(thin: str) -> World:
    """Of each day's three forms at the two silent counters, two of them good, `thin` says which stands at the thin one.

    "y" a good one, "n" a bad one, "-" none.
    """
    stands = {"y": (1, 1), "n": (0, 1), "-": (0, 0)}
    here = [stands[day] for day in thin.ljust(DAYS, "-")]
    return world(here, [(2 - good, 3 - forms) for good, forms in here])


MANY, FEW = silent("yynyynyynyyn"), silent("yynyyn")
GOOD, BAD = silent("yyyyyynn"), silent("yyynnnnn")


@pytest.mark.parametrize(("one", "other"), [(MANY, FEW), (GOOD, BAD)])
def test_worlds_with_another_thin_counter_are_told_alike(one: World, other: World) -> None:
    assert days_of_unit(one) == days_of_unit(other)
    told = told_of(one)
    assert told == told_of(other)
    assert {counter for counter, _ in told} == {"busy"}


def test_they_are_far_apart() -> None:
    assert held(MANY)[0] - held(FEW)[0] >= 5
    assert held(GOOD)[1] - held(BAD)[1] >= 0.3


def test_they_are_told_apart_when_what_is_left_over_may_be_thin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reach, "_is_thin_rest", lambda _numbers, _told: False)
    for one, other in ((MANY, FEW), (GOOD, BAD)):
        assert told_of(one) != told_of(other)


def doubted(flagged: int, good: int) -> World:
    """The same forms, one flagged at the busy counter on each of the first days: so many of the flagged ones good."""

    def day(number: int, forms: Sequence[CountedForm]) -> list[CountedForm]:
        said = "yes" if number < good else "no"
        place = next(n for n, one in enumerate(forms) if one.answers[CRITERIA[0]] == said)
        return [replace(one, flagged=n == place) for n, one in enumerate(forms)]

    days = [day(n, f) if n < flagged else f for n, f in enumerate(MANY["busy"])]
    return {**MANY, "busy": days}


@pytest.mark.parametrize(("flagged", "apart"), [(9, 9), (10, 1), (15, 1)])
def test_how_flagged_forms_at_a_counter_were_answered(flagged: int, apart: int) -> None:
    # Up to nine stay in, and any number of good ones is told alike. From ten on they are left out and beside the unit's
    # own figures that narrows them, as figures with and without flagged forms do for the unit: docs/disclosure says so.
    by_told: dict[str, list[int]] = {}
    for good in range(flagged + 1):
        by_told.setdefault(repr(told_of(doubted(flagged, good))), []).append(good)
    assert max(found[-1] - found[0] for found in by_told.values()) == apart
