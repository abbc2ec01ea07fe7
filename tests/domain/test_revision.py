"""Late forms and the figures: a revision enters only when its difference to what was published tells of nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from survey_app.domain.counting import CountedForm
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts, keep_groups
from survey_app.domain.revision import Published, admit
from survey_app.domain.weeks import Week
from tests.support.small import BY_GROUP, VERSIONS, form, good_form, small_scheme, week_counts

UNIT, SCHEME = "12103@2025-07-01", small_scheme()
WEEKS = Week(2026, 40).block.weeks
FIRST = WEEKS[0]
LATE = [good_form("land", yes=7) for _ in range(40)]
LAST_WEEKS = Week(2026, 39).quarter.weeks[-2:]
Forms = list[CountedForm]


def a_day(number: int = 4, groups: Sequence[str] = tuple(BY_GROUP)) -> Forms:
    """`number` forms of each group, of which one found something missing."""
    return [good_form(group, yes=6 + (n > 0)) for group in groups for n in range(number)]


def days(number: int = 8, groups: Sequence[str] = tuple(BY_GROUP)) -> list[Forms]:
    return [a_day(number, groups) for _ in range(5)]


def published(*weeks: list[Forms]) -> Published:
    """Closed weeks from the first of a block on."""
    counts = {w: week_counts(w, made) for w, made in zip(WEEKS, weeks, strict=False)}
    return Published(UNIT, counts, list(counts), VERSIONS, SCHEME)


def late(before: list[Forms], *forms: CountedForm, week: Week = FIRST) -> dict[Week, WeekCounts]:
    """The week's second vintage: the same days, and late forms on the first."""
    return {week: week_counts(week, [[*before[0], *forms], *before[1:]], number=2)}


def verdict(known: Published, revised: dict[Week, WeekCounts]) -> str | None:
    [problem] = admit(known, revised).values()
    return problem.code if problem else None


def test_a_few_late_forms_wait() -> None:
    found = admit(published(days()), late(days(), *a_day(1)))
    assert found == {FIRST: Problem("revision.few_late", str(FIRST), {"needed": 30})}


@pytest.mark.parametrize(
    ("gained", "where"),
    [
        # Twenty-nine more in the week; enough more in the week, but twenty-nine in one of its scores.
        ({"land": 29}, str(FIRST)),
        ({"land": 40, "cert": 29}, "5.1"),
    ],
)
def test_twenty_nine_are_a_few(gained: dict[str, int], where: str) -> None:
    forms = [form for group, number in gained.items() for form in a_day(number, [group])]
    found = admit(published(days()), late(days(), *forms))
    assert found == {FIRST: Problem("revision.few_late", where, {"needed": 30})}


def test_thirty_of_each_enter() -> None:
    assert verdict(published(days()), late(days(), *a_day(30))) is None


def test_thirty_of_one_group_and_none_of_the_others_enter() -> None:
    assert verdict(published(days()), late(days(), *a_day(30, ["land"]))) is None


def test_a_group_that_gained_a_few_keeps_all_waiting() -> None:
    forms = [*a_day(40, ["land"]), *a_day(3, ["cert"])]
    assert verdict(published(days()), late(days(), *forms)) == "revision.few_late"


def quarter(*groups: str, rest: Sequence[CountedForm] = ()) -> tuple[Published, list[Forms]]:
    """A whole quarter's last two weeks, in which `rest` came beside the groups; and the days of the second."""
    made = days(8, groups)
    last = [[*made[0], *rest], *made[1:]]
    counts = {w: week_counts(w, d) for w, d in zip(LAST_WEEKS, (made, last), strict=True)}
    return Published(UNIT, counts, list(counts), VERSIONS, SCHEME), last


def test_late_forms_about_a_hidden_matter_are_counted_too() -> None:
    # Construction and those who name nothing are what is left over: two late ones could be read off.
    unnamed = [form({**one.answers, "procedure": "refused"}) for one in a_day(10, ["other"])]
    rest = [*unnamed, *a_day(12, ["construction"])]
    known, last = quarter("cert", "land", "other", rest=rest)
    shown = known.bulletin(LAST_WEEKS[1]).figures
    assert shown["5.1"].window == str(LAST_WEEKS[1].quarter)
    assert shown["5.1"].value is not None
    assert shown["5.2"].value is None
    forms, two = a_day(40, ["land"]), a_day(2, ["construction"])
    assert verdict(known, late(last, *forms, week=LAST_WEEKS[1])) is None
    assert verdict(known, late(last, *forms, *two, week=LAST_WEEKS[1])) == "revision.few_late"


