"""The attack on weighted scores of rotating questions, and on their errors: worlds published alike with all weighted figures.

No programme solves for these: the weights hold the hidden number of forms, and a ratio of two unknown sums is not linear.
"""

from random import Random
from typing import Any

import pytest

from survey_app.domain.bulletin import Figure
from survey_app.domain.disclosure import HIDDEN_WIDTH
from survey_app.domain.suppression import HIDDEN_MEAN
from survey_app.domain.weighted import Dossiers, weighted_figures
from tests.support.offices import (
    MIXED,
    THREE,
    Days,
    Office,
    counts_of,
    group_of,
    published,
    true_count,
    weeks_of,
)
from tests.support.small import BY_GROUP, VERSIONS, small_scheme
from tests.support.weighted_worlds import HIDDEN, PAYMENTS, weighted_world, with_payments

pytestmark = pytest.mark.slow
THIN = Office(THREE, {HIDDEN: 6, "none": 7}, MIXED, days=4)
WEEKS, MADE = weeks_of(THIN), with_payments(THIN.forms(), Random(5))
DOSSIERS = {
    "even": Dossiers(dict.fromkeys(BY_GROUP, 250), 1000),
    # Nearly every dossier is of the group that the hidden one is weighted with.
    "skewed": Dossiers({"cert": 20, HIDDEN: 30, "land": 900, "other": 50}, 1000),
}
TRIES = 40


def everything(made: list[Days], dossiers: Dossiers) -> list[Any]:
    """All bulletins, and the last one's weighted figures."""
    bulletins = published(WEEKS, made)
    windows = {figure.window: dossiers for figure in bulletins[-1].figures.values()}
    counts = counts_of(WEEKS, made)
    weighted = weighted_figures(bulletins[-1], counts, VERSIONS, small_scheme(), windows)
    return [bulletins, weighted]


def paid(made: list[Days]) -> float:
    """The hidden group's share of good answers about payments."""
    mine = [one for days in made for day in days for one in day if group_of(one) == HIDDEN]
    good = sum(one.answers[q] in PAYMENTS.good for one in mine for q in PAYMENTS.questions)
    return good / len(mine) / len(PAYMENTS.questions)


def alike(dossiers: Dossiers) -> tuple[list[Days], list[Days]] | None:
    """Two worlds published alike: of the hidden group one to four forms, as bad as may be; nine to twelve, as good."""
    few: dict[str, list[Days]] = {}
    many: dict[str, list[Days]] = {}
    for turn in range(TRIES):
        for found, number, is_good in ((few, 1, False), (many, 9, True)):
            size = number + turn % 4
            world = weighted_world(MADE, dossiers, size, Random(turn), is_good=is_good)
            found.setdefault(repr(everything(world, dossiers)), world)
        for same in few.keys() & many.keys():
            return few[same], many[same]
    return None


@pytest.mark.parametrize("dossiers", DOSSIERS.values(), ids=DOSSIERS)
def test_weighted_scores_of_rotating_questions_do_not_tell_of_a_thin_group(
    dossiers: Dossiers,
) -> None:
    plain, weighted = everything(MADE, dossiers)
    assert {key for key, one in weighted.items() if isinstance(one, Figure)} >= {"4", "4.2", "5"}
    found = alike(dossiers)
    assert found is not None
    one, other = (everything(world, dossiers) for world in found)
    assert one == other
    assert one[0] == plain
    few, many = found
    assert true_count(many, HIDDEN) - true_count(few, HIDDEN) >= HIDDEN_WIDTH
    assert paid(many) - paid(few) >= HIDDEN_MEAN
