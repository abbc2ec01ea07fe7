"""Post-strata, their refusals, and what weighting does to figures."""

from collections.abc import Sequence

import pytest

from survey_app.domain.counting import CountedForm, Totals
from survey_app.domain.estimation import Estimate
from survey_app.domain.figures import share_figure
from survey_app.domain.problem import Problem
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.sums import cells_in
from survey_app.domain.tally import Tally, tally
from survey_app.domain.weeks import Week
from survey_app.domain.weighting import Stratum, forms_by_group, post_strata, weighted_tally
from tests.support.small import VERSIONS, form, good_form, in_one_of, totals

WEEK = Week(2026, 47)
ORDER = ("cert", "construction", "land", "other")
FORMS = {"cert": 40, "construction": 12, "land": 20, "other": 30}
DOSSIERS = {"cert": 200, "construction": 60, "land": 100, "other": 40}


def strata(
    forms: dict[str, int], dossiers: dict[str, int] | None = None, total: int | None = None
) -> tuple[Stratum, ...] | Problem:
    dossiers = DOSSIERS if dossiers is None else dossiers
    total = sum(dossiers.values()) if total is None else total
    return post_strata(forms, dossiers, total, ORDER)


def cells(found: tuple[Stratum, ...] | Problem) -> list[tuple[str, ...]]:
    assert not isinstance(found, Problem)
    return [stratum.groups for stratum in found]


def code(found: tuple[Stratum, ...] | Problem) -> str:
    assert isinstance(found, Problem)
    return found.code


def test_each_group_is_a_stratum_when_it_has_ten_forms() -> None:
    found = strata(FORMS)
    assert cells(found) == [("cert",), ("construction",), ("land",), ("other",)]
    assert not isinstance(found, Problem)
    assert [s.weight for s in found] == pytest.approx([5, 5, 5, 4 / 3])


def test_forms_without_a_group_take_no_part() -> None:
    assert strata(FORMS | {"none": 7}) == strata(FORMS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"construction": 9}, [("cert",), ("construction", "land"), ("other",)]),
        ({"other": 9}, [("cert",), ("construction",), ("land", "other")]),
        ({"construction": 4, "land": 4}, [("cert",), ("construction", "land", "other")]),
        ({"cert": 5, "land": 5}, [("cert", "construction"), ("land", "other")]),
        ({"construction": 5, "land": 5}, [("cert",), ("construction", "land"), ("other",)]),
    ],
)
def test_small_groups_join_their_neighbour(
    changes: dict[str, int], expected: list[tuple[str, ...]]
) -> None:
    assert cells(strata(FORMS | changes)) == expected


@pytest.mark.parametrize(
    ("forms", "dossiers", "total", "expected"),
    [
        (FORMS, {"cert": 200, "land": 100, "other": 40}, None, "weighting.margin_missing"),
        (FORMS, {}, None, "weighting.margin_missing"),
        (FORMS, DOSSIERS, 401, "weighting.margins_differ"),
        (FORMS, DOSSIERS | {"land": -1}, None, "weighting.margin_negative"),
        (FORMS | {"land": 0}, None, None, "weighting.no_forms"),
        ({}, None, None, "weighting.no_forms"),
        (FORMS, DOSSIERS | {"land": 0}, None, "weighting.no_dossiers"),
        (FORMS, DOSSIERS | {"tax": 3}, None, "weighting.unknown_group"),
        (FORMS | {"tax": 3}, None, None, "weighting.unknown_group"),
        (dict.fromkeys(ORDER, 4), None, None, "weighting.one_stratum"),
        ({**dict.fromkeys(ORDER, 3), "other": 9}, None, None, "weighting.one_stratum"),
    ],
)
def test_what_cannot_be_weighted_says_why(
    forms: dict[str, int], dossiers: dict[str, int] | None, total: int | None, expected: str
) -> None:
    assert code(strata(forms, dossiers, total)) == expected


def test_a_group_without_dossiers_and_forms_joins_quietly() -> None:
    found = strata(FORMS | {"land": 0}, DOSSIERS | {"land": 0})
    assert cells(found) == [("cert",), ("construction",), ("land", "other")]


# ---- figures ----------------------------------------------------------------------------------------


def week(days: Sequence[Sequence[CountedForm]]) -> list[tuple[str, Totals]]:
    return [(str(WEEK), totals(forms)) for forms in days]


