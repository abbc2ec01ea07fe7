"""Below the oldest supported browsers the page stays a long form that works."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey_app.kiosk.bundle import STATIC, TOKENS
from tests.kiosk.test_without_javascript import fill
from tests.support.server import LiveServer

Rows = Callable[[], list[dict[str, Any]]]


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
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


# What browsers learnt after the floor, and in which Chromium. CSS that only improves (text-wrap) is no need.
NEWER = {
    r"\bstructuredClone\b": 98,
    r"\.findLast(?:Index)?\(": 97,
    r"\bAbortSignal\.(?:timeout|any)\b": 103,
    r"\.(?:toSorted|toReversed|toSpliced|with)\(": 110,
    r"\b(?:Object|Map)\.groupBy\b": 117,
    r"\bPromise\.(?:withResolvers|try)\b": 119,
    r"\bArray\.fromAsync\b": 121,
    r"\bstatic \{": 94,
    r"\binert\b": 102,
    r"\bpopover\b": 114,
    r":has\(": 105,
    r"@(?:layer|container)\b": 105,
    r"\bcolor-mix\(": 111,
    r"(?<!supports \(min-height: 100)(?<!  min-height: 100)dvh": 108,
}


def test_no_source_needs_more_than_the_floor() -> None:
    sources = [*STATIC.glob("*.js"), *STATIC.glob("*.css"), TOKENS]
    found = [
        f"{path.name}: {match[0]} (Chromium {version})"
        for path in sources
        for pattern, version in NEWER.items()
        for match in re.finditer(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []
