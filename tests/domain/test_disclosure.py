"""The gate, and secondary suppression: bounded grades, items of a score at its end."""

from dataclasses import replace

import pytest

from survey_app.domain.bulletin import Figure
from survey_app.domain.counting import CountedForm
from survey_app.domain.disclosure import RawFigure, disclose, hidden_count, shortage
from survey_app.domain.estimation import Estimate
from survey_app.domain.figures import make_plan
from survey_app.domain.publication import make_bulletin
from survey_app.domain.suppression import dimension_family, grades
from survey_app.domain.tally import tally
from survey_app.domain.weeks import Week
from tests.support.small import VERSIONS, form, good_form, small_scheme, week_counts

WINDOW = "2026-W40"
UNIT, SCHEME = "12103@2025-07-01", small_scheme()


def share(key: str, value: float, n: int = 100, *, bound: bool = False) -> Figure:
    figure = Figure(key, "share", WINDOW, "experience", value=value, n=n)
    if not bound:
        return figure
    return replace(figure, bound="at_most" if value < 50 else "at_least")


def graded(*values: float) -> list[Figure]:
    names = ("grade.not_satisfied", "grade.satisfied", "grade.very_satisfied")
    edges = [min(max(value, 5.0), 95.0) for value in values]
    return [
        share(name, edge, bound=edge in {5.0, 95.0})
        for name, edge in zip(names, edges, strict=True)
    ]


def hidden(figures: list[Figure]) -> list[str]:
    return [figure.key for figure in figures if figure.value is None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10.0, 50.0, 40.0), []),
        # 58 + 42 would say that nobody was dissatisfied.
        ((0.0, 58.0, 42.0), ["grade.very_satisfied"]),
        # 91 would leave 9 for two shares of at most 5: each is at least 4.
        ((4.5, 4.5, 91.0), ["grade.very_satisfied"]),
        ((0.0, 1.0, 99.0), []),
    ],
)
def test_a_bounded_grade_cannot_be_had_from_the_others(
    values: tuple[float, ...], expected: list[str]
) -> None:
    shown = grades(graded(*values))
    assert hidden(shown) == expected
    for figure in shown:
        assert (figure.withheld is None) == (figure.value is not None)


@pytest.mark.parametrize(("forms", "shown"), [(0, 0), (1, None), (9, None), (14, None), (15, 15)])
def test_a_weeks_forms_are_printed_from_fifteen_on(forms: int, shown: int | None) -> None:
    assert hidden_count(forms) == shown


def test_the_gate_cannot_be_passed_without_being_asked() -> None:
    raw = RawFigure("satisfaction", "share", "experience", 29, (), Estimate(0.5, 0.1, 9, 10), 0, 1)
    assert shortage(raw) is not None
    with pytest.raises(ValueError, match="must be withheld"):
        disclose(raw, WINDOW)


def silent_about_one(yes: int) -> list[list[CountedForm]]:
    """Eight forms a day about "other"; three of them answer the first criterion with don't know."""
    quiet = {"criterion_1": "dont_know"}
    forms = [good_form("other", yes=yes) for _ in range(8)]
    return [[*forms[:5], *(form({**one.answers, **quiet}) for one in forms[5:])] for _ in range(5)]


@pytest.mark.parametrize(("yes", "is_shown"), [(8, False), (0, False), (5, True)])
def test_a_score_at_its_end_does_not_give_away_a_hidden_item(yes: int, *, is_shown: bool) -> None:
    # Forty forms, but only 25 answers to the first criterion: its share is hidden, and so are the others'.
    week = week_counts(Week(2026, 40), silent_about_one(yes))
    figures = make_bulletin(UNIT, week.week, {week.week: week}, VERSIONS, SCHEME).figures
    assert figures["item.criterion_1"].value is None
    assert figures["item.criterion_2"].value is None
    tallied = tally([("w", psu.totals) for psu in week.psus], VERSIONS)
    family = dimension_family(tallied, make_plan(VERSIONS, SCHEME), SCHEME.dimension("5"))
    assert [sub.code for sub in family.shown] == ["5.4"] * is_shown
    if not is_shown:
        assert {problem.code for problem in family.problems.values()} == {"figure.protected"}
