"""Behind the staff's PIN; and the rest outside opening hours."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey_app.domain.opening import Span
from survey_app.store import fleet, hours, kiosks, pins, schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import COUNTER, Server, enter_staff_room, line
from tests.support.browser import Watch
from tests.support.clock import FakeClock
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
INSIDE = "[data-inside]"


def said(page: Page) -> str:
    return page.locator("[data-said]:visible").inner_text()


def is_withdrawn(app: Flask) -> bool:
    with app.extensions["survey_app"].database.reading() as connection:
        return connection.scalar(select(schema.kiosk.c.revoked_at)) is not None


def test_the_pin_opens_without_the_network(paired: Tablet, pin: str, server: Server) -> None:
    server.stop()
    page = paired.page
    page.reload()
    paired.expect_screen("welcome")
    expect(page.locator(INSIDE)).to_be_hidden()
    enter_staff_room(page, pin)
    expect(page.locator(INSIDE)).to_be_visible()
    assert page.locator("#staff-pin").input_value() == ""
    paired.wait(181_000)
    expect(page.locator(INSIDE)).to_be_hidden()


@pytest.mark.parametrize(("is_promised", "words"), [(True, "đã hứa"), (False, "không hứa")])
def test_whether_the_browser_promised_to_keep_the_forms_is_told(
    paired: Tablet, pin: str, *, is_promised: bool, words: str
) -> None:
    paired.page.evaluate(
        "(is) => { navigator.storage.persisted = () => Promise.resolve(is); }", is_promised
    )
    enter_staff_room(paired.page, pin)
    expect(paired.page.locator("[data-promised]:visible")).to_contain_text(words)


def test_five_wrong_tries_and_it_waits_also_after_a_restart(paired: Tablet, pin: str) -> None:
    page = paired.page
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    page.get_by_text("Dành cho nhân viên").tap()
    for _ in range(5):
        page.locator("#staff-pin").fill(wrong)
        page.get_by_role("button", name="Mở", exact=True).tap()
        expect(page.locator('[data-said="wrong"]')).to_be_visible()
        expect(page.locator("#staff-pin")).to_have_value("")
    page.reload()
    paired.expect_screen("welcome")
    enter_staff_room(page, pin)
    expect(page.locator('[data-said="wait"]')).to_be_visible()
    paired.wait(300_000)
    page.locator("#staff-pin").fill(pin)
    page.get_by_role("button", name="Mở", exact=True).tap()
    expect(page.locator(INSIDE)).to_be_visible()


def test_a_new_pin_of_the_administrator_counts_and_ends_the_wait(
    paired: Tablet, pin: str, app: Flask
) -> None:
    page = paired.page
    page.get_by_text("Dành cho nhân viên").tap()
    for _ in range(6):
        page.locator("#staff-pin").fill("no pin")
        page.get_by_role("button", name="Mở", exact=True).tap()
        expect(page.locator("#staff-pin")).to_have_value("")
    expect(page.locator('[data-said="wait"]')).to_be_visible()
    with app.extensions["survey_app"].database.writing() as connection:
        fresh = pins.make_pin(connection, COUNTER)
    with page.expect_response("**/api/v1/heartbeat"):
        paired.wait(60_000)
    paired.settle()
    for digits, outcome in ((pin, '[data-said="wrong"]'), (fresh, INSIDE)):
        page.locator("#staff-pin").fill(digits)
        page.get_by_role("button", name="Mở", exact=True).tap()
        expect(page.locator(outcome)).to_be_visible()


def test_without_a_pin_nothing_opens(paired: Tablet, app: Flask, pin: str) -> None:
    with app.extensions["survey_app"].database.writing() as connection:
        connection.execute(schema.counter_pin.delete())
    with paired.page.expect_response("**/api/v1/heartbeat"):
        paired.wait(60_000)
    paired.settle()
    enter_staff_room(paired.page, pin)
    expect(paired.page.locator('[data-said="none"]')).to_be_visible()
    expect(paired.page.locator(INSIDE)).to_be_hidden()


def test_a_tablet_leaves_its_counter_only_when_nothing_is_lost(
    paired: Tablet, pin: str, server: Server, app: Flask, watch: Watch, count: Callable[[], int]
) -> None:
    page = paired.page
    server.stop()
    fill_in(paired)
    server.start()
    page.route("**/api/v1/responses**", lambda route: route.abort())
    enter_staff_room(page, pin)
    leave = page.get_by_role("button", name="Ngắt kết nối máy này")
    leave.tap()
    expect(page.locator('[data-said="waiting"]')).to_be_visible()
    assert not is_withdrawn(app)
    with page.expect_download():
        page.get_by_role("button", name="Lưu tệp niêm phong").tap()
    leave.tap()
    page.wait_for_url("**/kiosk/connect")
    assert is_withdrawn(app)
    assert count() == 0
    watch.allow("ERR_FAILED")
    page.goto(paired.url)
    expect(page.locator("h1")).to_contain_text("chưa được kết nối")
    watch.allow("401")


def test_the_first_screen_comes_back_in_the_language_of_the_place(paired: Tablet, pin: str) -> None:
    page = paired.page
    enter_staff_room(page, pin)
    page.get_by_label("English").check()
    fill_in(paired)
    page.wait_for_url("**/kiosk/?lang=en")
    paired.expect_screen("welcome")
    page.goto(paired.url)
    page.wait_for_url("**/kiosk/?lang=en")


def test_outside_opening_hours_it_sleeps_and_wakes_at_a_touch(paired: Tablet, app: Flask) -> None:
    page, cover = paired.page, paired.page.locator("[data-asleep]")
    paired.wait(200_000)
    expect(cover).to_be_hidden()
    with app.extensions["survey_app"].database.writing() as connection:
        hours.set_hours(connection, COUNTER, [Span(1, time(7), time(8))])
    with page.expect_response("**/api/v1/heartbeat"):
        paired.wait(60_000)
    paired.settle()
    paired.wait(60_000)
    expect(cover).to_be_visible()
    cover.tap()
    expect(cover).to_be_hidden()
    paired.expect_screen("welcome")
    paired.begin()
    paired.wait(29_000)
    expect(cover).to_be_hidden()


def test_the_system_is_asked_to_leave_the_screen_on(paired: Tablet) -> None:
    paired.page.add_init_script(
        "navigator.wakeLock.request = async (kind) => { window.staysOn = kind; }"
    )
    paired.page.reload()
    paired.expect_screen("welcome")
    paired.page.wait_for_function("window.staysOn === 'screen'")


def test_a_withdrawn_and_a_copied_tablet_are_told_apart(
    paired: Tablet, app: Flask, clock: FakeClock
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [found] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, found.kiosk.id, clock())
    fill_in(paired)
    paired.wait(60_000)
    line(paired, "sẵn sàng · cần kết nối lại với quầy · còn 1 phiếu chưa gửi")
    expect(paired.page.locator("[data-message]")).to_contain_text("đã bị thu hồi")


def test_a_remote_order_to_leave_is_obeyed_when_nothing_waits(paired: Tablet, app: Flask) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [found] = kiosks.list_kiosks(connection)
        fleet.order(connection, found.kiosk.id, unpair=1)
    with paired.page.expect_event("load"):
        paired.wait(61_000)
    expect(paired.page.locator("h1")).to_contain_text("chưa được kết nối")
    assert is_withdrawn(app)
