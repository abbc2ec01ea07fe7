"""/admin/dossiers: a week's numbers are kept, or it is said what is wrong with them."""

import pytest

from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import dossiers
from survey_app.store.engine import Database
from tests.evidence.world import fill
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WEEK = Week(2026, 47)
PAGE = f"/admin/dossiers/{MY_HAO}"
NUMBERS = {"cert": "1.200", "construction": "30", "land": "70", "other": "0"}


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def stored(database: Database, week: Week = WEEK) -> Dossiers | None:
    with database.reading() as connection:
        return dossiers.reported(connection, MY_HAO, [week]).get(week)


def send(
    door: Door, data: dict[str, str], week: Week | str = WEEK, *, status: int = 200
) -> OpenedPage:
    token = door.page.get(PAGE).csrf_token
    return door.page.post(f"{PAGE}/{week}", {"csrf_token": token, **data}, status=status)


def test_a_weeks_numbers_are_kept_listed_and_corrected(door: Door, database: Database) -> None:
    door.enter("ward_administrator")
    page = send(door, {**NUMBERS, "total": "1.300"})
    groups = {"cert": 1200, "construction": 30, "land": 70, "other": 0}
    assert stored(database) == Dossiers(groups, 1300)
    assert "Đã lưu: Tuần 47 (từ 16/11/2026 đến 22/11/2026)." in words(page)
    assert "1.300" in words(page)
    again = door.page.get(f"{PAGE}?week=2026-W47")
    assert {f.get("value") for f in again.document.all("input")} >= {"1.200", "1.300", "0"}
    send(door, {"total": "1250"})
    assert stored(database) == Dossiers({}, 1250)


def test_the_page_asks_for_the_oldest_closed_week_without_numbers(
    door: Door, database: Database, clock: FakeClock
) -> None:
    door.enter("administrator")
    assert "Tuần 47 (" in words(door.page.get(PAGE))  # no form yet: nothing is missing
    fill(database, clock, {MY_HAO: 1}, weeks=3)
    assert "Tuần 45 (" in words(door.page.get(PAGE))
    with database.writing() as connection:
        dossiers.report(connection, MY_HAO, Week(2026, 45), Dossiers({}, 3), clock())
    found = door.page.get("/admin/dossiers", follow_redirects=True)
    assert "Tuần 46 (" in words(found)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Xin nhập số hồ sơ; nếu không có, nhập 0."),
        ({"total": "nhiều"}, "Xin nhập một số nguyên từ 0 đến 1000000."),
        ({"total": "-1"}, "Xin nhập một số nguyên từ 0 đến 1000000."),
        ({"cert": "3", "total": "3"}, "Xin nhập đủ các nhóm thủ tục"),
        (
            {**NUMBERS, "total": "1301"},
            "Các nhóm thủ tục cộng lại là 1300, nhưng tổng số là 1301.",
        ),
    ],
)
def test_what_cannot_be_right_is_said_and_not_kept(
    door: Door, database: Database, data: dict[str, str], message: str
) -> None:
    door.enter("administrator")
    page = send(door, data, status=422)
    assert message in words(page)
    assert [f.get("value") for f in page.document.all("input") if f.get("name") == "total"] == [
        data.get("total", "")
    ]
    assert stored(database) is None


@pytest.mark.parametrize("week", ["2026-W48", "2026-W54", "hello"])
def test_only_weeks_that_have_ended(door: Door, week: str) -> None:
    door.enter("administrator")
    send(door, {"total": "3"}, week, status=404)
    door.page.get(f"{PAGE}?week={week}", status=404)


def test_only_administrators_of_the_unit(door: Door) -> None:
    door.enter("ward_administrator")
    door.page.get(f"/admin/dossiers/{DUONG_HAO}", status=403)
    door.leave(PAGE)
    door.enter("official")
    door.page.get(PAGE, status=403)
