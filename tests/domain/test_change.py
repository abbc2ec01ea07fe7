"""Changes of a dimension: what is compared, which may be called a change, breaks and refusals."""

from collections.abc import Sequence

import pytest

from survey_app.domain.bulletin import Break
from survey_app.domain.change import (
    Pair,
    RawChange,
    Side,
    common_questions,
    compare,
    decide,
    dimension_change,
    figure_difference,
    versions_used,
    without_verdict,
)
from survey_app.domain.counting import CountedForm, Totals, Versions, count
from survey_app.domain.difference import Difference
from survey_app.domain.figures import share_figure
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Dimension
from survey_app.domain.tally import kiosk_only, tally
from survey_app.domain.weeks import Week, Window
from tests.support.small import CRITERIA, SMALL, VERSIONS, form, good_form, small_scheme

SCHEME = small_scheme()
FIVE = SCHEME.dimension("5")
GROUPS = ("cert", "construction", "land", "other")
EARLIER, LATER = Week(2026, 46).window, Week(2026, 47).window


def changed(**changes: object) -> Questionnaire:
    """SMALL as version 2: some criteria gone, or with new words."""
    structure = SMALL.structure
    gone = changes.get("without", ())
    assert isinstance(gone, tuple)
    blocks = tuple(
        block.model_copy(
            update={"questions": tuple(q for q in block.questions if q.id not in gone)}
        )
        for block in structure.blocks
    )
    update = structure.model_copy(update={"version": 2, "blocks": blocks})
    return Questionnaire(structure=update, text={"vi": dict(changes.get("words", {}))})  # type: ignore[call-overload]  # a dict of words


def days(yes: Sequence[int], *, version: Questionnaire = SMALL) -> list[list[CountedForm]]:
    """Ten forms of each group a day; day k has `yes[k]` criteria met, less one on every third form."""
    return [
        [
            form(
                {
                    q: answer
                    for q, answer in good_form(
                        group, yes=met - (n % 3 == 0), satisfaction="s4" if n < met else "s2"
                    ).answers.items()
                    if q in version.questions
                },
                questionnaire=version.hash,
            )
            for group in GROUPS
            for n in range(10)
        ]
        for met in yes
    ]


def side(
    window: Window, forms: Sequence[Sequence[CountedForm]], versions: Versions = VERSIONS
) -> Side:
    psus: list[tuple[str, Totals]] = [(str(window), count(day, versions)) for day in forms]
    counted = tally(psus, versions)
    return Side(window, counted, versions_used(counted, versions))


def change_of(after: Side, before: Side, dimension: Dimension = FIVE) -> RawChange | Problem:
    pair = compare(after, before, SCHEME)
    assert isinstance(pair, Pair)
    return dimension_change(dimension, pair)


def raw(found: RawChange | Problem) -> RawChange:
    assert isinstance(found, RawChange)
    return found


EARLY = side(EARLIER, days([5, 6, 5, 6, 5]))


def test_a_clear_rise_in_points_of_the_dimension() -> None:
    found = raw(change_of(side(LATER, days([8, 8, 7, 8, 7])), EARLY))
    (change,) = decide([found])
    # Criteria met: mean day 7.6 against 5.4 of 8, on 9 points.
    assert found.difference.value == pytest.approx((7.6 - 5.4) / 8)
    assert change.value == pytest.approx(9 * found.difference.value, abs=0.0051)
    assert change.low < change.value < change.high
    assert (change.key, change.after, change.before) == ("5", "2026-W47", "2026-W46")
    assert (change.direction, change.df) == ("up", 8)
    assert (change.measured, change.of, change.series_break) == (4, 4, None)


def test_a_fall_is_a_fall() -> None:
    (change,) = decide([raw(change_of(side(LATER, days([2, 3, 2, 2, 3])), EARLY))])
    assert change.direction == "down"
    assert change.high < 0


def test_a_change_within_what_days_differ_by_has_no_direction() -> None:
    (change,) = decide([raw(change_of(side(LATER, days([6, 5, 6, 5, 6])), EARLY))])
    assert change.direction is None
    assert change.low < 0 < change.high
    assert change.detectable > abs(change.value)


def test_other_comparisons_never_have_a_direction() -> None:
    found = raw(change_of(side(LATER, days([8, 8, 7, 8, 7])), EARLY))
    assert without_verdict(found).direction is None


@pytest.mark.parametrize(("span", "decimals"), [(9.0, 2), (100.0, 1)])
def test_a_change_that_hardly_varies_still_has_a_width(span: float, decimals: int) -> None:
    raw = RawChange("5", LATER, EARLIER, Difference(0.01, 1e-7, 8), span, decimals, 4, 4)
    for shown in (without_verdict(raw), *decide([raw])):
        assert shown.low < shown.value <= shown.high or shown.low <= shown.value < shown.high
        assert shown.low < shown.high


