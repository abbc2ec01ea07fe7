"""Windows, limits and figures of a bulletin: the worked example, thin weeks, blocks and quarters."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.content.rules import quality_rules
from survey_app.domain.bulletin import Bulletin, Change
from survey_app.domain.counting import CountedForm
from survey_app.domain.figures import make_plan, subdimension_figure
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.tally import tally
from survey_app.domain.weeks import Week, Window
from tests.support.small import CRITERIA, VERSIONS, form, good_form, small_scheme, week_counts

UNIT = "12103@2025-07-01"
WEEK = Week(2026, 47)
Days = Sequence[Sequence[CountedForm]]


def bulletin(*weeks: WeekCounts, at: Week = WEEK) -> Bulletin:
    return make_bulletin(UNIT, at, {w.week: w for w in weeks}, VERSIONS, small_scheme())


def uniform(groups: Sequence[str], each: int, days: int = 5) -> list[list[CountedForm]]:
    """`each` forms of every group on every day, a tenth of them with a criterion not met."""
    return [
        [
            good_form(group, yes=7 if (n + day) % 10 == 0 else 8)
            for group in groups
            for n in range(each)
        ]
        for day in range(days)
    ]


ALL_GROUPS = ("cert", "construction", "land", "other")


def worked_example() -> list[list[CountedForm]]:
    """Twenty forms a day for five days with the eight shares of the methodology's example."""
    shares = [92, 85, 95, 97, 80, 88, 79, 90]
    forms = []
    for position in range(100):
        answers = {
            q: "yes" if position < share else "no"
            for q, share in zip(CRITERIA, shares, strict=True)
        }
        forms.append(form({"procedure": "other", "satisfaction": "s4", **answers}))
    return [forms[start::5] for start in range(5)]


def test_worked_example_of_sub_dimension_5_4() -> None:
    # Mean share .8825: 0.25 + 2.25 * .8825 = 2.2356. Only 5.4 can be shown, so D5 is partial and waits
    # for the quarter; the sub-dimension's raw figure is what the example is about.
    scheme = small_scheme()
    week = week_counts(WEEK, worked_example())
    tallied = tally([(str(WEEK), psu.totals) for psu in week.psus], VERSIONS)
    raw = subdimension_figure(tallied, make_plan(VERSIONS, scheme), scheme.subdimension("5.4"))
    assert raw.estimate is not None
    assert raw.low + (raw.high - raw.low) * raw.estimate.p == pytest.approx(2.235625, rel=1e-12)
    assert raw.n == 100


def test_a_full_week_shows_every_measured_figure() -> None:
    figures = bulletin(week_counts(WEEK, uniform(ALL_GROUPS, 10))).figures
    five = figures["5"]
    assert five.value is not None
    assert five.value == pytest.approx(1 + 9 * (1 - 0.1 / 8), abs=0.006)
    assert five.low is not None
    assert five.high is not None
    assert five.low < five.value < five.high
    assert (five.window, five.n, five.psus, five.df) == ("2026-W47", 200, 5, 4)
    assert (five.measured, five.of, five.is_partial) == (4, 4, False)
    assert figures["5.1"].value is not None
    assert figures["4"].is_partial
    assert (figures["4"].measured, figures["4"].of) == (1, 4)
    assert figures["satisfaction"].n == 200


def test_dimension_is_the_sum_of_its_sub_dimensions() -> None:
    figures = bulletin(week_counts(WEEK, uniform(ALL_GROUPS, 10))).figures
    parts = [figures[f"5.{n}"].value or 0 for n in (1, 2, 3, 4)]
    assert figures["5"].value == pytest.approx(sum(parts), abs=0.021)


def test_unasked_dimensions_and_the_total_say_why() -> None:
    figures = bulletin(week_counts(WEEK, uniform(ALL_GROUPS, 10))).figures
    assert figures["7"].withheld is not None
    assert figures["7"].withheld.code == "figure.not_asked"
    assert figures["total"].value is None
    assert figures["total"].withheld is not None
    assert figures["total"].withheld.code == "figure.partial_total"


