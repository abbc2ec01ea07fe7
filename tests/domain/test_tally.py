"""Counts of a window: summed week by week, and to the last bit what summing all at once gives."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting import CountedForm
from survey_app.domain.disclosure import RawFigure, shortage
from survey_app.domain.figures import (
    SHARES,
    dimension_figure,
    make_plan,
    share_figure,
    showable,
    subdimension_figure,
)
from survey_app.domain.psu import WeekCounts
from survey_app.domain.sums import TABLETS, UNFLAGGED, psus_in, tally_part, tally_window
from survey_app.domain.tally import Tally, tally
from survey_app.domain.weeks import Week, Window
from tests.support.alike import assert_alike
from tests.support.small import VERSIONS, form, good_form, small_scheme, week_counts

QUARTER = Window("quarter", 2026, 4, 0)
BLOCK = Window("block", 2026, 4, 2)
groups = st.sampled_from(["cert", "construction", "land", "other"])
some_forms = st.lists(
    st.builds(good_form, groups, yes=st.integers(0, 8))
    | st.builds(form, st.fixed_dictionaries({"procedure": groups, "criterion_1": st.just("no")})),
    max_size=12,
)
some_weeks = st.dictionaries(
    st.sampled_from(QUARTER.weeks), st.lists(some_forms, min_size=1, max_size=5)
)


def counts(days: dict[Week, list[list[CountedForm]]]) -> dict[Week, WeekCounts]:
    return {week: week_counts(week, forms) for week, forms in days.items()}


def at_once(window: Window, weeks: dict[Week, WeekCounts]) -> Tally:
    return tally(psus_in(window, weeks), VERSIONS)


@given(some_weeks)
def test_a_window_is_the_sum_of_its_weeks(days: dict[Week, list[list[CountedForm]]]) -> None:
    weeks = counts(days)
    for window in (QUARTER, BLOCK, *(week.window for week in BLOCK.weeks)):
        found, expected = tally_window(window, weeks, VERSIONS), at_once(window, weeks)
        assert_alike(found, expected)
        assert tally_window(window, weeks, VERSIONS) is found or not found.strata


def test_a_revised_week_counts_in_every_window() -> None:
    first, last = BLOCK.weeks[0], BLOCK.weeks[-1]
    weeks = counts({first: [[good_form("cert")] * 3], last: [[good_form("land")] * 2]})
    assert tally_window(BLOCK, weeks, VERSIONS).forms == 5
    weeks[first] = week_counts(first, [[good_form("cert")] * 4])
    assert tally_window(BLOCK, weeks, VERSIONS).forms == 6
    del weeks[first]
    assert tally_window(BLOCK, weeks, VERSIONS).forms == 2
    assert replace(weeks[last], psus=()).derived == {}


@given(some_weeks)
def test_a_figure_is_made_once_and_stays_as_it_was(
    days: dict[Week, list[list[CountedForm]]],
) -> None:
    weeks = counts(days)
    kept, scheme = tally_window(QUARTER, weeks, VERSIONS), small_scheme()

    def figures(counted: Tally) -> list[RawFigure]:
        plan = make_plan(VERSIONS, scheme)
        five = scheme.dimension("5")
        return [
            *(share_figure(counted, key) for key in SHARES),
            *(subdimension_figure(counted, plan, sub) for sub in five.subdimensions),
            dimension_figure(counted, plan, five, showable(counted, plan, five)),
        ]

    once = figures(kept)
    assert all(one is two for one, two in zip(once, figures(kept), strict=True))
    anew = figures(at_once(QUARTER, weeks))
    assert [shortage(raw) for raw in once] == [shortage(raw) for raw in anew]
    assert once == anew


def test_a_part_of_a_window_is_summed_once_for_the_same_counts() -> None:
    first, last = BLOCK.weeks[0], BLOCK.weeks[-1]
    weeks = counts(
        {
            first: [[good_form("cert")] * 3, [form({}, flagged=True)] * 2],
            last: [[good_form("land")]],
        }
    )
    part = tally_part(BLOCK, weeks, VERSIONS, UNFLAGGED)
    assert (part.forms, part.psu_forms) == (4, [3, 0, 1])
    assert tally_part(BLOCK, weeks, VERSIONS, UNFLAGGED) is part
    assert tally_part(BLOCK, weeks, VERSIONS, TABLETS).forms == 6
    weeks[last] = week_counts(last, [[good_form("land")] * 2])
    assert tally_part(BLOCK, weeks, VERSIONS, UNFLAGGED).forms == 5
