"""The numbers printed in docs/methodology.md are those the program computes."""

from pathlib import Path

from survey_app.domain.control import FALSE_ALARM, POINTS_A_YEAR, Chart, Point, control_chart
from survey_app.domain.difference import between_windows, holm, smallest_detectable
from survey_app.domain.estimation import Estimate, Ratio, Term, combine, effective_size, interval
from survey_app.domain.figures import make_plan, share_figure, subdimension_figure
from survey_app.domain.modules import ChiSquare, module_shares
from survey_app.domain.problem import Problem
from survey_app.domain.quality.tails import evidence_of, excess_chance
from survey_app.domain.reach import Level, shrunken
from survey_app.domain.sensitivity import Sensitivity, if_others_are_lower
from survey_app.domain.tally import tally
from survey_app.domain.weighting import post_strata, weighted_tally
from tests.domain.test_coverage import PUBLISHED
from tests.support.small import (
    CRITERIA,
    VERSIONS,
    form,
    good_form,
    in_one_of,
    small_scheme,
    totals,
)

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "methodology.md").read_text(encoding="utf-8")
# The table of what may be published; below it stands what the intervals do not carry.
SIMULATED = (DOCS / "methodology-simulation.md").read_text(encoding="utf-8").partition("\n## ")[0]
PLAN = make_plan(VERSIONS, small_scheme())


def week(*good: float, n: int = 10) -> Estimate:
    return combine(["a"] * len(good), [Term(1.0, Ratio(good, (n,) * len(good)))])


EARLY, LATE = week(8, 6, 7, 9, 5), week(9, 8, 9, 10, 8)


def test_sensitivity() -> None:
    score = if_others_are_lower(7.60, 1, 10, forms=300, dossiers=1200)
    rate = if_others_are_lower(84.0, 0, 100, forms=300, dossiers=1200)
    assert isinstance(score, Sensitivity)
    assert isinstance(rate, Sensitivity)
    assert f"c = {score.coverage:.0f} %" in TEXT
    assert f"7.60 − 0.75 · 0.9 = **{score.value:.2f}**" in TEXT
    assert f"**{rate.value:.1f}** %" in TEXT


def test_sub_dimension() -> None:
    # A hundred forms, of which so many say yes to each of the eight criteria.
    yes = (92, 85, 95, 97, 80, 88, 79, 90)
    answers = [
        {q: "yes" if n < many else "no" for q, many in zip(CRITERIA, yes, strict=True)}
        for n in range(100)
    ]
    forms = [form({"procedure": "other", **given}) for given in answers]
    sub = small_scheme().subdimension("5.4")
    raw = subdimension_figure(tally([("w", totals(forms))], VERSIONS), PLAN, sub)
    assert raw.estimate is not None
    score = raw.low + (raw.high - raw.low) * raw.estimate.p
    assert f"**{score:.4f}**" in TEXT


def test_standard_error_and_intervals() -> None:
    assert f"SE = **{EARLY.se:.4f}**; df = {EARLY.df}" in TEXT
    low, high = interval(EARLY, 50)
    assert f"**{low:.3f}** – **{high:.3f}**" in TEXT
    low, high = interval(week(12, 12, 12, 12, 12, n=12), 60)
    assert f"n_eff = {effective_size(60, 5):.2f}, **{low:.3f}** – {high:.0f}" in TEXT


def test_coverage_table() -> None:
    for level, percents in PUBLISHED.items():
        assert f"| {level:.2f} | {' | '.join(map(str, percents))} |" in TEXT


def test_every_cell_of_the_simulated_table() -> None:
    rows = [line for line in SIMULATED.splitlines() if line.startswith(("| tuần", "| khối"))]
    cells = [[float(cell) for cell in row.split("|")[4:-1]] for row in rows]
    assert len(rows) == 30
    assert all(len(row) == 3 for row in cells)
    assert all(92 <= cell <= 97 for row in cells for cell in row)
    low, high = min(map(min, cells)), max(map(max, cells))
    assert f"({low}–{high} %)" in SIMULATED
    assert f"({low:.1f}–{high:.1f} %)".replace(".", ",") in SIMULATED


def test_weights() -> None:
    # Certificates 28 of 30 satisfied, land 8 of 20; a hundred and three hundred dossiers.
    people = [("cert", n < 28) for n in range(30)] + [("land", n < 8) for n in range(20)]
    forms = [good_form(group, satisfaction="s5" if good else "s1") for group, good in people]
    psus = [("w", totals(forms))]
    groups = {"cert": 30, "land": 20}
    strata = post_strata(groups, {"cert": 100, "land": 300}, 400, ("cert", "land"))
    assert not isinstance(strata, Problem)
    parts = [tally(psus, VERSIONS, in_one_of(stratum.groups)) for stratum in strata]
    found = share_figure(weighted_tally(parts, strata), "satisfaction").estimate
    plain = share_figure(tally(psus, VERSIONS), "satisfaction").estimate
    assert found is not None
    assert plain is not None
    assert f"36/50 = {plain.p:.2f}" in TEXT
    assert f"**{found.p:.4f}**" in TEXT


def test_drawn_together() -> None:
    low, _, high = shrunken([Level(p, 0.001) for p in (0.5, 0.7, 0.9)])
    assert f"**{low:.3f}**, 0.7, **{high:.3f}**" in TEXT
    worst, *_, best = shrunken([Level(p, 0.0005) for p in (0.5, 0.6, 0.7, 0.8)])
    assert f"{worst:.4f}, tốt nhất / the best {best:.4f}" in TEXT
    points = 9 / 8 * (best - worst)
    assert f"**{points:.2f}**; với nửa" in TEXT
    assert f"answers **{points / 2:.2f}**" in TEXT


def test_control_limits() -> None:
    level = Estimate(0.8, 0.02, 16, 20)
    points = [Point("b", level, 400)] * 20 + [Point("b", Estimate(0.7, 0.02, 16, 20), 400)]
    chart = control_chart(points, "block")
    assert isinstance(chart, Chart)
    last = chart.points[-1]
    assert last.signal == "below"
    assert f"**{last.low:.3f}** – **{last.high:.3f}**: ngoài" in TEXT


def test_modules() -> None:
    found = module_shares([61, 70, 55, 58, 77, 49, 63])
    assert isinstance(found, ChiSquare)
    assert f"χ² = **{found.statistic:.2f}**, df = {found.df}, p = **{found.p:.3f}**" in TEXT


def test_change() -> None:
    found = between_windows(LATE, EARLY, (50, 50))
    low, high = (f"{bound:.3f}".replace("-", "−") for bound in found.interval)
    assert f"**{low}** – **{high}**, p = **{found.p:.3f}**" in TEXT
    assert f"MDC (m = 1) = **{smallest_detectable(found.se, found.df):.3f}**" in TEXT


def test_family() -> None:
    adjusted = holm({"1": 0.004, "2": 0.02, "3": 0.03, "4": 0.2})
    assert f"**{', '.join(f'{p:g}' for p in adjusted.values())}**" in TEXT


def test_false_alarms() -> None:
    for kind in ("week", "block", "quarter"):
        assert f"**{FALSE_ALARM * POINTS_A_YEAR[kind]:.2f}**" in TEXT


def test_same_citizen() -> None:
    expected = 60 * 20 / 220
    evidence = evidence_of([60, 20, 220, 40], 0.2)
    assert f"E = **{expected:.2f}**" in TEXT
    assert f"P = **{excess_chance(12, expected, evidence):.3f}**" in TEXT
    assert f"P = **{excess_chance(30, expected, evidence):.1e}**" in TEXT
