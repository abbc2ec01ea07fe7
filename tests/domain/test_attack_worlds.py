"""The attack with everything that is printed, standard errors, intervals, df and reasons too: worlds published alike.

For each hidden count and mean, two sets of forms that differ in it as much as the bounds ask and are published alike to the
last digit: whatever an attacker computes from what is published, linear or not, is the same in both (docs/disclosure).
"""

from collections.abc import Sequence
from math import ceil

import pytest

from survey_app.domain import suppression
from survey_app.domain.bulletin import Change
from survey_app.domain.comparison import read_window
from survey_app.domain.disclosure import HIDDEN_WIDTH
from survey_app.domain.figures import make_plan
from survey_app.domain.problem import Problem
from survey_app.domain.sums import tally_window
from survey_app.domain.suppression import HIDDEN_MEAN
from survey_app.domain.weeks import Week
from survey_app.domain.whatif import what_if
from tests.support.offices import (
    OFFICES,
    USUAL,
    Days,
    Office,
    counts_of,
    hidden_groups,
    published,
    quarter_of,
    true_count,
    weeks_of,
)
from tests.support.small import BY_GROUP, CRITERIA, VERSIONS, form, small_scheme
from tests.support.worlds import Worlds, mean

pytestmark = pytest.mark.slow
HIDING = [name for name in OFFICES if name != "a quiet week"]


def hidden_in(name: str) -> list[str]:
    _, made, bulletins = quarter_of(name)
    return hidden_groups(bulletins[-1], made)


def what_ifs(weeks: Sequence[Week], made: Sequence[Days]) -> list[float | Problem]:
    """What the last page says the score would be, were an item ten points better, or perfect."""
    last, scheme = published(weeks, made)[-1], small_scheme()
    tallied = tally_window(read_window(last.figures["5"].window), counts_of(weeks, made), VERSIONS)
    plan = make_plan(VERSIONS, scheme)
    asked = [(q, last.figures[f"item.{q}"].value or 0.0) for q in CRITERIA]
    found = [
        what_if(tallied, plan, scheme.dimension("5"), last.figures, q, share)
        for q, now in asked
        for share in (min(now + 10, 100.0), 100.0)
    ]
    return [one if isinstance(one, Problem) else one.change for one in found]


CASES = [(name, group) for name in HIDING for group in hidden_in(name)]


@pytest.mark.parametrize(("name", "group"), CASES)
def test_two_worlds_published_alike_differ_in_a_hidden_count(name: str, group: str) -> None:
    weeks, made, bulletins = quarter_of(name)
    worlds = Worlds(weeks, made, bulletins, group)
    few, many = worlds.counted(most=False), worlds.counted(most=True)
    assert published(weeks, few) == published(weeks, many) == bulletins
    assert what_ifs(weeks, few) == what_ifs(weeks, many) == what_ifs(weeks, made)
    assert true_count(many, group) - true_count(few, group) >= HIDDEN_WIDTH


@pytest.mark.parametrize(("name", "group"), CASES)
def test_two_worlds_published_alike_differ_in_a_hidden_mean(name: str, group: str) -> None:
    weeks, made, bulletins = quarter_of(name)
    worlds = Worlds(weeks, made, bulletins, group)
    bad, good = worlds.alone(best=False), worlds.alone(best=True)
    assert published(weeks, bad) == published(weeks, good) == bulletins
    assert what_ifs(weeks, bad) == what_ifs(weeks, good) == what_ifs(weeks, made)
    assert mean(good, group) - mean(bad, group) >= HIDDEN_MEAN


def test_what_a_hidden_neighbour_says_narrowed_a_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    # That the neighbour is hidden says in how few questions the thin group has a bad answer. One fewer, and it said too much.
    monkeypatch.setattr(suppression, "room_needed", lambda n: ceil(HIDDEN_MEAN * n))
    office = OFFICES["a thin group without a bad answer"]
    weeks, made = weeks_of(office), office.forms()
    worlds = Worlds(weeks, made, published(weeks, made), "construction")
    bad, good = worlds.alone(best=False), worlds.alone(best=True)
    assert mean(good, "construction") - mean(bad, "construction") < HIDDEN_MEAN


def test_worlds_keep_changes_with_their_intervals() -> None:
    # Weekly scores, each against the week before, and a group that is too thin in one of the weeks.
    office = Office(dict.fromkeys(BY_GROUP, 9), {}, USUAL, quiet=10, days=5)
    weeks, made = weeks_of(office), office.forms()
    bulletins = published(weeks, made)
    assert any(isinstance(one, Change) for b in bulletins for one in b.changes.values())
    last_but_quiet = [*bulletins[:2], *bulletins[3:], bulletins[2]]
    worlds = Worlds(weeks[2:3], made[2:3], last_but_quiet, "construction")
    found = [worlds.counted(most=most) for most in (False, True)]
    few, many = ([*made[:2], *quiet, *made[3:]] for quiet in found)
    assert published(weeks, few) == published(weeks, many) == bulletins
    numbers = [true_count(quiet, "construction") for quiet in found]
    assert numbers[1] - numbers[0] >= HIDDEN_WIDTH


def test_a_quiet_week_may_have_had_more_forms() -> None:
    weeks, made, bulletins = quarter_of("a quiet week")
    silent = dict.fromkeys((*CRITERIA, "satisfaction"), "dont_know")
    more = [form({"procedure": "refused", **silent}) for _ in range(HIDDEN_WIDTH + 1)]
    quiet = [week for week, b in zip(range(len(weeks)), bulletins, strict=True) if b.forms is None]
    for week in quiet:
        days = [[*made[week][0], *more], *made[week][1:]]
        assert published(weeks, [*made[:week], days, *made[week + 1 :]]) == bulletins
    assert quiet