def test_what_was_hidden_beside_a_published_figure_does_not_open() -> None:
    thin = [[*day, *a_day(2, ["construction", "other"])] for day in days(8, ["cert", "land"])]
    known = published(thin)
    assert known.bulletin(FIRST).figures["5.2"].value is None
    assert verdict(known, late(thin, *a_day(40))) == "revision.opened"


def test_what_was_published_does_not_close() -> None:
    known, last = quarter("cert", "land")
    more = a_day(40, ["cert", "land"])
    assert verdict(known, late(last, *more, week=LAST_WEEKS[1])) is None
    thin = [*more, *a_day(3, ["other"])]
    assert verdict(known, late(last, *thin, week=LAST_WEEKS[1])) == "revision.closed"


def test_a_week_that_was_never_published_is_free() -> None:
    assert verdict(published([], days()), {FIRST: week_counts(FIRST, days(), number=2)}) is None


def test_a_week_is_judged_by_the_block_that_was_published_with_it() -> None:
    quiet = [a_day(1, ["land"]), a_day(2, ["cert"])]
    known = published(days(1), days(1), days(1), quiet)
    block = known.bulletin(WEEKS[3]).figures["satisfaction"]
    assert block.window == str(FIRST.block)
    more = late(quiet, *a_day(30), week=WEEKS[3])
    # Its three forms were hidden; the block's n, then and now, would count them.
    assert verdict(known, more) == "revision.opened"


def test_each_week_is_decided_by_itself() -> None:
    known = published(days(), days())
    found = admit(known, {**late(days(), *a_day(30)), **late(days(), *a_day(1), week=WEEKS[1])})
    assert found == {
        FIRST: None,
        WEEKS[1]: Problem("revision.few_late", str(WEEKS[1]), {"needed": 30}),
    }


@pytest.mark.parametrize(
    ("left", "code"), [([], "revision.emptied"), (days()[:4], "revision.forms_lost")]
)
def test_a_revision_that_loses_forms_is_refused_with_the_reason(
    left: list[Forms], code: str
) -> None:
    found = admit(published(days()), {FIRST: week_counts(FIRST, left, number=2)})
    params = {"before": 160, "after": 32 * len(left)}
    assert found == {FIRST: Problem(code, str(FIRST), params)}


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [(0, 3, None), (0, 12, None), (12, 15, "revision.few_late"), (12, 30, None)],
)
def test_newly_flagged_forms_are_not_read_off_either(
    before: int, after: int, code: str | None
) -> None:
    revised = {FIRST: week_counts(FIRST, marked(after, flagged=True), number=2)}
    assert verdict(published(marked(before, flagged=True)), revised) == code


@pytest.mark.parametrize(("phones", "code"), [(40, None), (35, "revision.few_late"), (0, None)])
def test_late_forms_are_not_read_off_at_tablets_either(phones: int, code: str | None) -> None:
    # Forty late forms: those from phones, and those from tablets, have a change of their own.
    known = published(marked(20, channel="code"))
    more = [replace(f, channel="code" if n < phones else "kiosk") for n, f in enumerate(LATE)]
    assert verdict(known, late(marked(20, channel="code"), *more)) == code


def marked(number: int, **changes: Any) -> list[Forms]:
    """The days, with so many forms of the first one changed."""
    first, *others = days()
    return [[replace(f, **changes) if n < number else f for n, f in enumerate(first)], *others]


def test_groups_of_days_stay_and_new_days_join_the_one_before() -> None:
    monday, *rest = (FIRST.monday + timedelta(days=n) for n in range(6))
    groups = [(rest[0],), (rest[2], rest[3])]
    assert keep_groups(groups, [monday, *rest]) == [
        (monday, rest[0], rest[1]),
        (rest[2], rest[3], rest[4]),
    ]
    assert keep_groups(groups, [rest[0]]) == groups
