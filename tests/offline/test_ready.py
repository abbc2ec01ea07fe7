"""Ready or not, in small words for staff; and the heartbeat that says so to the server."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from survey_app.store import fleet, kiosks, schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.support.browser import Watch
from tests.support.clock import FakeClock
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
SPOIL = """(names) => new Promise((resolve) => {
  const open = indexedDB.open("survey-app");
  open.onsuccess = () => {
    const transaction = open.result.transaction(["state"], "readwrite");
    for (const name of names) transaction.objectStore("state").delete(name);
    transaction.oncomplete = () => { open.result.close(); resolve(); };
  };
})"""

HAS_KEY = """async () => {
  const {keyWorks} = await import("/kiosk/static/device.js");
  return keyWorks();
}"""


def part(page: Page, name: str) -> str:
    """What staff read of a part that is missing."""
    page.get_by_text("Dành cho nhân viên").tap()
    return page.locator(f'[data-part="{name}"]').inner_text()


def test_the_server_hears_that_the_tablet_is_ready(paired: Tablet, app: Flask) -> None:
    fill_in(paired)
    line(paired, "sẵn sàng")
    with paired.page.expect_response("**/api/v1/heartbeat"):
        paired.wait(60_000)
    with app.extensions["survey_app"].database.reading() as connection:
        beat = connection.execute(select(schema.kiosk_beat)).one()
        epoch = connection.execute(select(schema.kiosk_epoch)).one()
    assert fleet.read_readiness(beat.missing) == (
        (),
        paired.page.evaluate("navigator.storage.persisted()"),
    )
    assert beat.canary == "ok"
    assert (epoch.created, epoch.acknowledged, epoch.queued, epoch.lost) == (1, 1, 0, 0)
    assert (epoch.repeats, epoch.dead) == (0, 0)


@pytest.mark.chaos(43)
def test_a_tablet_without_its_key_says_so(paired: Tablet) -> None:
    paired.page.evaluate(SPOIL, ["device"])
    fill_in(paired)
    paired.wait(60_000)
    line(paired, "chưa sẵn sàng · cần kết nối lại với quầy · còn 1 phiếu chưa gửi")
    assert "Khoá của máy không còn" in part(paired.page, "device_key")


@pytest.mark.chaos(43)
def test_a_worker_that_lost_its_files_is_not_ready(paired: Tablet) -> None:
    paired.page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((n) => caches.delete(n))))"
    )
    paired.wait(60_000)
    line(paired, "chưa sẵn sàng")
    assert "chưa lưu đủ" in part(paired.page, "offline_start")


@pytest.mark.chaos(27)
@pytest.mark.parametrize("wrong", ["2021-11-23T02:00:00Z", "2031-11-24T02:00:00Z"])
def test_a_wrong_date_is_said_and_loses_nothing(
    paired: Tablet, app: Flask, count: Callable[[], int], wrong: str
) -> None:
    paired.page.clock.set_system_time(wrong)
    fill_in(paired)
    paired.wait(60_000)
    line(paired, "chưa sẵn sàng")
    assert "Sai ngày giờ máy" in part(paired.page, "clock")
    assert count() == 1
    with app.extensions["survey_app"].database.reading() as connection:
        assert connection.scalar(select(schema.response.c.day)) == "2026-11-23"


@pytest.mark.chaos(27, 43)
@pytest.mark.parametrize("wrong", ["2021-11-23T02:00:00Z", "2031-11-24T02:00:00Z"])
def test_a_date_five_years_off_is_found_without_the_server_and_mended(
    paired: Tablet,
    server: Server,
    app: Flask,
    count: Callable[[], int],
    clock: FakeClock,
    wrong: str,
) -> None:
    page = paired.page
    server.stop()
    page.clock.set_system_time(wrong)
    page.reload()
    paired.expect_screen("welcome")
    line(paired, "chưa sẵn sàng · mất mạng")
    assert "Sai ngày giờ máy" in part(page, "clock")
    fill_in(paired)
    line(paired, "chưa sẵn sàng · mất mạng · còn 1 phiếu chưa gửi")
    page.clock.set_system_time(clock())
    server.start()
    line(paired, "sẵn sàng")
    assert count() == 1
    with app.extensions["survey_app"].database.reading() as connection:
        assert connection.scalar(select(schema.response.c.day)) == "2026-11-23"


def test_a_tablet_that_is_connected_with_a_wrong_date_says_so_at_once(
    browser_page: Page, server: Server, pair_code: Callable[[], str]
) -> None:
    page = browser_page
    page.clock.install(time="2031-11-24T02:00:00Z")
    page.goto(f"{server.url}/kiosk/connect")
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    page.locator("[data-line]").get_by_text("chưa sẵn sàng", exact=True).wait_for()
    assert "Sai ngày giờ máy" in part(page, "clock")


def answer_heartbeats(page: Page, kind: str) -> None:
    """What stands between tablet and server, or the server itself, answers instead."""
    html = {"content_type": "text/html", "body": "<h1>Wi-Fi</h1>"}
    answers: dict[str, dict[str, Any]] = {
        "portal": {"status": 200, **html},
        "redirect": {"status": 302, "headers": {"Location": "http://192.168.1.1/login"}},
        "proxy": {"status": 502, **html},
        "cut": {"status": 200, "content_type": "application/json", "body": '{"server_ti'},
        "foreign JSON": {"status": 200, "json": {"login": True}},
    }
    page.route("**/api/v1/heartbeat", lambda route: route.fulfill(**answers[kind]))


@pytest.mark.chaos(6)
@pytest.mark.parametrize("kind", ["portal", "redirect", "proxy", "cut", "foreign JSON"])
def test_another_s_answer_is_told_apart_from_no_network(paired: Tablet, kind: str) -> None:
    answer_heartbeats(paired.page, kind)
    paired.wait(60_000)
    line(paired, "sẵn sàng · có mạng nhưng máy chủ không trả lời (mạng Wi-Fi đòi đăng nhập chăng?)")
    paired.page.unroute("**/api/v1/heartbeat")
    line(paired, "sẵn sàng")


@pytest.mark.chaos(40)
def test_a_server_without_room_is_told_apart_from_no_network(
    paired: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(fleet, "receive", full)
        paired.wait(60_000)
        line(paired, "sẵn sàng · máy chủ đang gặp sự cố; phiếu vẫn an toàn trên máy")
        said = paired.page.locator("[data-message]")
        expect(said).to_have_text("Hiện chưa thể lưu dữ liệu. Phiếu vẫn được giữ nguyên trên máy.")
    line(paired, "sẵn sàng")


def test_a_copied_cookie_without_the_key_keeps_its_forms_and_says_why(
    paired: Tablet, browser: Browser, server: Server, count: Callable[[], int]
) -> None:
    thief = browser.new_context(locale="vi-VN", has_touch=True)
    thief.add_cookies(paired.page.context.cookies())  # type: ignore[arg-type]  # what it gives it takes
    page = thief.new_page()
    page.clock.install(time="2026-11-23T02:00:00Z")
    page.emulate_media(reduced_motion="reduce")
    copy = Tablet(page, f"{server.url}/kiosk/")
    copy.open()
    fill_in(copy)
    line(copy, "chưa sẵn sàng · cần kết nối lại với quầy · còn 1 phiếu chưa gửi")
    expect(page.locator("[data-message]")).to_contain_text("kết nối lại")
    assert "Khoá của máy không còn" in part(page, "device_key")
    assert count() == 0
    thief.close()


def test_a_withdrawn_tablet_keeps_its_forms(
    paired: Tablet, app: Flask, count: Callable[[], int]
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [paired_kiosk] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired_kiosk.kiosk.id, parts.clock())
    fill_in(paired)
    line(paired, "sẵn sàng · cần kết nối lại với quầy · còn 1 phiếu chưa gửi")
    assert count() == 0


def test_the_administrators_message_stands_on_the_welcome(paired: Tablet, app: Flask) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [found] = kiosks.list_kiosks(connection)
        fleet.order(connection, found.kiosk.id, message="charge", reset=1)
    with paired.page.expect_event("load"):
        paired.wait(61_000)
    paired.expect_screen("welcome")
    expect(paired.page.locator("[data-message]")).to_contain_text("sạc")
    with parts.database.reading() as connection:
        assert connection.scalar(select(schema.kiosk_order.c.reset)) == 0


def test_an_order_to_reload_waits_for_the_one_who_is_answering(paired: Tablet, app: Flask) -> None:
    parts = app.extensions["survey_app"]
    paired.begin()
    paired.choose("cert")
    paired.expect_question("stage")
    paired.page.evaluate("window.isTheSame = true")
    with parts.database.writing() as connection:
        [found] = kiosks.list_kiosks(connection)
        fleet.order(connection, found.kiosk.id, reset=1)
    for _ in range(4):
        paired.wait(20_000)
        paired.page.locator(".question-text:visible").first.tap()  # she is still there
    paired.expect_question("stage")
    assert paired.page.evaluate("window.isTheSame")
    with paired.page.expect_event("load"):
        paired.press_exit()
        paired.page.get_by_role("dialog").get_by_role("button", name="Xoá và thoát").tap()
    paired.expect_screen("welcome")
    assert paired.page.locator("[data-question] input:checked").count() == 0


def test_a_tablet_taken_back_forgets_its_key_and_its_counters_page(
    paired: Tablet, app: Flask, watch: Watch
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [found] = kiosks.list_kiosks(connection)
        fleet.order(connection, found.kiosk.id, unpair=1)
    with paired.page.expect_event("load"):
        paired.wait(61_000)
    expect(paired.page.get_by_role("heading", level=1)).to_have_text("Máy này chưa được kết nối")
    assert paired.page.evaluate("caches.keys()") == []
    assert paired.page.evaluate(HAS_KEY) is False
    watch.allow("401")


def test_wrong_digits_are_refused_in_words(
    browser_page: Page, server: Server, watch: Watch
) -> None:
    browser_page.goto(f"{server.url}/kiosk/connect")
    browser_page.locator("#code").fill("000000")
    browser_page.get_by_role("button", name="Kết nối máy này").tap()
    expect(browser_page.get_by_role("alert")).not_to_be_empty()
    expect(browser_page).to_have_url(f"{server.url}/kiosk/connect")
    watch.allow("Failed to load resource")


@pytest.mark.parametrize("body", ["<h1>Wi-Fi</h1>", '{"kiosk": "a1'])
def test_a_portals_answer_to_the_digits_uses_nothing_up(
    browser_page: Page, server: Server, pair_code: Callable[[], str], body: str
) -> None:
    page = browser_page
    page.clock.install(time="2026-11-23T02:00:00Z")
    page.goto(f"{server.url}/kiosk/connect")
    page.route("**/api/v1/pairing", lambda route: route.fulfill(status=201, body=body))
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    expect(page.get_by_role("alert")).to_contain_text("mạng")
    page.unroute("**/api/v1/pairing")
    page.get_by_role("button", name="Kết nối máy này").tap()
    page.locator("[data-line]").get_by_text("sẵn sàng", exact=True).wait_for()


def test_the_one_use_address_gives_a_key_too(
    browser_page: Page, server: Server, app: Flask
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        token = kiosks.invite(connection, "12103-q1", parts.clock())
    browser_page.goto(f"{server.url}/kiosk/pair/{token}")
    browser_page.get_by_role("button", name="Kết nối máy này").tap()
    expect(browser_page.locator("[data-line]")).to_contain_text("sẵn sàng")
    with parts.database.reading() as connection:
        [found] = kiosks.list_kiosks(connection)
    assert found.kiosk.public_key is not None
