"""What-if: recomputed by the code that publishes, and closed where it would disclose."""

import math

import pytest

from survey_app.domain.drivers import weights
from survey_app.domain.problem import Problem
from survey_app.domain.sums import psus_in
from survey_app.domain.tally import tally
from survey_app.domain.whatif import WhatIf, moved, what_if
from tests.domain.test_drivers import FIVE, PLAN, SCHEME, WEEK, bulletin_of, uneven_days
from tests.support.small import VERSIONS, week_counts

DAYS = uneven_days()
FIGURES = bulletin_of(DAYS).figures
TALLY = tally(psus_in(WEEK.window, {WEEK: week_counts(WEEK, DAYS)}), VERSIONS)


def ask(question: str, share: float) -> WhatIf | Problem:
    return what_if(TALLY, PLAN, FIVE, FIGURES, question, share)


@pytest.mark.parametrize("share", [0.0, 30.0, 67.0, 99.0])
def test_the_change_is_the_weight_times_the_difference(share: float) -> None:
    found = ask("criterion_8", share)
    assert isinstance(found, WhatIf)
    now = found.item.value
    assert now is not None
    weight, _ = weights(PLAN, FIVE, FIVE.subdimensions, "criterion_8")
    assert found.change == pytest.approx(weight * (share - now) / 100, abs=0.012)
    assert found.after.value is not None
    assert found.after.low is not None
    assert found.after.high is not None
    assert found.after.low < found.after.value < found.after.high
    assert found.after.n == found.before.n


def test_todays_share_changes_nothing() -> None:
    now = FIGURES["item.criterion_8"].value
    assert now is not None
    found = ask("criterion_8", now)
    assert isinstance(found, WhatIf)
    assert abs(found.change) <= 0.01


def test_moving_keeps_every_psu_between_nothing_and_its_answers() -> None:
    for share in (0.0, 0.2, 0.9, 1.0):
        series = moved(TALLY, "criterion_8", share).indicators["5.1", "criterion_8"]
        assert sum(series.sums) == pytest.approx(share * sum(series.answers))
        assert all(0 <= z <= n + 1e-9 for z, n in zip(series.sums, series.answers, strict=True))
    assert (
        moved(TALLY, "criterion_8", 0.5).indicators["5.1", "criterion_1"]
        is (TALLY.indicators["5.1", "criterion_1"])
    )


@pytest.mark.parametrize(
    ("question", "share", "code"),
    [
        ("criterion_8", 101.0, "whatif.share_out_of_range"),
        ("criterion_8", -1.0, "whatif.share_out_of_range"),
        ("criterion_8", math.nan, "whatif.share_out_of_range"),
        ("unheard_of", 50.0, "whatif.item_withheld"),
        # Moving a share that is only bounded would tell it exactly.
        ("criterion_1", 50.0, "whatif.item_at_bound"),
        ("gifts", 50.0, "whatif.item_at_bound"),
    ],
)
def test_refusals(question: str, share: float, code: str) -> None:
    found = ask(question, share)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_withheld_dimension_cannot_be_asked() -> None:
    found = what_if(TALLY, PLAN, SCHEME.dimension("7"), FIGURES, "criterion_8", 50.0)
    assert isinstance(found, Problem)
    assert found.code == "figure.not_asked"
