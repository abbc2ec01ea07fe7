"""Bad input to a bulletin: a clear reason, never NaN, never an empty interval, never a figure without n."""

from collections.abc import Sequence
from math import isfinite

import pytest

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.counting import CountedForm, count
from survey_app.domain.disclosure import Limits, RawFigure, disclose
from survey_app.domain.estimation import Estimate
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import Week
from tests.support.small import (
    BY_GROUP,
    CRITERIA,
    SMALL,
    VERSIONS,
    form,
    good_form,
    small_scheme,
    week_counts,
)

WEEK = Week(2026, 40)
Days = Sequence[Sequence[CountedForm]]


def made(*weeks: WeekCounts, versions: dict[str, Questionnaire] = VERSIONS) -> Bulletin:
    known = {week.week: week for week in weeks}
    return make_bulletin("12103@2025-07-01", weeks[-1].week, known, versions, small_scheme())


def check(bulletin: Bulletin) -> Bulletin:
    """What holds for every figure of any bulletin."""
    for figure in bulletin.figures.values():
        if figure.value is None:
            assert figure.withheld is not None, figure
            assert (figure.low, figure.high, figure.n) == (None, None, None), figure
        else:
            check_shown(figure)
    return bulletin


def check_shown(figure: Figure) -> None:
    numbers = [figure.value, figure.low, figure.high, figure.dont_know, figure.refused]
    assert all(isfinite(number) for number in numbers if number is not None), figure
    assert figure.n is not None, figure
    assert figure.n >= 30, figure
    if figure.bound is None:
        assert figure.low is not None, figure
        assert figure.high is not None, figure
        assert figure.low < figure.high, figure
        assert figure.df is not None, figure
        assert figure.df >= 4, figure


def days_of(*answers: CountedForm, days: int = 5, each: int = 10) -> Days:
    return [[one for one in answers for _ in range(each)] for _ in range(days)]


def reason(bulletin: Bulletin, key: str) -> str:
    figure = bulletin.figures[key]
    assert figure.withheld is not None
    return figure.withheld.code


EVERY_GROUP = tuple(good_form(group) for group in BY_GROUP)


def test_one_sampling_unit_has_no_interval_and_so_no_figure() -> None:
    bulletin = check(made(week_counts(WEEK, days_of(*EVERY_GROUP, days=1, each=50))))
    assert bulletin.forms == 200
    assert reason(bulletin, "5") == "figure.few_days"
    assert reason(bulletin, "satisfaction") == "figure.few_days"


def test_nobody_knows() -> None:
    silent = dict.fromkeys((*CRITERIA, "satisfaction", "extra", "gifts"), "dont_know")
    forms = [form({"procedure": group, **silent}) for group in BY_GROUP]
    bulletin = check(made(week_counts(WEEK, days_of(*forms))))
    assert bulletin.forms == 200
    assert {reason(bulletin, key) for key in ("5", "5.1", "4", "satisfaction")} == {
        "figure.few_forms"
    }


@pytest.mark.parametrize("yes", [0, 4, 8])
@pytest.mark.parametrize("satisfaction", ["s1", "s5"])
def test_identical_answers_still_have_an_interval(yes: int, satisfaction: str) -> None:
    forms = [good_form(group, yes=yes, satisfaction=satisfaction) for group in BY_GROUP]
    figures = check(made(week_counts(WEEK, days_of(*forms)))).figures
    five = figures["5"]
    assert five.value == pytest.approx(1 + 9 * yes / 8, abs=0.005)
    assert figures["satisfaction"].bound is not None


def test_days_that_hardly_differ_still_have_an_interval() -> None:
    estimate = Estimate(0.8, 1e-6, 4, 5)
    score = RawFigure("5", "dimension", "experience", 200, (), estimate, 1.0, 10.0)
    share = RawFigure("satisfaction", "share", "experience", 200, (), estimate, 0.0, 100.0)
    check_shown(disclose(score, "2026-W40"))
    check_shown(disclose(share, "2026-W40"))


def test_a_version_without_an_indicator() -> None:
    blocks = [block for block in SMALL.structure.blocks if block.id == "about"]
    bare = SMALL.model_copy(
        update={"structure": SMALL.structure.model_copy(update={"blocks": tuple(blocks)})}
    )
    bare = Questionnaire.model_validate(bare.model_dump(by_alias=True), strict=False)
    forms = [form({"age": "60_up"}, questionnaire=bare.hash)] * 50
    versions = {bare.hash: bare}
    counts = WeekCounts(WEEK, 1, (PsuTotals("p0", count(forms, versions)),))
    bulletin = check(made(counts, versions=versions))
    assert bulletin.forms == 50
    assert reason(bulletin, "5") == "figure.not_asked"
    assert reason(bulletin, "satisfaction") == "figure.few_forms"


def test_a_revision_that_empties_a_window() -> None:
    full = [week_counts(week, days_of(*EVERY_GROUP)) for week in (WEEK, WEEK.next())]
    assert check(made(*full)).figures["5"].value is not None
    bulletin = check(made(full[0], week_counts(WEEK.next(), [], number=2)))
    assert bulletin.forms == 0
    assert bulletin.revisions[str(WEEK.next())] == 2
    assert reason(bulletin, "5") == "figure.few_forms"
    nothing = check(made(week_counts(WEEK, [], number=2), week_counts(WEEK.next(), [], number=2)))
    assert all(figure.withheld is not None for figure in nothing.figures.values())


@pytest.mark.parametrize(
    "limits",
    [
        {"cell": 9},
        {"score": 29},
        {"sensitive": 10},
        {"df": 0},
        {"forms": 14},
        {"edge": 0.0},
        {"edge": 50.0},
        {"edge": float("nan")},
        {"cell": 40},
    ],
)
def test_impossible_limits_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limits(**limits)  # type: ignore[arg-type]  # as read from a file


def test_limits_may_be_raised() -> None:
    assert Limits(cell=15, score=50, forms=20).score == 50
