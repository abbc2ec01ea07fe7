"""Sums kept of a week say to the last bit what its counts say, and nothing looks at the counts beside them."""

import sys
from array import array
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import columns
from survey_app.domain.columns import KeptParts, below, beside, columns_of, dump_parts, tally_of
from survey_app.domain.counting import CountedForm
from survey_app.domain.disclosure import shortage
from survey_app.domain.figures import (
    dimension_figure,
    item_figure,
    plan_of,
    share_figure,
    subdimension_figure,
)
from survey_app.domain.psu import CountedLater, Kept, PsuTotals, WeekCounts
from survey_app.domain.sums import (
    EVERY,
    TABLETS,
    UNFLAGGED,
    cells_in,
    keep_numbers,
    keep_parts,
    of_group,
    psus_in,
    tally_groups,
    tally_part,
    tally_window,
    week_columns,
    week_modules,
    window_thickness,
)
from survey_app.domain.tally import (
    Tally,
    every_form,
    kiosk_only,
    tally,
    without_flagged,
)
from survey_app.domain.weeks import Week, Window
from tests.support.alike import assert_alike
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
    return counts, frozen(counts)


def frozen(counts: WeekCounts) -> WeekCounts:
    """The week as it is read from what was kept of it."""
    numbers = keep_numbers(counts, VERSIONS)
    parts = dump_parts(keep_parts(counts, VERSIONS))
    later = CountedLater(int(numbers["size"]), unseen)
    return WeekCounts(counts.week, 1, later, Kept(numbers, lambda: KeptParts(parts)))


KEEPS = {
    EVERY: every_form,
    UNFLAGGED: without_flagged,
    TABLETS: kiosk_only,
    **{of_group(group): in_one_of([group]) for group in (*GROUPS, "none")},
}


@given(some_days)
def test_every_part_is_kept_as_it_was_summed(days: list[list[CountedForm]]) -> None:
    counts, read = kept(days)
    for part, keep in KEEPS.items():
        summed = tally(counts.strata, VERSIONS, keep)
        assert_alike(tally_part(WEEK.window, {WEEK: read}, VERSIONS, part), summed)
        assert_alike(tally_part(WEEK.window, {WEEK: counts}, VERSIONS, part), summed)


@given(st.dictionaries(st.sampled_from(QUARTER.weeks), some_days, min_size=1, max_size=4))
def test_weeks_are_joined_as_if_they_were_summed_together(
    days: dict[Week, list[list[CountedForm]]],
) -> None:
    weeks = {week: week_counts(week, forms) for week, forms in days.items()}
    read = {week: frozen(counts) for week, counts in weeks.items()}
    for part, keep in KEEPS.items():
        summed = tally(psus_in(QUARTER, weeks), VERSIONS, keep)
        assert_alike(tally_part(QUARTER, read, VERSIONS, part), summed)
        assert_alike(tally_part(QUARTER, weeks, VERSIONS, part), summed)


def test_what_one_machine_kept_another_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    part = columns_of(tally(week_counts(WEEK, [[good_form()] * 3] * 2).strata, VERSIONS))
    here = dump_parts({EVERY: part})
    # A machine of the other order holds its numbers, and reads those of the file, swapped.
    swapped = replace(
        part, sums=turned(part.sums), answers=turned(part.answers), silent=turned(part.silent)
    )
    monkeypatch.setattr(sys, "byteorder", "big")
    assert dump_parts({EVERY: swapped}) == here
    assert KeptParts(here)[EVERY] == swapped


def turned(numbers: "array[Any]") -> "array[Any]":
    """The numbers in the other order of bytes."""
    result = array(numbers.typecode, numbers)
    result.byteswap()
    return result


def test_an_item_of_one_subdimension_is_its_indicator() -> None:
    def weeks(*groups: str) -> columns.Columns:
        return columns_of(tally(week_counts(WEEK, [[*map(good_form, groups)]]).strata, VERSIONS))

    one, other = weeks("cert", "cert"), weeks("cert", "land")
    both = tally_of(["a", "b"], below([one, other]))
    assert both.items["extra"] is both.indicators["4.2", "extra"]
    # In the second week the item has another procedure's answers too.
    assert list(both.items["criterion_1"].answers) == [2, 2]
    assert list(both.indicators["5.1", "criterion_1"].answers) == [2, 1]
    assert list(both.indicators["5.3", "criterion_1"].answers) == [0, 1]
    assert list(tally_of(["a"], beside([one, other])).items["criterion_1"].answers) == [4]


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
        assert found.indicators[key].ratio == series.ratio


def test_parts_of_all_forms_or_of_none_are_not_kept_twice() -> None:
    counts = week_counts(WEEK, [[good_form("cert")] * 3, [good_form("land")]])
    assert set(keep_parts(counts, VERSIONS)) == {EVERY, of_group("cert"), of_group("land")}
    assert week_columns(counts, UNFLAGGED, VERSIONS) is week_columns(counts, EVERY, VERSIONS)
    assert week_columns(counts, of_group("other"), VERSIONS).psu_forms == [0, 0]


def test_a_week_without_a_form_keeps_that_it_had_none() -> None:
    counts, read = kept([])
    for one in (read, counts):
        assert tally_window(WEEK.window, {WEEK: one}, VERSIONS) == Tally()
    assert (read.cells, read.questionnaires) == ({}, frozenset())
    assert SMALL.hash not in read.questionnaires


def test_days_of_a_score_are_those_of_any_of_its_items() -> None:
    # Either item alone was answered on four or on three of the seven days.
    quiet = [{"gifts": "dont_know"}] * 4 + [{"extra": "dont_know"}] * 3
    days = [[form({**good_form().answers, **answers})] for answers in quiet]
    weeks = {WEEK: week_counts(WEEK, days)}
    tallied = tally_window(WEEK.window, weeks, VERSIONS)
    sub = SCHEME.subdimension("4.2")
    found = subdimension_figure(tallied, plan_of(tallied, VERSIONS, SCHEME), sub).estimate
    assert found is not None
    assert window_thickness(WEEK.window, weeks, VERSIONS).df["4.2"] == found.df == 6


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
