"""/admin/fleet: what an administrator sees and can do."""

import re

import pytest
from sqlalchemy import select

from survey_app.store import schema
from survey_app.store.engine import Database
from tests.fleet.conftest import NewTablet
from tests.support.client import OpenedPage, PageOpener
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import Door, add_people
from tests.support.tablets import KeyedTablet, problem

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FLEET = "/admin/fleet"


@pytest.fixture
def door(page: PageOpener, database: Database, clock: FakeClock) -> Door:
    add_people(database, clock)
    entered = Door(page)
    entered.enter("administrator")
    return entered


@pytest.fixture
def kiosk_id(tablet: KeyedTablet, database: Database) -> str:
    assert tablet.beat().status_code == 200
    with database.reading() as connection:
        return str(connection.scalar(select(schema.kiosk.c.id)))


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def post(door: Door, path: str, status: int = 200, **data: str) -> OpenedPage:
    token = door.page.get(FLEET).csrf_token
    return door.page.post(path, {"csrf_token": token, **data}, status=status)


def actions(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(select(schema.audit_event.c.action)))


def test_a_code_is_shown_once_and_pairs(
    door: Door, new_tablet: NewTablet, database: Database
) -> None:
    shown = post(door, f"{FLEET}/codes/12103-q1")
    found = re.search(r"\b(\d{3} \d{3})\b", words(shown))
    assert found is not None
    assert found[1] not in door.page.get(FLEET).text
    assert new_tablet().pair(found[1]).status_code == 201
    assert "kiosk.code_made" in actions(database)


def test_the_page_says_how_a_tablet_is(
    door: Door, tablet: KeyedTablet, kiosk_id: str, clock: FakeClock
) -> None:
    tablet.beat(
        created=1234,
        acknowledged=1200,
        queued=30,
        oldest_queued_seconds=5 * 3600,
        device_time=int(clock().timestamp()) - 3600,
        missing=["audio"],
        battery={"percent": 12, "charging": False},
        persisted=False,
    )
    shown = words(door.page.get(FLEET))
    assert kiosk_id in shown
    assert "1.234 phiếu đã lập: 1.200 đã có biên nhận, 30 đang chờ gửi, 0 không được" in shown
    for alarm in (
        "4 phiếu biến mất",
        "Sai ngày giờ máy",
        "Chưa sẵn sàng",
        "Pin còn 12% và không sạc",
        "Trình duyệt hứa giữ phiếu không hứa (thường gặp)",
        "đã chờ gửi 5 giờ",
        "âm thanh",
    ):
        assert alarm in shown
    assert "1200 phiếu mà máy chủ không còn" in shown


def test_a_message_reaches_the_tablet(door: Door, tablet: KeyedTablet, kiosk_id: str) -> None:
    shown = post(door, f"{FLEET}/{kiosk_id}/message", message="check_wifi")
    assert "Đang hiện ở màn hình đầu: “Xin kiểm tra Wi-Fi.”" in words(shown)
    assert tablet.beat().get_json()["message"]["code"] == "check_wifi"
    post(door, f"{FLEET}/{kiosk_id}/message", message="")
    assert tablet.beat().get_json()["message"] is None
    post(door, f"{FLEET}/{kiosk_id}/message", 400, message="anything else")


def test_reset_and_unpairing_are_asked_for(
    door: Door, tablet: KeyedTablet, kiosk_id: str, database: Database
) -> None:
    post(door, f"{FLEET}/{kiosk_id}/reset")
    shown = post(door, f"{FLEET}/{kiosk_id}/unpairing")
    assert "ngắt kết nối ngay khi đã gửi hết" in words(shown)
    assert tablet.beat().get_json()["commands"] == ["reset", "unpair"]
    assert {"kiosk.reset", "kiosk.unpair"} <= set(actions(database))


def test_a_withdrawn_tablet_is_gone(door: Door, tablet: KeyedTablet, kiosk_id: str) -> None:
    shown = post(door, f"{FLEET}/{kiosk_id}/revocation")
    assert kiosk_id not in words(shown)
    answer = tablet.beat()
    assert (answer.status_code, problem(answer)) == (401, "device.revoked")


@pytest.mark.chaos(15)
def test_a_loss_is_noted_and_its_alarm_ends(door: Door, tablet: KeyedTablet, kiosk_id: str) -> None:
    tablet.beat(created=9, acknowledged=0, queued=6)
    assert "3 phiếu biến mất" in words(door.page.get(FLEET))
    assert "phiếu biến mất" not in words(post(door, f"{FLEET}/{kiosk_id}/noting"))
    tablet.beat(created=9, acknowledged=0, queued=4)
    assert "2 phiếu biến mất" in words(door.page.get(FLEET))


@pytest.mark.chaos(42)
def test_forms_that_the_server_lacks_are_counted_since_the_beginning_and_noted(
    door: Door, tablet: KeyedTablet, clock: FakeClock, database: Database
) -> None:
    tablet.beat(created=9, acknowledged=9)
    clock.advance(days=40)
    door.enter("administrator")  # she was away for longer than a session lives
    assert "9 phiếu mà máy chủ không còn" in words(door.page.get(FLEET))
    noted = words(post(door, f"{FLEET}/counters/12103-q1/noting"))
    assert "mà máy chủ không còn" not in noted
    assert "counter.missing_noted" in actions(database)
    tablet.beat(created=11, acknowledged=11)
    assert "2 phiếu mà máy chủ không còn" in words(door.page.get(FLEET))


def test_an_administrator_of_another_ward_sees_and_does_nothing(
    door: Door, kiosk_id: str, database: Database
) -> None:
    door.leave(FLEET)
    door.enter("ward_administrator")
    assert kiosk_id in words(door.page.get(FLEET))  # it is her ward
    with database.writing() as connection:
        connection.execute(
            schema.kiosk.update().values(unit_id="12133@2025-07-01", counter_id="12133-q1")
        )
    assert kiosk_id not in words(door.page.get(FLEET))
    for path in (
        f"{kiosk_id}/reset",
        f"{kiosk_id}/revocation",
        "codes/12133-q1",
        "counters/12133-q1/noting",
    ):
        post(door, f"{FLEET}/{path}", 403)


@pytest.mark.parametrize("path", ["codes/99999-q1", "codes/12103-online", "nothing/reset"])
def test_what_is_not_there_is_not_found(door: Door, path: str) -> None:
    post(door, f"{FLEET}/{path}", 404)


@pytest.mark.parametrize("login", ["official", "reviewer"])
def test_others_are_kept_out(door: Door, login: str) -> None:
    door.leave(FLEET)
    door.enter(login)
    door.page.get(FLEET, status=403)
