"""/office/<unit>/actions: recorded by officials, listed with before and after, never with a verdict."""

from datetime import date

import pytest
from sqlalchemy import select

from survey_app.store import actions, schema
from survey_app.store.engine import Database
from tests.evidence.world import fill
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = f"/office/{MY_HAO}/actions"
GOOD = {"words": "Báo trước  ngày hẹn trả kết quả", "day": "2026-11-09", "dimension": "5"}


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def send(door: Door, data: dict[str, str], *, status: int = 200) -> OpenedPage:
    return door.page.submit(PAGE, data, status=status)


def stored(database: Database) -> list[str]:
    with database.reading() as connection:
        return [action.words for action in actions.actions(connection, MY_HAO)]


def test_an_official_records_an_action_and_takes_it_back(door: Door, database: Database) -> None:
    door.enter("official")
    text = words(send(door, GOOD))
    assert "Báo trước ngày hẹn trả kết quả" in text
    assert "Từ ngày 09/11/2026; nhằm cải thiện: 5. Thủ tục hành chính công." in text
    with database.reading() as connection:
        (made,) = actions.actions(connection, MY_HAO)
    token = door.page.get(PAGE).csrf_token
    door.page.post(f"{PAGE}/{made.id}/withdrawal", {"csrf_token": token})
    assert stored(database) == []
    with database.reading() as connection:
        events = list(connection.scalars(select(schema.audit_event.c.action)))
    assert events.count("action.recorded") == events.count("action.withdrawn") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": "  "}, "Xin ghi ngắn gọn việc đã làm (không quá 200 chữ cái)."),
        ({"words": "a" * 201}, "không quá 200 chữ cái"),
        ({"day": "2026-11-24"}, "Xin chọn ngày, không muộn hơn hôm nay."),
        ({"day": "hôm qua"}, "Xin chọn ngày, không muộn hơn hôm nay."),
        ({"dimension": "9"}, "Xin chọn nội dung mà việc làm nhằm cải thiện."),
    ],
)
def test_what_cannot_be_kept_is_said(
    door: Door, database: Database, change: dict[str, str], message: str
) -> None:
    door.enter("official")
    assert message in words(send(door, {**GOOD, **change}, status=422))
    assert stored(database) == []


def test_others_read_and_do_not_record(door: Door, database: Database) -> None:
    door.enter("reviewer")
    page = door.page.get(PAGE)
    assert "Ghi một việc đã làm" not in words(page)
    door.page.post(PAGE, {"csrf_token": page.csrf_token, **GOOD}, status=403)
    assert stored(database) == []
    door.leave(PAGE)
    door.enter("neighbour")
    door.page.get(PAGE, status=403)


def test_before_and_after_stand_with_their_warning(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 30, DUONG_HAO: 1}, weeks=4)
    with database.writing() as connection:
        for day in (date(2026, 11, 3), date(2026, 11, 20)):
            actions.record(connection, MY_HAO, day, "5", f"Việc {day}", account_id=1, now=clock())
    door.enter("official")
    text = words(door.page.get(PAGE))
    assert "Chưa có kỳ nào trọn vẹn và được công bố sau việc này." in text
    assert "không phải là bằng chứng" in text
    assert "tăng 0" not in text
    assert "giảm 0" not in text