@pytest.mark.parametrize("forms_a_day", [1, 5])
def test_a_thin_week_is_withheld_with_what_is_missing_and_until_when(forms_a_day: int) -> None:
    figures = bulletin(week_counts(WEEK, uniform(["other"], forms_a_day))).figures
    satisfaction = figures["satisfaction"]
    assert satisfaction.value is None
    assert satisfaction.low is None
    assert satisfaction.withheld is not None
    assert satisfaction.withheld.code == "figure.few_forms"
    assert "n" not in satisfaction.withheld.params
    assert satisfaction.withheld.params["needed"] == 30
    # Week 47 ends its block, so the next window that can be whole is the quarter.
    assert satisfaction.withheld.params["until"] == "2026-W53"
    assert satisfaction.n is None


def test_four_days_give_too_few_degrees_of_freedom() -> None:
    figure = bulletin(week_counts(WEEK, uniform(ALL_GROUPS, 10, days=4))).figures["satisfaction"]
    assert figure.value is None
    assert figure.withheld is not None
    assert figure.withheld.code == "figure.few_days"


def test_an_empty_week_is_a_bulletin_of_reasons() -> None:
    result = bulletin(week_counts(WEEK, []))
    assert result.forms == 0
    assert all(figure.value is None for figure in result.figures.values())
    assert all(figure.withheld is not None for figure in result.figures.values())


def block_weeks(each: int) -> list[WeekCounts]:
    """The first block of 2026-Q4, weeks 40 to 43."""
    days = uniform(ALL_GROUPS, each, days=4)
    return [week_counts(week, days) for week in Week(2026, 40).block.weeks]


def test_the_block_is_used_when_no_week_reaches_the_limits() -> None:
    weeks = block_weeks(each=5)
    before = bulletin(*weeks, at=Week(2026, 42)).figures["5"]
    assert before.withheld is not None
    assert before.withheld.params["until"] == "2026-W43"
    after = bulletin(*weeks, at=Week(2026, 43)).figures["5"]
    assert (after.window, after.df) == ("2026-Q4-B1", 12)
    later = bulletin(*weeks, at=Week(2026, 45)).figures["5"]
    assert later.window == "2026-Q4-B1"


def test_once_weekly_always_weekly_within_the_quarter() -> None:
    full = week_counts(Week(2026, 40), uniform(ALL_GROUPS, 10))
    thin = [week_counts(Week(2026, n), uniform(ALL_GROUPS, 2)) for n in (41, 42, 43)]
    figure = bulletin(full, *thin, at=Week(2026, 43)).figures["5"]
    assert figure.window == "2026-W43"
    assert figure.value is None
    assert figure.withheld is not None
    assert figure.withheld.params["until"] == "2026-W44"


def published_windows(weeks: Sequence[WeekCounts], key: str) -> set[str]:
    """Every window published for a figure since the first of `weeks`."""
    return windows_in([bulletin(*weeks, at=week.week) for week in weeks], key)


def windows_in(bulletins: Sequence[Bulletin], key: str) -> set[str]:
    figures = (bulletin.figures[key] for bulletin in bulletins)
    return {figure.window for figure in figures if figure.value is not None}


def overlap(windows: set[str]) -> bool:
    weeks = [week for text in windows for week in parse_window(text).weeks]
    return len(weeks) != len(set(weeks))


def parse_window(text: str) -> Window:
    year, _, rest = text.partition("-")
    if rest.startswith("W"):
        return Week(int(year), int(rest[1:])).window
    quarter, _, block = rest.partition("-B")
    kind = "block" if block else "quarter"
    return Window(kind, int(year), int(quarter[1:]), int(block or 0))


def quarter_weeks(quarter: Window, sizes: Sequence[int]) -> list[WeekCounts]:
    days = [uniform(ALL_GROUPS, size, days=4 if size < 10 else 5) for size in sizes]
    return [week_counts(w, d) for w, d in zip(quarter.weeks, days, strict=False)]


