"""Weighted figures beside the published ones: on blocks, through the same gate, with their refusals."""

from collections.abc import Sequence

import pytest

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.counting import CountedForm
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, Weighted, declared_groups, weighted_figures
from tests.support.small import VERSIONS, form, good_form, small_scheme, week_counts

SCHEME = small_scheme()
BLOCK = Week(2026, 40).block
# Certificates please more than land: the mix of forms is half and half, that of dossiers 1 to 3.
EVEN = Dossiers({"cert": 100, "construction": 100, "land": 100, "other": 100}, 400)
MOSTLY_LAND = Dossiers({"cert": 100, "construction": 100, "land": 700, "other": 100}, 1000)


def a_day(good: Sequence[int]) -> list[CountedForm]:
    """Five forms a group, `good[k]` of group k satisfied."""
    return [
        good_form(group, yes=7 if n == 0 else 8, satisfaction="s4" if n < met else "s1")
        for group, met in zip(declared_groups(VERSIONS), good, strict=True)
        for n in range(5)
    ]


DAYS = [a_day([5, 4, 2, 4]), a_day([5, 3, 1, 4]), a_day([4, 4, 2, 5]), a_day([5, 4, 2, 3])]
WEEKS = {week: week_counts(week, DAYS) for week in BLOCK.weeks}


def bulletin(weeks: dict[Week, WeekCounts]) -> Bulletin:
    return make_bulletin("12103@2025-07-01", BLOCK.last_week, weeks, VERSIONS, SCHEME)


def weighted(dossiers: Dossiers | None, weeks: dict[Week, WeekCounts] = WEEKS) -> Weighted:
    by_window = {str(BLOCK): dossiers} if dossiers else {}
    return weighted_figures(bulletin(weeks), weeks, VERSIONS, SCHEME, by_window)


def figure(found: Weighted, key: str) -> Figure:
    one = found[key]
    assert isinstance(one, Figure)
    return one


def test_each_group_gets_its_share_of_the_dossiers() -> None:
    # Satisfied of 20 by group: 19, 15, 7, 16.
    plain = bulletin(WEEKS).figures["satisfaction"]
    assert plain.value == pytest.approx(100 * 57 / 80, abs=0.06)
    found = figure(weighted(MOSTLY_LAND), "satisfaction")
    # In whole percent: 49.5.
    assert found.value == pytest.approx(100 * (19 + 15 + 7 * 7 + 16) / 200, abs=0.51)
    assert found.value in {49.0, 50.0}
    assert (found.window, found.n, found.df) == (plain.window, plain.n, plain.df)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.low < found.value < found.high


def test_the_same_mix_gives_the_same_figures() -> None:
    found = weighted(EVEN)
    plain = bulletin(WEEKS).figures
    assert figure(found, "satisfaction").value == round(plain["satisfaction"].value or 0.0)
    assert figure(found, "5").value == plain["5"].value


def test_every_published_score_and_share_of_the_block_has_one() -> None:
    shown = {
        k
        for k, f in bulletin(WEEKS).figures.items()
        if f.value is not None and f.kind != "item" and not k.startswith("grade.")
    }
    assert set(weighted(EVEN)) == shown
    assert {"5", "5.1", "satisfaction"} <= shown


def test_refusals_stand_in_every_place() -> None:
    codes = {p.code for p in weighted(None).values() if isinstance(p, Problem)}
    assert codes == {"weighting.margin_missing"}
    wrong = Dossiers(EVEN.by_group, 399)
    assert {p.code for p in weighted(wrong).values() if isinstance(p, Problem)} == {
        "weighting.margins_differ"
    }


def test_weekly_figures_are_not_weighted() -> None:
    days = [form for form in DAYS for _ in range(2)]
    weeks = {
        Week(2026, 40): week_counts(
            Week(2026, 40), [a + b for a, b in zip(days[:5], days[3:], strict=False)]
        )
    }
    shown = make_bulletin("12103@2025-07-01", Week(2026, 40), weeks, VERSIONS, SCHEME)
    assert shown.figures["satisfaction"].window == "2026-W40"
    assert weighted_figures(shown, weeks, VERSIONS, SCHEME, {}) == {}


def test_the_weighted_figure_does_not_count_those_who_name_no_procedure() -> None:
    unnamed = [form({**day[0].answers, "procedure": "refused"}) for day in DAYS]
    days = [[*day, one] for day, one in zip(DAYS, unnamed, strict=True)]
    weeks = {week: week_counts(week, days) for week in BLOCK.weeks}
    found = figure(weighted(MOSTLY_LAND, weeks), "satisfaction")
    assert found.n == bulletin(weeks).figures["satisfaction"].n == 336


def test_a_group_too_thin_for_a_score_joins_its_neighbour() -> None:
    # Weighted beside plain is one equation more: with two groups it would give the mean of each.
    days = [day[:16] for day in DAYS]
    weeks = {week: week_counts(week, days) for week in BLOCK.weeks}  # sixteen forms about "other"
    found = figure(weighted(MOSTLY_LAND, weeks), "satisfaction")
    rest = [one.answers["satisfaction"] == "s4" for day in days for one in day[10:]]
    expected = 100 * (95 + 75 + 800 * sum(rest) / len(rest)) / 1000
    assert found.value == pytest.approx(expected, abs=0.51)
