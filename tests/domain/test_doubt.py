"""Flags and the figures: told when not few, with and without, nothing published above the limit."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from survey_app.content.rules import quality_rules
from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.counting import CountedForm
from survey_app.domain.doubt import (
    figures_without_flagged,
    flagged_forms,
    flagged_share,
    forms_by_module,
    module_test,
    tablet_forms_by_module,
    withhold_doubted,
)
from survey_app.domain.modules import ChiSquare
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.weeks import Week
from tests.support.small import VERSIONS, good_form, small_scheme, week_counts

SCHEME = small_scheme()
WEEK = Week(2026, 40)
GROUPS = ("cert", "construction", "land", "other")


def a_day(flagged: int) -> list[CountedForm]:
    """Forty forms, `flagged` of them flagged; those are all satisfied, of the others three in four."""
    forms = [
        good_form(
            GROUPS[n % 4], yes=6 if n % 8 == 0 else 8, satisfaction="s1" if n % 4 == 3 else "s4"
        )
        for n in range(40 - flagged)
    ]
    doubtful = (good_form("cert", satisfaction="s5") for _ in range(flagged))
    return [*forms, *(replace(form, flagged=True) for form in doubtful)]


def weeks(*flagged: int) -> dict[Week, WeekCounts]:
    """One closed week, with so many flagged forms a day."""
    return {WEEK: week_counts(WEEK, [a_day(number) for number in flagged])}


def bulletin(known: Mapping[Week, WeekCounts]) -> Bulletin:
    return make_bulletin("12103@2025-07-01", WEEK, known, VERSIONS, SCHEME)


@pytest.mark.parametrize(
    ("flagged", "expected"),
    [((0, 0, 0, 0, 0), 0.0), ((2, 2, 2, 2, 2), 5.0), ((4, 4, 4, 4, 4), 10.0)],
)
def test_a_share_is_told_of_none_or_ten(flagged: tuple[int, ...], expected: float) -> None:
    assert flagged_share(WEEK, weeks(*flagged)) == expected


@pytest.mark.parametrize("flagged", [(1, 0, 0, 0, 0), (2, 2, 2, 2, 1), (40, 40, 40, 40, 31)])
def test_few_are_not_counted_on_either_side(flagged: tuple[int, ...]) -> None:
    found = flagged_share(WEEK, weeks(*flagged))
    assert isinstance(found, Problem)
    assert found.code == "quality.few_flagged"
    assert {*found.params} == {"least"}


def test_a_share_does_not_tell_a_week_of_seven_from_one_of_twelve() -> None:
    for number in (7, 12):
        plain = [good_form() for _ in range(number)]
        every = [replace(form, flagged=True) for form in plain]
        known, doubted = ({WEEK: week_counts(WEEK, [forms])} for forms in (plain, every))
        assert flagged_share(WEEK, known) == 0.0
        assert isinstance(flagged_share(WEEK, doubted), Problem)


def test_a_week_without_forms_has_no_share() -> None:
    assert isinstance(flagged_share(WEEK, {}), Problem)


def test_figures_without_flagged_forms() -> None:
    known = weeks(4, 4, 4, 4, 4)
    made = bulletin(known)
    found = figures_without_flagged(made, known, VERSIONS, SCHEME)
    rate, plain = found["satisfaction"], made.figures["satisfaction"]
    assert isinstance(rate, Figure)
    assert plain.value == pytest.approx(100 * (27 + 4) / 40, abs=0.06)
    assert rate.value == pytest.approx(100 * 27 / 36, abs=0.06)
    assert rate.window == plain.window
    assert rate.n is None


def test_without_flags_nothing_stands_beside() -> None:
    known = weeks(0, 0, 0, 0, 0)
    assert figures_without_flagged(bulletin(known), known, VERSIONS, SCHEME) == {}


def test_few_flagged_forms_have_no_figure_without_them() -> None:
    known = weeks(1, 1, 1, 1, 1)
    found = figures_without_flagged(bulletin(known), known, VERSIONS, SCHEME)
    assert found
    assert {p.code for p in found.values() if isinstance(p, Problem)} == {"quality.few_flagged"}


def test_above_the_limit_nothing_is_published() -> None:
    rules = quality_rules()
    most = int(rules.withhold.share * 40)
    allowed, doubted = (weeks(*[most + more] * 5) for more in (0, 1))
    assert withhold_doubted(bulletin(allowed), allowed, rules) == bulletin(allowed)
    found = withhold_doubted(bulletin(doubted), doubted, rules)
    before = bulletin(doubted)
    assert any(figure.value is not None for figure in before.figures.values())
    assert all(figure.value is None and figure.n is None for figure in found.figures.values())
    problem = found.figures["satisfaction"].withheld
    assert problem is not None
    assert problem.code == "quality.withheld"
    assert found.changes == {}


def test_open_channels_have_no_part_in_it() -> None:
    forms = [replace(form, channel="open") for form in a_day(20)]
    assert flagged_forms(WEEK.window, {WEEK: week_counts(WEEK, [forms])}) == (0, 0)


def test_modules_are_tested_over_the_window() -> None:
    forms = [good_form() for _ in range(30)]
    found = module_test({WEEK: week_counts(WEEK, [forms])}, WEEK.window, VERSIONS)
    assert isinstance(found, ChiSquare | Problem)
    assert isinstance(module_test({}, WEEK.window, VERSIONS), Problem)


def test_forms_of_one_channel_are_counted_by_module() -> None:
    here = [good_form() for _ in range(30)]
    days = [[*here, *(replace(form, channel="code") for form in here)]]
    known = {WEEK: week_counts(WEEK, days)}
    scored = forms_by_module(known, WEEK.window, VERSIONS)
    tablets = tablet_forms_by_module(known, WEEK.window, VERSIONS)
    assert sum(tablets) > 0
    assert scored == [2 * number for number in tablets]
