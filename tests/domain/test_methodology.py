"""The numbers printed in docs/methodology.md are those the program computes."""

from collections import Counter
from datetime import date, timedelta
from math import hypot
from pathlib import Path

import pytest

from survey_app.content import released_questionnaires
from survey_app.content.holidays import tet_dates
from survey_app.domain.comparison import read_window, window_a_year_ago
from survey_app.domain.control import FALSE_ALARM, POINTS_A_YEAR, Chart, Point, control_chart
from survey_app.domain.difference import (
    between_windows,
    holm,
    smallest_detectable,
    within_window,
)
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import Estimate, Ratio, Term, combine, effective_size, interval
from survey_app.domain.figures import (
    Plan,
    dimension_figure,
    item_figure,
    make_plan,
    share_figure,
    subdimension_figure,
    total_figure,
)
from survey_app.domain.modules import ChiSquare, module_completion, module_shares
from survey_app.domain.problem import Problem
from survey_app.domain.psu import merge_days
from survey_app.domain.quality.tails import evidence_of, excess_chance
from survey_app.domain.questionnaire import Question
from survey_app.domain.reach import Level, shrunken
from survey_app.domain.sensitivity import Sensitivity, if_others_are_lower
from survey_app.domain.tally import Series, Tally, tally
from survey_app.domain.thickness import Thickness
from survey_app.domain.weeks import Week
from survey_app.domain.weighting import post_strata, weighted_tally
from survey_app.domain.whatif import moved
from survey_app.domain.windows import Calendar, kind_in_quarter
from tests.domain.test_coverage import PUBLISHED
from tests.support.small import (
    CRITERIA,
    SMALL,
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


def answer(yes: bool) -> str:
    return "yes" if yes else "no"


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


def test_dimension_and_total() -> None:
    # In three groups every criterion is met by eighty of a hundred; the fourth is the one above.
    yes = dict.fromkeys(("cert", "construction", "land"), (80,) * 8)
    yes["other"] = (92, 85, 95, 97, 80, 88, 79, 90)
    forms = [
        form(
            {"procedure": group}
            | {q: answer(n < many) for q, many in zip(CRITERIA, each, strict=True)}
        )
        for group, each in yes.items()
        for n in range(100)
    ]
    five = small_scheme().dimension("5")
    counted = tally([("w", totals(forms))], VERSIONS)
    for subs in (five.subdimensions, five.subdimensions[2:]):
        raw = dimension_figure(counted, PLAN, five, subs)
        assert raw.estimate is not None
        assert f"**{raw.low + (raw.high - raw.low) * raw.estimate.p:.4f}**" in TEXT


def test_a_bad_item() -> None:
    forms = [form({"procedure": "other", "extra": answer(n < 3)}) for n in range(100)]
    found = item_figure(tally([("w", totals(forms))], VERSIONS), SMALL.questions["extra"])
    assert found.estimate is not None
    assert f"z = **{found.estimate.p:.2f}**" in TEXT


def test_total() -> None:
    scheme = small_scheme()
    counted = Tally(["w"], [100])
    questions: dict[str, tuple[Question, ...]] = {}
    for place, dimension in enumerate(scheme.dimensions):
        for sub in dimension.subdimensions:
            questions[sub.code] = (SMALL.questions["extra"],)
            counted.indicators[sub.code, "extra"] = Series([50.0 + 5 * place], [100])
    raw = total_figure(counted, Plan(scheme, questions, {}), 8)
    assert raw.estimate is not None
    assert f"**{raw.low + (raw.high - raw.low) * raw.estimate.p:.1f}** trên / of 80" in TEXT


def test_standard_error_and_intervals() -> None:
    lonely = combine([*"aaaaab"], [Term(1.0, Ratio((8, 6, 7, 9, 5, 10), (10,) * 6))])
    assert f"SE = **{lonely.se:.4f}**; df = {lonely.df}.\n\n**Ngày được gộp" in TEXT
    assert f"SE = **{EARLY.se:.4f}**; df = {EARLY.df}" in TEXT
    low, high = interval(EARLY, 50)
    assert f"**{low:.3f}** – **{high:.3f}**" in TEXT
    low, high = interval(week(12, 12, 12, 12, 12, n=12), 60)
    assert f"n_eff = {effective_size(60, 5):.2f}, **{low:.3f}** – {high:.0f}" in TEXT


def test_days_are_merged() -> None:
    monday = date(2026, 11, 23)
    forms = {monday + timedelta(days=n): many for n, many in enumerate((4, 7, 12, 15, 3))}
    groups = [sum(forms[day] for day in group) for group in merge_days(forms)]
    assert f"**{', '.join(map(str, groups))}**; df = {len(groups) - 1}." in TEXT


@pytest.mark.parametrize(
    ("weeks", "blocks", "words"),
    [
        (10, 3, "77 %: **tuần / week**"),
        (9, 3, "**khối / block**"),
        (9, 2, "67 %: **quý / quarter**"),
    ],
)
def test_windows(weeks: int, blocks: int, words: str) -> None:
    last = Week(2026, 40)
    quarter = last.previous().quarter
    thick = {week.window for week in quarter.weeks[:weeks]}
    thick |= {
        week.block for week in (quarter.weeks[0], quarter.weeks[5], quarter.weeks[-1])[:blocks]
    }
    # Windows that reach the limits have an answer, the others none.
    calendar = Calendar(
        last, quarter.weeks[0], lambda window: Thickness(n=Counter(x=window in thick))
    )
    kind = kind_in_quarter(calendar, last, lambda held: bool(held.n["x"]))
    assert f"/ {kind}**" in words
    assert words in TEXT


def test_blocks_of_a_long_year() -> None:
    blocks = dict.fromkeys(week.block for week in Week(2026, 53).quarter.weeks)
    assert f"**{', '.join(str(len(block.weeks)) for block in blocks)}** tuần / weeks" in TEXT


def test_a_year_ago() -> None:
    for text in ("2026-W47", "2026-W53", "2026-W08"):
        earlier = window_a_year_ago(read_window(text), tet_dates())
        assert f"{text} → **{earlier}**" in TEXT


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
    by_day = zip((6, 5, 6, 5, 6), (2, 1, 2, 1, 2), strict=True)
    people = [
        [("cert", n < certificates) for n in range(6)] + [("land", n < land) for n in range(4)]
        for certificates, land in by_day
    ]
    psus = [
        ("w", totals([good_form(g, satisfaction="s5" if good else "s1") for g, good in day]))
        for day in people
    ]
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
    words = f"SE = **{found.se:.4f}** (không trọng số / unweighted {plain.se:.4f}), df = {found.df}"
    assert words in TEXT


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
    found = module_completion((50, 61, 47, 48, 66, 45, 52), (11, 9, 8, 10, 11, 4, 11))
    assert isinstance(found, ChiSquare)
    assert f"χ² = **{found.statistic:.2f}**, df = {found.df}, p = **{found.p:.3f}**" in TEXT
    [version] = released_questionnaires()
    assert version.module_count == 7
    module = version.module_of("9f3c21a4-0000-4000-8000-000000000000")
    assert f"nhóm / module **{module}**" in TEXT


def test_change() -> None:
    found = between_windows(LATE, EARLY, (50, 50))
    low, high = (f"{bound:.3f}".replace("-", "−") for bound in found.interval)
    assert f"**{low}** – **{high}**, p = **{found.p:.3f}**" in TEXT
    assert f"MDC (m = 1) = **{smallest_detectable(found.se, found.df):.3f}**" in TEXT


def test_change_without_flagged_forms() -> None:
    sound = combine(["a"] * 5, [Term(1.0, Ratio((7, 5, 6, 9, 5), (9, 9, 9, 10, 10)))])
    found = within_window(sound, EARLY)
    assert not isinstance(found, Problem)
    assert f"d = −{-found.value:.3f}, SE = **{found.se:.4f}**" in TEXT
    assert f"would give {hypot(sound.se, EARLY.se):.4f})" in TEXT


def test_a_side_without_variance() -> None:
    perfect = week(12, 12, 12, 12, 12, n=12)
    low, high = interval(perfect, 60)
    assert f"(1 − {low:.3f})/2/2.776 = **{(high - low) / 2 / t_quantile(0.975, 4):.4f}**" in TEXT
    found = between_windows(perfect, EARLY, (60, 50))
    assert f"week before SE = **{found.se:.4f}**" in TEXT
    chart = control_chart([Point("b", perfect, 60)] * 20, "block")
    assert isinstance(chart, Chart)
    assert f"a baseline of 20 such: **{chart.centre:.3f}**" in TEXT


def test_what_if() -> None:
    counted = Tally(["a"] * 5, [10] * 5)
    counted.indicators["5.1", "q"] = Series([8.0, 6.0, 7.0, 9.0, 5.0], [10] * 5)
    sums = moved(counted, "q", 0.8).indicators["5.1", "q"].sums
    assert f"**{', '.join(f'{z:.2f}' for z in sums)}**" in TEXT


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
