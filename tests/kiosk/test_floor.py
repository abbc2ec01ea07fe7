"""Below the oldest supported browsers the page stays a long form that works."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.test_without_javascript import fill
from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize(
    "lacking",
    ["delete Object.hasOwn", "delete Array.prototype.at", "delete window.HTMLDialogElement"],
)
def test_an_older_browser_gets_the_long_form(
    paired_page: Page,
    live_server: LiveServer,
    rows: Rows,
    provoke: Callable[[str], None],
    lacking: str,
) -> None:
    page = paired_page
    page.add_init_script(lacking)
    page.goto(f"{live_server.url}/kiosk/")
    expect(page.locator("html.stepwise")).to_have_count(0)
    fill(page)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà")
    assert len(rows()) == 1
    provoke("The long form stays")