def test_a_lucky_week_does_not_change_the_window_of_a_quarter() -> None:
    weeks = quarter_weeks(Week(2026, 40).quarter, [5, 5, 5, 5, 2, 10, 2, 10, 1, 10, 5, 5, 5])
    assert published_windows(weeks, "5") == {"2026-Q4-B1", "2026-Q4-B2"}


def test_a_quarter_of_experience_fixes_the_next_quarters_window() -> None:
    third, fourth = Week(2026, 30).quarter, Week(2026, 40).quarter
    mostly = [10, 10, 10, 2] * 3 + [10]
    weeks = quarter_weeks(third, mostly) + quarter_weeks(fourth, [2, 10, 10])
    later = [bulletin(*weeks, at=Week(2026, number)) for number in (40, 41, 42)]
    assert windows_in(later, "5") == {"2026-W41", "2026-W42"}
    seldom = quarter_weeks(third, [10, 5, 5, 5] * 3 + [10]) + quarter_weeks(
        fourth, [10, 10, 10, 10]
    )
    figure = bulletin(*seldom, at=Week(2026, 43)).figures["5"]
    assert figure.window == "2026-Q4-B1"


@cache
def made_week(week: Week, size: int) -> WeekCounts:
    days = uniform(ALL_GROUPS, size, days=4 if size < 10 else 5) if size else []
    return week_counts(week, days)


@given(st.lists(st.sampled_from([0, 2, 5, 10]), min_size=13, max_size=30))
@settings(max_examples=12, deadline=None)
def test_published_windows_of_a_figure_never_overlap(sizes: list[int]) -> None:
    week, weeks = Week(2026, 14), []
    for size in sizes:
        weeks.append(made_week(week, size))
        week = week.next()
    bulletins = [bulletin(*weeks, at=known.week) for known in weeks]
    assert not overlap(windows_in(bulletins, "5"))
    assert not overlap(windows_in(bulletins, "satisfaction"))


def test_a_dimension_never_drops_a_sub_dimension_for_a_week() -> None:
    days = uniform(ALL_GROUPS, 10)
    thin = [day[:10] + day[20:] for day in days[:4]] + [days[4]]  # ten forms about construction
    later = Week(2026, 41)
    result = bulletin(week_counts(Week(2026, 40), days), week_counts(later, thin), at=later)
    assert result.figures["5.1"].value is not None
    assert result.figures["5.2"].value is None
    assert result.figures["5"].value is None
    assert result.figures["5"].withheld is not None
    assert result.figures["5"].withheld.where == "5.2"


def test_items_of_a_sub_dimension_are_shown_all_or_none() -> None:
    days = uniform(ALL_GROUPS, 10)
    for day in days:
        day[5:] = [form({k: v for k, v in one.answers.items() if k != "gifts"}) for one in day[5:]]
    figures = bulletin(week_counts(WEEK, days)).figures
    assert figures["item.gifts"].value is None
    assert figures["item.extra"].value is None


def test_criteria_are_shown_all_or_none() -> None:
    # Twenty-five forms answer the last one: the others could be shown, and with the score it would follow from them.
    days = uniform(ALL_GROUPS, 10)
    for day in days:
        day[5:] = [form({**one.answers, CRITERIA[-1]: "dont_know"}) for one in day[5:]]
    made = bulletin(week_counts(WEEK, days)).figures
    assert made["satisfaction"].value is not None
    for criterion in CRITERIA:
        problem = made[f"item.{criterion}"].withheld
        assert problem is not None
        assert problem.code == "figure.few_forms"


def test_a_quiet_unit_sees_last_quarters_figure_in_the_next_quarter() -> None:
    quarter = Week(2026, 30).quarter
    weeks = [week_counts(w, uniform(ALL_GROUPS, 1, days=3)) for w in quarter.weeks]
    closing = bulletin(*weeks, at=quarter.last_week).figures["5"]
    assert closing.window == str(quarter)
    assert closing.value is not None
    next_quarter = bulletin(*weeks, at=quarter.last_week.next()).figures["5"]
    assert next_quarter.window == str(quarter)
    assert next_quarter.value == closing.value


