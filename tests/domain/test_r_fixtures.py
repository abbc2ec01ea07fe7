"""Equal to R's survey package to 8 significant digits: the classic api sets and a made-up office."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from survey_app.domain.counting import Totals, count
from survey_app.domain.difference import between_windows, within_window
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import CONFIDENCE_TAIL, Estimate, Ratio, estimate, interval
from survey_app.domain.figures import (
    dimension_figure,
    make_plan,
    share_figure,
    subdimension_figure,
)
from survey_app.domain.influence import Influence, paired_difference, ratio_influence
from survey_app.domain.problem import Problem
from survey_app.domain.routing import Answer
from survey_app.domain.tally import Keep, Tally, every_form, tally, without_flagged
from survey_app.domain.weighting import (
    Stratum,
    StratumRatio,
    WeightedRatio,
    forms_by_group,
    post_strata,
    weighted_tally,
)
from tests.support.fixtures_r import FOLDER, r_fixture
from tests.support.small import CRITERIA, VERSIONS, form, in_one_of, small_scheme

API = ("apisrs", "apistrat", "apiclus1", "apiclus2")
ORDER = ("cert", "construction", "land", "other")
DOSSIERS = {"cert": 380, "construction": 150, "land": 230, "other": 410}
SCHEME = small_scheme()
PLAN = make_plan(VERSIONS, SCHEME)
FIVE = SCHEME.dimension("5")


def digits(value: float) -> Any:
    """Equal to 8 significant digits."""
    return pytest.approx(value, rel=5e-9)


def check(found: Estimate, name: str, fixture: str) -> None:
    expected = r_fixture(fixture)["values"][name]
    assert found.p == digits(expected["value"])
    assert found.se == digits(expected["se"])
    assert found.df == expected["df"]
    half = t_quantile(CONFIDENCE_TAIL, found.df) * found.se
    assert found.p - half == digits(expected["low"])
    assert found.p + half == digits(expected["high"])


# ---- the api sets ---------------------------------------------------------------------------------


class Rows:
    """An api fixture with its rows summed by sampling unit."""

    def __init__(self, name: str) -> None:
        self.columns: dict[str, list[Any]] = r_fixture(name)["rows"]
        places = dict.fromkeys(
            zip(self.columns["stratum"], self.columns["psu"], strict=True),
        )
        self.units = {unit: position for position, unit in enumerate(places)}
        self.strata = [str(stratum) for stratum, _ in self.units]

    def by_unit(self, values: Sequence[float]) -> list[float]:
        sums = [0.0] * len(self.units)
        keys = zip(self.columns["stratum"], self.columns["psu"], strict=True)
        for key, value in zip(keys, values, strict=True):
            sums[self.units[key]] += value
        return sums

    def weighted(self, column: str, inside: Sequence[int] | None = None) -> list[float]:
        values = self.columns[column] if column != "one" else [1] * len(self.columns["psu"])
        inside = inside or [1] * len(values)
        rows = zip(self.columns["weight"], values, inside, strict=True)
        return self.by_unit([w * y * i for w, y, i in rows])

    def ratio(
        self, top: str, bottom: str = "one", inside: Sequence[int] | None = None
    ) -> Influence:
        return ratio_influence(
            self.strata, self.weighted(top, inside), self.weighted(bottom, inside)
        )


@pytest.mark.parametrize("name", API)
def test_api_means_ratios_and_domains(name: str) -> None:
    rows = Rows(name)
    check(estimate(rows.ratio("api00")), "mean", name)
    check(estimate(rows.ratio("api_stu", "enroll")), "ratio", name)
    check(estimate(rows.ratio("api00", inside=rows.columns["inside"])), "domain", name)


@pytest.mark.parametrize("name", API)
@pytest.mark.parametrize("figure", ["mean", "ratio", "domain"])
def test_the_t_intervals_of_the_api_sets_are_those_of_confint(name: str, figure: str) -> None:
    # `check` holds ours against the former.
    expected = r_fixture(name)["values"][figure]
    assert expected["low"] == digits(expected["confint_low"])
    assert expected["high"] == digits(expected["confint_high"])


@pytest.mark.parametrize("name", API)
def test_api_differences_of_domains_carry_their_covariance(name: str) -> None:
    rows = Rows(name)
    award = rows.columns["award"]
    with_award = rows.ratio("api00", inside=award)
    without = rows.ratio("api00", inside=[1 - a for a in award])
    check(estimate(paired_difference(with_award, without)), "difference", name)


@pytest.mark.parametrize("name", API)
def test_api_logit_t_interval_of_a_proportion(name: str) -> None:
    found = estimate(Rows(name).ratio("award"))
    check(found, "award", name)
    expected = r_fixture(name)["values"]["award"]
    assert interval(found, 200) == (digits(expected["logit_low"]), digits(expected["logit_high"]))


@pytest.mark.parametrize(
    ("name", "top", "bottom"),
    [
        ("post_mean", "api00", None),
        ("post_award", "award", None),
        ("post_ratio", "api_stu", "enroll"),
        ("post_domain", "api00", "inside"),
    ],
)
def test_api_post_stratified(name: str, top: str, bottom: str | None) -> None:
    rows = Rows("apiclus1")
    columns = rows.columns
    lower = columns[bottom] if bottom else [1] * len(columns["psu"])
    upper = (
        [y * i for y, i in zip(columns[top], lower, strict=True)]
        if name == "post_domain"
        else columns[top]
    )
    parts = []
    for stype, schools in {"E": 4421, "H": 755, "M": 1018}.items():
        here = [int(group == stype) for group in columns["group"]]
        forms = [int(v) for v in rows.by_unit(here)]
        sums = rows.by_unit([y * i for y, i in zip(upper, here, strict=True)])
        answers = rows.by_unit([n * i for n, i in zip(lower, here, strict=True)])
        ratio = Ratio(tuple(sums), tuple(int(n) for n in answers))
        parts.append(StratumRatio(schools / sum(forms), ratio, tuple(forms)))
    check(estimate(WeightedRatio(tuple(parts)).influence(rows.strata)), name, "apiclus1")


# ---- a one-stop office, counted and tallied as the product does it --------------------------------


def office_form(row: dict[str, Any]) -> dict[str, Answer]:
    criteria = [row[f"c{number}"] for number in range(1, 9)]
    yes_no = {1: "yes", 0: "no", None: "dont_know"}
    answers: dict[str, Answer] = {"procedure": row["group"]}
    answers |= {q: yes_no[value] for q, value in zip(CRITERIA, criteria, strict=True)}
    answers["satisfaction"] = f"s{row['rating']}" if row["rating"] else "dont_know"
    # 1 is the good answer, "no payment was asked for".
    good = {1: "no", 0: "yes"}
    asked = {q: row[q] for q in ("extra", "gifts") if row[q] is not None}
    return answers | {q: good[value] for q, value in asked.items()}


@cache
def office_psus(*, late: bool) -> list[tuple[str, Totals]]:
    columns = r_fixture("office")["rows"]
    days = defaultdict(list)
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        if (row["week"] >= "2026-W44") == late:
            counted = form(office_form(row), flagged=bool(row["flagged"]))
            days[row["week"], row["day"]].append(counted)
    return [(week, count(forms, VERSIONS)) for (week, _), forms in days.items()]


def office(*, late: bool = True, keep: Keep = every_form) -> Tally:
    return tally(office_psus(late=late), VERSIONS, keep)


def sub(tallied: Tally, code: str) -> Estimate:
    return present(subdimension_figure(tallied, PLAN, SCHEME.subdimension(code)).estimate)


def five(tallied: Tally) -> Estimate:
    return present(dimension_figure(tallied, PLAN, FIVE, FIVE.subdimensions).estimate)


def satisfied(tallied: Tally) -> Estimate:
    return present(share_figure(tallied, "satisfaction").estimate)


def item(tallied: Tally, question: str) -> Estimate:
    return estimate(tallied.items[question].ratio.influence(tallied.strata))


def present(found: Estimate | None) -> Estimate:
    assert found is not None
    return found


def test_office_levels() -> None:
    late = office()
    check(sub(late, "5.1"), "subdimension_51", "office")
    check(sub(late, "4.2"), "subdimension_42", "office")
    check(five(late), "dimension_5", "office")


@pytest.mark.parametrize("name", ["satisfied", "early_satisfied", "extra"])
def test_office_logit_t_intervals(name: str) -> None:
    tallied = office(late=not name.startswith("early"))
    found = item(tallied, "extra") if name == "extra" else satisfied(tallied)
    check(found, name, "office")
    expected = r_fixture("office")["values"][name]
    assert interval(found, 200) == (digits(expected["logit_low"]), digits(expected["logit_high"]))


@pytest.mark.parametrize(
    ("name", "figure"), [("satisfied_change", satisfied), ("dimension_5_change", five)]
)
def test_office_changes_between_blocks(name: str, figure: Any) -> None:
    found = between_windows(figure(office()), figure(office(late=False)), (250, 200))
    expected = r_fixture("office")["values"][name]
    assert found.value == digits(expected["value"])
    assert (found.se, found.df) == (digits(expected["se"]), expected["df"])
    assert found.interval == (digits(expected["low"]), digits(expected["high"]))


@pytest.mark.parametrize(
    ("name", "figure"), [("satisfied_flags", satisfied), ("dimension_5_flags", five)]
)
def test_office_without_flagged_forms(name: str, figure: Any) -> None:
    found = within_window(figure(office(keep=without_flagged)), figure(office()))
    assert not isinstance(found, Problem)
    expected = r_fixture("office")["values"][name]
    assert found.value == digits(expected["value"])
    assert (found.se, found.df) == (digits(expected["se"]), expected["df"])
    assert found.interval == (digits(expected["low"]), digits(expected["high"]))


def strata(dossiers: dict[str, int], *, late: bool = True) -> tuple[Stratum, ...]:
    cells = [(k, cell.forms) for _, t in office_psus(late=late) for k, cell in t.items()]
    found = post_strata(forms_by_group(cells), dossiers, sum(dossiers.values()), ORDER)
    assert not isinstance(found, Problem)
    return found


def weighted(strata: Sequence[Stratum], *, late: bool = True) -> Tally:
    parts = [office(late=late, keep=in_one_of(s.groups)) for s in strata]
    return weighted_tally(parts, strata)


def test_office_post_stratified() -> None:
    found = weighted(strata(DOSSIERS))
    check(satisfied(found), "post_satisfied", "office")
    check(item(found, "extra"), "post_extra", "office")
    check(sub(found, "4.2"), "post_subdimension_42", "office")
    check(five(found), "post_dimension_5", "office")


def test_office_post_stratified_with_a_lonely_day() -> None:
    dossiers = {"cert": 350, "construction": 120, "land": 200, "other": 300}
    found = weighted(strata(dossiers, late=False), late=False)
    check(satisfied(found), "post_early_satisfied", "office")


def test_office_post_stratified_with_joined_groups() -> None:
    by_group = {s.groups: s for s in strata(DOSSIERS)}
    one, other = by_group["construction",], by_group["land",]
    joined = Stratum(("construction", "land"), one.forms + other.forms, 380)
    found = weighted([by_group["cert",], joined, by_group["other",]])
    check(satisfied(found), "collapsed_satisfied", "office")
    check(sub(found, "4.2"), "collapsed_subdimension_42", "office")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_fixture_names_its_makers(path: Any) -> None:
    made = r_fixture(path.stem)["made_with"]
    assert made["r"].startswith("4.")
    assert made["survey"].startswith("4.")
    assert (FOLDER / made["script"]).exists()
