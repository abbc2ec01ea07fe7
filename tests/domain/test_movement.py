"""Bulletins set beside earlier ones: only published windows, one family, breaks, a control chart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from survey_app.content.holidays import tet_dates
from survey_app.domain.bulletin import Bulletin, Change
from survey_app.domain.control import Chart
from survey_app.domain.counting import CountedForm, Versions
from survey_app.domain.movement import (
    Archive,
    Changes,
    changes,
    changes_at_tablets,
    changes_in_a_year,
    figure_chart,
)
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin, open_archive
from survey_app.domain.weeks import Week
from tests.support.small import VERSIONS, good_form, small_scheme, week_counts

UNIT = "12103@2025-07-01"
SCHEME = small_scheme()
WEEK = Week(2026, 47)
GROUPS = ("cert", "construction", "land", "other")


def archive(*weeks: WeekCounts, versions: Versions = VERSIONS) -> Archive:
    by_week: Mapping[Week, WeekCounts] = {counts.week: counts for counts in weeks}

    return open_archive(UNIT, by_week, versions, SCHEME)


def bulletin(known: Archive, week: Week) -> Bulletin:
    return make_bulletin(UNIT, week, known.weeks, known.versions, SCHEME)


def days(met: Sequence[int], each: int = 10) -> list[list[CountedForm]]:
    """`each` forms of every group a day: `met[k]` of eight criteria on day k, so many tenths satisfied."""
    return [
        [
            good_form(group, yes=yes - (n % 3 == 0), satisfaction="s4" if n < yes else "s2")
            for group in GROUPS
            for n in range(each)
        ]
        for yes in met
    ]


LOW, HIGH = days([5, 6, 5, 6, 5]), days([8, 8, 7, 8, 7])


def moved(*weeks: WeekCounts, at: Week = WEEK) -> Changes:
    known = archive(*weeks)
    return changes(bulletin(known, at), known)


def change(found: Changes, key: str) -> Change:
    one = found[key]
    assert isinstance(one, Change)
    return one


def code(found: Changes, key: str) -> str:
    one = found[key]
    assert isinstance(one, Problem)
    return one.code


def test_a_week_against_the_week_before() -> None:
    found = moved(week_counts(Week(2026, 46), LOW), week_counts(WEEK, HIGH))
    five = change(found, "5")
    assert (five.direction, five.before, five.after) == ("up", "2026-W46", "2026-W47")
    # The small questionnaire asks about two dimensions.
    assert set(found) == {"4", "5", "satisfaction"}
    assert change(found, "4").direction is None


def test_satisfaction_has_an_interval_and_no_verdict() -> None:
    found = moved(week_counts(Week(2026, 46), LOW), week_counts(WEEK, HIGH))
    satisfaction = change(found, "satisfaction")
    assert satisfaction.value == pytest.approx(22.0)
    assert satisfaction.low > 0
    assert satisfaction.direction is None


def test_a_block_against_the_block_before() -> None:
    weeks = [
        week_counts(week, days([met] * 4 if met < 7 else [8, 7, 8, 7], each=5))
        for block, met in ((WEEK.block, 7), (Week(2026, 40).block, 5))
        for week in block.weeks
    ]
    five = change(moved(*weeks), "5")
    assert (five.direction, five.before, five.after) == ("up", "2026-Q4-B1", "2026-Q4-B2")
    # The week that closed the block carried the block's figure, and none of its own.
    known = archive(*weeks)
    assert known.published("5", WEEK.block)
    assert not known.published("5", WEEK.window)


def test_a_withheld_window_is_no_basis() -> None:
    thin = week_counts(Week(2026, 46), days([5, 6, 5], each=2))
    first = week_counts(Week(2026, 45), LOW)
    found = moved(first, thin, week_counts(WEEK, HIGH))
    assert code(found, "5") == "change.not_published"


def test_the_first_week_has_nothing_before_it() -> None:
    assert code(moved(week_counts(WEEK, HIGH)), "5") in {
        "change.not_published",
        "change.nothing_common",
    }


def test_withheld_figures_have_no_change() -> None:
    assert moved(week_counts(WEEK, days([5, 5, 5], each=1))) == {}


def test_a_year_ago_is_an_interval_without_a_verdict() -> None:
    known = archive(week_counts(Week(2025, 47), LOW), week_counts(WEEK, HIGH))
    found = changes_in_a_year(bulletin(known, WEEK), known, tet_dates())
    five = change(found, "5")
    assert (five.before, five.direction) == ("2025-W47", None)
    assert five.low > 0


def test_a_year_ago_near_tet() -> None:
    week = Week(2026, 5)
    known = archive(week_counts(week, HIGH))
    found = changes_in_a_year(bulletin(known, week), known, tet_dates())
    assert code(found, "5") == "change.tet_moved"


def with_phones(met: Sequence[int], phones: int, *, yes: int) -> list[list[CountedForm]]:
    """The days of tablets, and on the first day `phones` forms from phones."""
    first, *others = days(met)
    sent = [
        replace(good_form(group, yes=yes, satisfaction="s2"), channel="code")
        for group in GROUPS
        for _ in range(phones // 4)
    ]
    return [first + sent, *others]


def at_tablets(*weeks: WeekCounts) -> Changes:
    known = archive(*weeks)
    return changes_at_tablets(bulletin(known, WEEK), known)


def test_without_phones_the_change_is_that_of_the_tablets_alone() -> None:
    before = week_counts(Week(2026, 46), with_phones([5, 6, 5, 6, 5], 0, yes=8))
    after = week_counts(WEEK, with_phones([5, 6, 5, 6, 5], 40, yes=0))
    # The phones pull everybody's figure down; at the tablets nothing has changed.
    assert change(moved(before, after), "5").value < -0.9
    found = change(at_tablets(before, after), "5")
    assert (found.value, found.direction) == (0, None)
    assert found.low < 0 < found.high
    alone = moved(week_counts(Week(2026, 46), days([5, 6, 5, 6, 5])), week_counts(WEEK, LOW))
    assert replace(change(alone, "5"), detectable=0) == replace(found, detectable=0)


def test_where_no_phone_sent_a_form_there_is_nothing_beside() -> None:
    assert at_tablets(week_counts(Week(2026, 46), LOW), week_counts(WEEK, HIGH)) == {}


def test_a_few_phones_are_not_told() -> None:
    after = week_counts(WEEK, with_phones([8, 8, 7, 8, 7], 8, yes=0))
    found = at_tablets(week_counts(Week(2026, 46), LOW), after)
    assert {code(found, key) for key in found} == {"change.few_phones"}


def test_at_tablets_the_dimension_is_the_same_or_none() -> None:
    # Twenty certificates came to tablets and twenty by phone: without the phones 5.1 is too thin.
    few = [
        [one for one in day if one.answers["procedure"] != "cert"] + [good_form("cert")] * 4
        for day in days([5, 6, 5, 6, 5])
    ]
    few[0] += [replace(good_form("cert"), channel="code")] * 20
    before, after = week_counts(Week(2026, 46), LOW), week_counts(WEEK, few)
    assert change(moved(before, after), "5").measured == 4
    found = at_tablets(before, after)
    assert code(found, "5") == "figure.protected"
    assert change(found, "satisfaction").after == "2026-W47"


def weeks_from(first: Week, count: int) -> list[Week]:
    return [Week.of(first.monday + timedelta(weeks=n)) for n in range(count)]


def test_control_chart_over_published_weeks() -> None:
    weeks = weeks_from(Week(2026, 10), 22)
    counted = [week_counts(week, LOW) for week in weeks[:-1]] + [
        week_counts(weeks[-1], days([2, 2, 1, 2, 2]))
    ]
    found = figure_chart("5", [week.window for week in weeks], archive(*counted))
    assert isinstance(found, Chart)
    assert [point.signal for point in found.points] == [None] * 21 + ["below"]


def test_control_chart_of_the_satisfaction_rate() -> None:
    weeks = weeks_from(Week(2026, 10), 22)
    counted = [week_counts(week, LOW) for week in weeks[:-1]] + [
        week_counts(weeks[-1], days([8, 8, 8, 7, 8]))
    ]
    known = archive(*counted)
    found = figure_chart("satisfaction", [week.window for week in weeks], known)
    assert isinstance(found, Chart)
    assert found.points[0].p == pytest.approx(0.54)
    assert [point.signal for point in found.points] == [None] * 21 + ["above"]


def test_a_rate_that_is_only_bounded_is_no_point() -> None:
    perfect = [[good_form(group) for group in GROUPS for _ in range(10)]] * 5
    weeks = weeks_from(Week(2026, 10), 22)
    counted = [week_counts(week, perfect if n == 1 else LOW) for n, week in enumerate(weeks)]
    found = figure_chart("satisfaction", [week.window for week in weeks], archive(*counted))
    assert isinstance(found, Chart)
    assert len(found.points) == 20


def test_control_chart_begins_after_a_gap() -> None:
    weeks = weeks_from(Week(2026, 10), 24)
    counted = [week_counts(week, LOW) for week in weeks if week != weeks[5]]
    counted.append(week_counts(weeks[5], days([5, 6, 5], each=1)))
    found = figure_chart("5", [week.window for week in weeks], archive(*counted))
    assert found == Problem("control.few_points", "", {"points": 18, "needed": 20})


def test_no_window_no_chart() -> None:
    found = figure_chart("5", [], archive())
    assert isinstance(found, Problem)


@pytest.mark.parametrize("each", [1, 4, 10])
def test_a_figure_of_the_archive_is_the_one_its_bulletin_had(each: int) -> None:
    weeks = weeks_from(Week(2026, 27), 20)
    known = archive(*(week_counts(week, days([5, 6, 5, 6, 5], each)) for week in weeks))
    for week in weeks[-6:]:
        made = bulletin(known, week).figures
        keys = [dimension.code for dimension in SCHEME.dimensions] + ["satisfaction"]
        assert [known.figure(week, key) for key in keys] == [made[key] for key in keys]