@pytest.mark.parametrize(("answers", "is_shown"), [(25, False), (30, True)])
def test_a_score_needs_thirty_answers_to_each_sensitive_item(
    answers: int, *, is_shown: bool
) -> None:
    # Two hundred forms answer about gifts, one in four of them badly; few were asked for an extra payment.
    days = uniform(ALL_GROUPS, 10)
    for day in days:
        for place, one in enumerate(day):
            asked = {"gifts": "yes" if place % 4 == 0 else "no"}
            asked |= {"extra": "no" if place < answers // 5 else "dont_know"}
            day[place] = form({**one.answers, **asked})
    figures = bulletin(week_counts(WEEK, days)).figures
    for key in ("4", "4.2", "item.extra"):
        assert (figures[key].value is not None) == is_shown, key
    if not is_shown:
        problem = figures["4.2"].withheld
        assert problem is not None
        assert (problem.code, problem.params["needed"]) == ("figure.few_answers", 30)


def test_shares_near_the_ends_are_only_bounded() -> None:
    figures = bulletin(week_counts(WEEK, uniform(ALL_GROUPS, 10))).figures
    satisfied = figures["satisfaction"]
    assert (satisfied.value, satisfied.bound) == (95.0, "at_least")
    assert satisfied.low is None
    unhappy = figures["grade.not_satisfied"]
    assert (unhappy.value, unhappy.bound) == (5.0, "at_most")


def test_open_channel_flag_and_partial_forms_never_enter_a_figure() -> None:
    days = uniform(ALL_GROUPS, 10)
    plain = bulletin(week_counts(WEEK, days))
    for day in days:
        answers = {"procedure": "other", "satisfaction": "s1", **dict.fromkeys(CRITERIA, "no")}
        day.extend([form(answers, channel="open"), form(answers, complete=False)])
    assert bulletin(week_counts(WEEK, days)).figures == plain.figures


def test_label_order_of_units_does_not_change_a_figure() -> None:
    days = uniform(ALL_GROUPS, 10)
    straight = bulletin(week_counts(WEEK, days))
    assert bulletin(week_counts(WEEK, days[::-1])).figures == straight.figures


def test_a_bulletin_says_what_changed_since_the_window_before() -> None:
    worse = [[good_form(g, yes=5) for g in ALL_GROUPS for _ in range(10 + day)] for day in range(5)]
    weeks = [made_week(Week(2026, n), 10) for n in (40, 41)]
    weeks.append(week_counts(Week(2026, 42), worse))
    steady = bulletin(*weeks, at=Week(2026, 41)).changes["5"]
    assert isinstance(steady, Change)
    assert (steady.value, steady.direction) == (0.0, None)
    assert steady.low < 0 < steady.high
    fallen = bulletin(*weeks, at=Week(2026, 42)).changes["5"]
    assert isinstance(fallen, Change)
    assert fallen.direction == "down"
    assert fallen.high < 0
    first = bulletin(*weeks, at=Week(2026, 40)).changes["5"]
    assert isinstance(first, Problem)


def test_a_week_with_too_many_forms_in_doubt_is_not_published() -> None:
    days = uniform(ALL_GROUPS, 10)
    for day in days:
        day[:12] = [form(one.answers, flagged=True) for one in day[:12]]
    counts = week_counts(WEEK, days)
    plain = bulletin(counts).figures
    doubted = make_bulletin(
        UNIT, WEEK, {WEEK: counts}, VERSIONS, small_scheme(), quality_rules()
    ).figures
    assert plain["5"].value is not None
    assert doubted["5"].value is None
    assert doubted["satisfaction"].withheld is not None
    assert doubted["satisfaction"].withheld.code == "quality.withheld"
