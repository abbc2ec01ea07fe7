"""Actions: before and after from published windows, with the warnings that belong to them."""

from datetime import date

import pytest

from survey_app.domain.actions import Action, Effect, effect
from survey_app.domain.movement import Archive
from survey_app.domain.problem import Problem
from survey_app.domain.publication import open_archive
from survey_app.domain.weeks import Week
from tests.support.small import BY_GROUP, VERSIONS, good_form, small_scheme, week_counts

SCHEME = small_scheme()
FIRST, ACTED, LAST = Week(2026, 40), Week(2026, 44), Week(2026, 46)
ACTION = Action("a1", ACTED.monday, "Thêm một quầy tiếp nhận", "5")


def archive(met: list[int], each: int = 10, working: int = 5) -> Archive:
    """Weeks from the first on; `met`: criteria met by nine forms in ten of each week.

    `each`: forms of a group on each of the `working` days.
    """
    weeks, week = {}, FIRST
    for number in met:
        days = [
            [
                good_form(group, yes=number - (n + day) % 2)
                for group in BY_GROUP
                for n in range(each)
            ]
            for day in range(working)
        ]
        weeks[week] = week_counts(week, days)
        week = week.next()

    return open_archive("12103@2025-07-01", weeks, VERSIONS, SCHEME)


ROSE = archive([6, 6, 6, 5, 6, 7, 7])


def codes(found: Effect) -> list[str]:
    return [warning.code for warning in found.warnings]


def test_the_week_after_is_compared_with_the_week_before() -> None:
    found = effect(ACTION, [ACTION], ROSE, LAST)
    assert isinstance(found, Effect)
    assert (found.change.before, found.change.after) == ("2026-W43", "2026-W45")
    assert found.change.low < 2.25 < found.change.high
    assert found.change.direction is None
    # The week before was the worst of the four known: chance alone would have raised the next.
    assert codes(found) == ["action.regression_to_mean", "action.was_lowest"]


def test_blocks_that_hold_the_week_of_the_action_are_neither_before_nor_after() -> None:
    # Four days a week carry no weekly figure. The action came in the second block's second week.
    blocks = archive([6] * 4 + [5] * 4 + [7] * 6, each=5, working=4)
    found = effect(
        Action("a1", Week(2026, 45).monday, "Thêm một quầy", "5"), [], blocks, Week(2026, 53)
    )
    assert isinstance(found, Effect)
    assert (found.change.before, found.change.after) == ("2026-Q4-B1", "2026-Q4-B3")


def test_the_warning_stands_beside_every_action() -> None:
    found = effect(ACTION, [ACTION], archive([5, 6, 6, 6, 6, 7]), LAST)
    assert isinstance(found, Effect)
    assert codes(found) == ["action.regression_to_mean"]


def test_other_actions_in_between_are_named() -> None:
    same = Action("a2", date(2026, 11, 3), "Gọi điện báo kết quả", "5")
    elsewhere = Action("a3", date(2026, 11, 3), "Niêm yết giá đất", "2")
    found = effect(ACTION, [ACTION, same, elsewhere], ROSE, LAST)
    assert isinstance(found, Effect)
    assert found.warnings[-1].code == "action.others"
    assert found.warnings[-1].params == {"actions": "a2"}


@pytest.mark.parametrize(
    ("week", "as_of", "code"),
    [
        (ACTED, ACTED, "action.nothing_after"),
        (FIRST, LAST, "action.nothing_before"),
    ],
)
def test_what_is_missing_is_said(week: Week, as_of: Week, code: str) -> None:
    action = Action("a1", week.monday, "Thêm một quầy", "5")
    found = effect(action, [action], ROSE, as_of)
    assert isinstance(found, Problem)
    assert found.code == code


def test_an_action_for_what_nobody_asks_has_no_effect_to_show() -> None:
    found = effect(Action("a1", ACTED.monday, "Sửa đường", "6"), [], ROSE, LAST)
    assert isinstance(found, Problem)
    assert found.code == "action.nothing_after"
