"""From unboxing to READY: each check turns green by itself; the trial form survives and never counts."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from survey_app.store import schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server
from tests.support.browser import Watch
from tests.support.client import PageOpener

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BY_ITSELF = ("clock", "trusted_tls", "device_key", "offline", "storage")


def state(page: Page, name: str) -> str | None:
    return page.locator(f'[data-check="{name}"]').get_attribute("data-state")


def good(page: Page, *names: str) -> None:
    for name in names:
        page.locator(f'[data-check="{name}"][data-state="good"]').wait_for()


def tick(page: Page) -> None:
    """Let the page look again."""
    page.clock.run_for(5_000)


@pytest.mark.browser
def test_from_unboxing_to_ready(
    browser_page: Page,
    server: Server,
    pair_code: Callable[[], str],
    count: Callable[[], int],
    app: Flask,
    axe: Callable[[Page], None],
) -> None:
    page = browser_page
    page.clock.install(time="2026-11-23T02:00:00Z")
    page.goto(f"{server.url}/kiosk/setup")
    good(page, "clock", "trusted_tls", "storage")
    assert (state(page, "device_key"), state(page, "offline")) == ("open", "open")
    page.get_by_role("link", name="Kết nối bằng sáu chữ số").tap()
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    page.wait_for_url("**/kiosk/setup")
    for _ in range(10):
        if state(page, "offline") == "good":
            break
        tick(page)
    good(page, *BY_ITSELF)
    for corner in page.locator("[data-corner]").all():
        corner.tap()
    page.get_by_role("button", name="Phát thử âm thanh").tap()
    page.get_by_role("button", name="Tôi nghe rõ").tap()
    page.get_by_role("button", name="Không ai thoát được khỏi trang").tap()
    good(page, "screen", "sound", "lock")
    page.get_by_role("button", name="Tạo phiếu thử").tap()
    expect(page.locator('p[data-power="kept"]')).to_be_visible()
    tick(page)
    assert state(page, "power") == "open"
    expect(page.get_by_text("SẴN SÀNG", exact=True)).to_be_hidden()
    axe(page)
    page.reload()
    for _ in range(10):
        if state(page, "power") == "good":
            break
        tick(page)
    good(page, "power", "screen", "sound", "lock")
    expect(page.get_by_text("SẴN SÀNG", exact=True)).to_be_visible()
    assert count() == 0
    with app.extensions["survey_app"].database.reading() as connection:
        for table in (schema.inbox, schema.counter_day, schema.comment):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
        epoch = connection.execute(select(schema.kiosk_epoch)).one()
    assert (epoch.created, epoch.acknowledged, epoch.queued, epoch.lost) == (0, 0, 0, 0)


@pytest.mark.browser
def test_the_trial_form_waits_for_the_network_and_is_no_form_of_staff(
    paired: Tablet, server: Server, watch: Watch
) -> None:
    page = paired.page
    page.goto(f"{server.url}/kiosk/setup")
    good(page, *BY_ITSELF)
    page.get_by_role("button", name="Tạo phiếu thử").tap()
    expect(page.locator('p[data-power="kept"]')).to_be_visible()
    server.stop()
    page.goto(paired.url)
    paired.expect_screen("welcome")
    paired.wait(60_000)
    paired.settle()
    expect(page.locator("[data-line]")).to_have_text("sẵn sàng · mất mạng")
    server.start()
    paired.wait(60_000)
    paired.settle()
    page.goto(f"{server.url}/kiosk/setup")
    for _ in range(10):
        if state(page, "power") == "good":
            break
        tick(page)
    good(page, "power")
    watch.allow("Failed to")


def test_every_check_has_a_picture_of_its_own(page: PageOpener) -> None:
    opened = page.get("/kiosk/setup")
    checks = [e for e in opened.document.all("li") if e.get("data-check")]
    drawn = {"".join(e.get("d", "") for e in check.iter()) for check in checks}
    assert (len(checks), len(drawn)) == (9, 9)
    assert "" not in drawn


def test_the_cards_are_one_page_with_four_of_them(page: PageOpener) -> None:
    opened = page.get("/kiosk/cards")
    assert len(opened.document.all("section")) == 4
    for words in ("sẵn sàng", "GMT+7", "mất mạng", "mã PIN mới"):
        assert words in opened.text


@pytest.mark.browser
def test_the_cards_fit_one_sheet(browser_page: Page, server: Server) -> None:
    browser_page.goto(f"{server.url}/kiosk/cards")
    sheet = browser_page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1