def test_the_family_raises_what_a_change_has_to_show() -> None:
    # p of each: t = 2.5 with 8 df gives .037: enough alone, not among two alike.
    one = RawChange("5", LATER, EARLIER, Difference(0.1, 0.04, 8), 9.0, 2, 4, 4)
    two = RawChange("4", LATER, EARLIER, Difference(0.1, 0.04, 8), 9.0, 2, 4, 4)
    assert decide([one])[0].direction == "up"
    family = decide([one, two])
    assert [change.direction for change in family] == [None, None]
    assert family[0].detectable > decide([one])[0].detectable


def test_identical_answers_give_an_interval_with_a_width() -> None:
    same = [[good_form(group) for group in GROUPS for _ in range(10)]] * 5
    found = raw(change_of(side(LATER, same), side(EARLIER, same)))
    (change,) = decide([found])
    assert (change.value, change.direction) == (0, None)
    assert change.low < 0 < change.high


# ---- versions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "version",
    [changed(without=(CRITERIA[7],)), changed(words={CRITERIA[7]: "Câu hỏi viết lại"})],
    ids=["gone", "reworded"],
)
def test_a_new_version_compares_only_what_is_common_and_says_so(version: Questionnaire) -> None:
    versions = {SMALL.hash: SMALL, version.hash: version}
    after = side(LATER, days([8, 8, 7, 8, 7], version=version), versions)
    found = raw(change_of(after, side(EARLIER, days([5, 6, 5, 6, 5]), versions)))
    assert found.series_break == Break((CRITERIA[7],))
    # The first seven criteria: a day with k met of eight has min(k, 7) or min(k - 1, 7) of seven.
    late = [min(k, 7) * 0.6 + (k - 1) * 0.4 for k in (8, 8, 7, 8, 7)]
    early = [k * 0.6 + (k - 1) * 0.4 for k in (5, 6, 5, 6, 5)]
    assert found.difference.value == pytest.approx((sum(late) - sum(early)) / 5 / 7)


def test_a_new_version_with_the_same_questions_is_no_break() -> None:
    version = changed()
    versions = {SMALL.hash: SMALL, version.hash: version}
    after = side(LATER, days([8, 8, 7, 8, 7], version=version), versions)
    assert raw(change_of(after, EARLY)).series_break is None


def test_nothing_in_common_is_said() -> None:
    version = changed(without=CRITERIA)
    versions = {SMALL.hash: SMALL, version.hash: version}
    found = change_of(side(LATER, days([8] * 5, version=version), versions), EARLY)
    assert found == Problem("change.nothing_common", "5")


def test_a_window_that_mixes_versions_counts_only_what_all_ask() -> None:
    version = changed(without=(CRITERIA[0],))
    both = {SMALL.hash: SMALL, version.hash: version}
    assert CRITERIA[0] not in common_questions(both, VERSIONS)
    assert common_questions(VERSIONS, VERSIONS) == frozenset(SMALL.questions)
    assert common_questions({}, VERSIONS) == frozenset()


# ---- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "code"),
    [
        (days([5, 6, 5, 6]), "figure.few_days"),
        ([], "change.nothing_common"),
        (
            [[form({"procedure": g, CRITERIA[0]: "dont_know"}) for g in GROUPS] * 10] * 5,
            "figure.few_forms",
        ),
    ],
)
def test_no_comparison_without_enough_days_or_answers(
    forms: list[list[CountedForm]], code: str
) -> None:
    found = change_of(side(LATER, forms), EARLY)
    assert isinstance(found, Problem)
    assert found.code == code


def test_windows_of_two_lengths_are_not_compared() -> None:
    block = Week(2026, 46).block
    found = compare(side(LATER, days([5] * 5)), side(block, days([5] * 5)), SCHEME)
    assert found == Problem("change.kinds_differ", "2026-W47")


def test_an_unmeasured_dimension_has_no_change() -> None:
    found = change_of(EARLY, EARLY, SCHEME.dimension("1"))
    assert found == Problem("figure.not_asked", "1")


def test_shares_have_differences_but_not_at_the_edges() -> None:
    late = side(LATER, days([8, 8, 7, 8, 7]))
    found = figure_difference(
        share_figure(late.tally, "satisfaction"), share_figure(EARLY.tally, "satisfaction")
    )
    assert isinstance(found, Difference)
    assert found.value == pytest.approx(0.76 - 0.54)
    perfect = side(LATER, [[good_form(group) for group in GROUPS for _ in range(10)]] * 5)
    refused = figure_difference(
        share_figure(perfect.tally, "satisfaction"), share_figure(EARLY.tally, "satisfaction")
    )
    assert refused == Problem("change.at_edge", "satisfaction")


def test_kiosk_only_leaves_out_phones_and_keeps_their_days() -> None:
    phones = [form(good_form("cert").answers, channel="code")] * 3
    psus = [(str(LATER), count(day, VERSIONS)) for day in (*days([5] * 5), phones)]
    alone = tally(psus, VERSIONS, kiosk_only)
    assert (tally(psus, VERSIONS).forms, alone.forms) == (203, 200)
    assert alone.psu_forms == [40, 40, 40, 40, 40, 0]
