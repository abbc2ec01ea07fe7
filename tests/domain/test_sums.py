"""Sums kept of a week say to the last bit what its counts say, and nothing looks at the counts beside them."""

from collections.abc import Iterable
from dataclasses import fields
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting import CountedForm
from survey_app.domain.disclosure import shortage
from survey_app.domain.figures import (
    dimension_figure,
    item_figure,
    plan_of,
    share_figure,
    subdimension_figure,
)
from survey_app.domain.psu import CountedLater, PsuTotals, WeekCounts
from survey_app.domain.sums import (
    EVERY,
    TABLETS,
    UNFLAGGED,
    cells_in,
    keep_sums,
    of_group,
    psus_in,
    tally_groups,
    tally_window,
    week_modules,
    week_tally,
    window_thickness,
)
from survey_app.domain.tally import Tally, tally
from survey_app.domain.weeks import Week, Window
from tests.support.small import (
    SMALL,
    VERSIONS,
    form,
    good_form,
    in_one_of,
    small_scheme,
    week_counts,
)

WEEK = Week(2026, 47)
QUARTER = Window("quarter", 2026, 4, 0)
SCHEME = small_scheme()
GROUPS = ("cert", "construction", "land", "other")
some_forms = st.lists(
    st.builds(
        form,
        st.builds(
            lambda group, yes: good_form(group, yes=yes).answers,
            st.sampled_from(GROUPS),
            st.integers(0, 8),
        )
        | st.fixed_dictionaries(
            {"procedure": st.sampled_from(GROUPS), "extra": st.just("dont_know")}
        )
        | st.just({}),
        channel=st.sampled_from(["kiosk", "code", "open"]),
        complete=st.booleans(),
        flagged=st.booleans(),
    ),
    max_size=10,
)
some_days = st.lists(some_forms, max_size=5)
# Around the limits: thirty forms, ten answers, four degrees of freedom.
some_full_days = st.lists(
    st.builds(
        lambda forms, times: forms * times,
        st.lists(st.builds(good_form, st.sampled_from(GROUPS)), max_size=3),
        st.integers(1, 8),
    ),
    min_size=3,
    max_size=6,
)


def unseen() -> Iterable[PsuTotals]:
    raise AssertionError("somebody looked at the counts")


def kept(days: list[list[CountedForm]]) -> tuple[WeekCounts, WeekCounts]:
    """A week by its counts, and by what is kept of them."""
    counts = week_counts(WEEK, days)
    sums = keep_sums(counts, VERSIONS)
    return counts, WeekCounts(WEEK, 1, CountedLater(int(sums["size"]), unseen), sums)


def assert_same(one: Tally, other: Tally) -> None:
    for field in fields(Tally):
        if field.compare:
            assert getattr(one, field.name) == getattr(other, field.name), field.name


@given(some_days)
def test_every_part_is_kept_as_it_was_summed(days: list[list[CountedForm]]) -> None:
    counts, read = kept(days)
    for part in (EVERY, UNFLAGGED, TABLETS, *map(of_group, (*GROUPS, "none"))):
        assert_same(week_tally(read, part, VERSIONS), week_tally(counts, part, VERSIONS))


@given(some_days)
def test_numbers_of_forms_are_kept(days: list[list[CountedForm]]) -> None:
    counts, read = kept(days)
    assert read.cells == counts.cells
    assert read.questionnaires == counts.questionnaires
    assert week_modules(read, VERSIONS) == week_modules(counts, VERSIONS)
    complete = sum(f.complete and f.channel != "open" for f in chain(*days))
    assert sum(forms for _, forms in cells_in(WEEK.window, {WEEK: read})) == complete


@given(some_days)
def test_groups_together_are_summed_as_if_they_were_one(days: list[list[CountedForm]]) -> None:
    counts, read = kept(days)
    two = GROUPS[:2]
    whole = tally(psus_in(WEEK.window, {WEEK: counts}), VERSIONS, in_one_of(two))
    found = tally_groups(WEEK.window, {WEEK: read}, VERSIONS, two)
    assert (found.psu_forms, found.forms, found.forms_any) == (
        whole.psu_forms,
        whole.forms,
        whole.forms_any,
    )
    for key, series in whole.indicators.items():
        assert found.indicators[key].answers == series.answers
        assert found.indicators[key].sums == series.sums


def test_parts_of_all_forms_or_of_none_are_not_kept_twice() -> None:
    counts = week_counts(WEEK, [[good_form("cert")] * 3, [good_form("land")]])
    sums = keep_sums(counts, VERSIONS)
    assert set(sums) == {
        "size",
        "questionnaires",
        "cells",
        "modules",
        "thickness",
        EVERY,
        of_group("cert"),
        of_group("land"),
    }
    assert week_tally(counts, UNFLAGGED, VERSIONS) is week_tally(counts, EVERY, VERSIONS)
    assert week_tally(counts, of_group("other"), VERSIONS).forms == 0


def test_a_week_without_a_form_keeps_that_it_had_none() -> None:
    counts, read = kept([])
    assert week_tally(read, EVERY, VERSIONS) == week_tally(counts, EVERY, VERSIONS) == Tally()
    assert (read.cells, read.questionnaires) == ({}, frozenset())
    assert SMALL.hash not in read.questionnaires


@given(st.dictionaries(st.sampled_from(QUARTER.weeks), some_full_days))
def test_what_carries_a_figure_is_told_by_numbers_alone(
    days: dict[Week, list[list[CountedForm]]],
) -> None:
    weeks = {week: week_counts(week, forms) for week, forms in days.items()}
    five = SCHEME.dimension("5")
    for window in (QUARTER, *{week.block for week in days}, *(week.window for week in days)):
        tallied = tally_window(window, weeks, VERSIONS)
        plan = plan_of(tallied, VERSIONS, SCHEME)
        held = window_thickness(window, weeks, VERSIONS)
        for sub in plan.asked(five):
            is_short = shortage(subdimension_figure(tallied, plan, sub)) is not None
            assert held.carries_sub(plan, sub) != is_short
        whole = dimension_figure(tallied, plan, five, plan.asked(five))
        subs = [subdimension_figure(tallied, plan, sub) for sub in plan.asked(five)]
        assert held.carries_dimension(plan, five) == (not any(map(shortage, [whole, *subs])))
        satisfied = share_figure(tallied, "satisfaction")
        assert held.is_thick("satisfaction") == (shortage(satisfied) is None)
        for question in chain(*plan.items.values()):
            is_short = shortage(item_figure(tallied, question)) is not None
            assert held.carries_items([question]) != is_short