def day(cert_good: int, land_good: int) -> list[CountedForm]:
    """Six certificates and four land dossiers, so many of each satisfied."""
    ratings = [("cert", n < cert_good) for n in range(6)] + [
        ("land", n < land_good) for n in range(4)
    ]
    return [good_form(group, satisfaction="s4" if good else "s2") for group, good in ratings]


FIVE_DAYS = [day(6, 1), day(5, 2), day(6, 2), day(5, 1), day(6, 2)]
CERT, LAND = Stratum(("cert",), 30, 100), Stratum(("land",), 20, 300)


def weighted(psus: list[tuple[str, Totals]], strata: Sequence[Stratum]) -> Tally:
    parts = [tally(psus, VERSIONS, in_one_of(s.groups)) for s in strata]
    return weighted_tally(parts, strata)


def by_group(psus: list[tuple[str, Totals]]) -> dict[str, int]:
    counted = WeekCounts(WEEK, 1, [PsuTotals(f"p{n}", t) for n, (_, t) in enumerate(psus)])
    return forms_by_group(cells_in(WEEK.window, {WEEK: counted}))


def satisfaction(psus: list[tuple[str, Totals]], *strata: Stratum) -> Estimate:
    tallied = weighted(psus, strata) if strata else tally(psus, VERSIONS)
    found = share_figure(tallied, "satisfaction").estimate
    assert found is not None
    return found


def test_weights_give_each_group_its_share_of_the_dossiers() -> None:
    # Certificates 28 of 30, land 8 of 20; dossiers 1 to 3: (28/30 + 3 * 8/20) / 4.
    psus = week(FIVE_DAYS)
    assert satisfaction(psus).p == pytest.approx(36 / 50)
    assert satisfaction(psus, CERT, LAND).p == pytest.approx((28 / 30 + 3 * 0.4) / 4)


def test_proportional_dossiers_change_nothing_but_the_variance() -> None:
    psus = week(FIVE_DAYS)
    plain = satisfaction(psus)
    same = satisfaction(psus, Stratum(("cert",), 30, 300), Stratum(("land",), 20, 200))
    assert same.p == pytest.approx(plain.p)
    # Days all had six and four forms: knowing the groups explains nothing of what days differ in.
    assert same.se == pytest.approx(plain.se)
    assert (same.df, same.psus) == (plain.df, plain.psus)


def test_post_stratification_takes_out_what_the_mix_of_groups_explains() -> None:
    # Within a group all days are alike; days differ only in how many of each group came.
    days = [
        [good_form("cert")] * c + [good_form("land", satisfaction="s1")] * (12 - c)
        for c in (2, 10, 6, 8, 4)
    ]
    psus = week(days)
    assert satisfaction(psus).se > 0.1
    assert satisfaction(psus, CERT, Stratum(("land",), 30, 300)).se == pytest.approx(0, abs=1e-15)


def test_forms_who_say_nothing_count_in_their_stratum() -> None:
    # m, not n, spreads the residual: a day of silent forms takes its share of the cell's level.
    silent = [form({"procedure": "cert", "satisfaction": "dont_know"})] * 6
    psus = week([*FIVE_DAYS, silent])
    found = satisfaction(psus, Stratum(("cert",), 36, 100), LAND)
    assert (found.psus, found.df) == (5, 4)
    assert found.se != pytest.approx(satisfaction(week(FIVE_DAYS), CERT, LAND).se, rel=1e-3)


def test_counts_stay_counts_of_forms() -> None:
    tallied = weighted(week(FIVE_DAYS), [CERT, LAND])
    figure = share_figure(tallied, "satisfaction")
    assert (tallied.forms, figure.n, figure.asked) == (50, 50, 50)
    assert by_group(week(FIVE_DAYS)) == {"cert": 30, "land": 20}


def test_open_forms_are_not_weighted() -> None:
    wall = [form(good_form("cert").answers, channel="open")]
    assert by_group(week([wall])) == {}
    assert weighted(week([wall, *FIVE_DAYS]), [CERT, LAND]).forms == 50


def test_all_dont_know_leaves_no_weighted_figure() -> None:
    silent = [form({"procedure": group, "satisfaction": "dont_know"}) for group in ("cert", "land")]
    tallied = weighted(week([silent] * 5), [CERT, LAND])
    assert share_figure(tallied, "satisfaction").estimate is None
