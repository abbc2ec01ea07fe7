"""The week's page in Chromium: nobody is shut out, nothing runs off the screen, it prints."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.people import MY_HAO, PASSWORD
from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
# A4 without its margins, in CSS pixels.
A4, A4_HIGH = 695, 1020
SIZES = ((1280, 800), (800, 1280), (390, 844))


@pytest.fixture
def week(
    browser_page: Page, live_server: LiveServer, people: dict[str, int], two_weeks: None
) -> Page:
    """The week's page, opened by logging in."""
    assert people
    assert two_weeks is None
    browser_page.goto(live_server.url + "/office/")
    browser_page.get_by_label("Tên đăng nhập").fill("official")
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Đăng nhập").click()
    expect(browser_page).to_have_url(f"{live_server.url}/office/{MY_HAO}/2026-W47")
    return browser_page


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    week: Page, axe: Callable[[Page], None]
) -> None:
    for width, height in SIZES:
        week.set_viewport_size({"width": width, "height": height})
        axe(week)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert week.evaluate(overflow) == 0, width


def test_at_200_percent_nothing_runs_off_the_screen(week: Page) -> None:
    week.set_viewport_size({"width": 640, "height": 400})  # 1280 × 800 enlarged twice
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert week.evaluate(overflow) == 0


def test_it_prints_with_its_label_and_without_navigation(week: Page) -> None:
    week.emulate_media(media="print")
    expect(week.get_by_text("TẠM TÍNH — mẫu tự chọn")).to_be_visible()
    expect(week.get_by_role("button", name="Đăng xuất")).to_be_hidden()
    expect(week.get_by_role("navigation", name="Các tuần")).to_be_hidden()


def test_nothing_is_cut_off_on_a4(week: Page) -> None:
    week.set_viewport_size({"width": A4, "height": 1000})
    week.emulate_media(media="print")
    too_wide = """
        () => [...document.querySelectorAll("table, svg, p, li")]
          .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(e => e.textContent.trim().slice(0, 60))
    """
    assert week.evaluate(too_wide) == []


def test_the_first_sheet_stands_alone(week: Page) -> None:
    week.set_viewport_size({"width": A4, "height": A4_HIGH})
    week.emulate_media(media="print")
    for part in (week.locator(".brief"), week.locator(".scores")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < A4_HIGH


@pytest.mark.parametrize("path", ["actions", "2026-W47/remarks"])
def test_axe_finds_nothing_on_the_pages_beside(
    week: Page, live_server: LiveServer, axe: Callable[[Page], None], path: str
) -> None:
    week.goto(f"{live_server.url}/office/{MY_HAO}/{path}")
    for width, height in SIZES:
        week.set_viewport_size({"width": width, "height": height})
        axe(week)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert week.evaluate(overflow) == 0, width


def test_the_keyboard_reaches_the_content_first(week: Page) -> None:
    week.keyboard.press("Tab")
    expect(week.get_by_text("Đến thẳng nội dung")).to_be_focused()
    week.keyboard.press("Enter")
    expect(week.locator("main")).to_be_focused()


def test_axe_finds_nothing_on_the_way_in(
    browser_page: Page, live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    for path in ("/", "/accounts/login", "/office/"):
        browser_page.goto(live_server.url + path)
        axe(browser_page)
