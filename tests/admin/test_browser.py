"""The administrators' pages in Chromium: nobody is shut out, nothing runs off the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Watch
from tests.support.people import MY_HAO, PASSWORD
from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
SIZES = ((1280, 800), (390, 844))
PATHS = (
    "",
    "fleet",
    "codes",
    "people",
    "people/new",
    f"dossiers/{MY_HAO}",
    f"dossiers/{MY_HAO}/table",
)


@pytest.fixture
def entered(browser_page: Page, live_server: LiveServer, people: dict[str, int]) -> Page:
    """A browser in which the administrator has logged in."""
    assert people
    browser_page.goto(live_server.url + "/admin/")
    browser_page.get_by_label("Tên đăng nhập").fill("administrator")
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Đăng nhập").click()
    expect(browser_page).to_have_url(f"{live_server.url}/admin/")
    return browser_page


def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    entered: Page, live_server: LiveServer, axe: Callable[[Page], None]
) -> None:
    for path in PATHS:
        entered.goto(f"{live_server.url}/admin/{path}")
        for width, height in SIZES:
            entered.set_viewport_size({"width": width, "height": height})
            axe(entered)
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert entered.evaluate(overflow) == 0, (path, width)


def test_wrong_lines_are_said_beside_what_was_typed(
    entered: Page, live_server: LiveServer, watch: Watch, axe: Callable[[Page], None]
) -> None:
    entered.goto(f"{live_server.url}/admin/dossiers/{MY_HAO}/table")
    lines = entered.get_by_label("Các dòng số liệu")
    lines.fill("Tuần;Tổng số hồ sơ\n47/2026;12\n48/2026;x")
    entered.get_by_role("button", name="Lưu tất cả các tuần").click()
    expect(entered.get_by_role("alert")).to_contain_text("Dòng 3: Tuần: Tuần này chưa kết thúc.")
    expect(lines).to_have_value("Tuần;Tổng số hồ sơ\n47/2026;12\n48/2026;x")
    axe(entered)
    watch.allow("422")
