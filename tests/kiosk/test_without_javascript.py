"""The same page in a browser without scripts: a long form that works, complains and is corrected."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def long_form(scriptless: BrowserContext, live_server: LiveServer) -> Page:
    page = scriptless.new_page()
    page.goto(f"{live_server.url}/kiosk/")
    return page


def fill(page: Page, *, leave_out: str = "") -> None:
    for question in page.locator("fieldset").all():
        name = question.get_attribute("data-question")
        if question.is_visible() and name not in {leave_out, "remark"}:
            question.locator("label").first.click()


def test_a_visit_with_a_mistake_and_its_correction(long_form: Page, rows: Rows) -> None:
    page = long_form
    expect(page.locator('[data-screen="thanks"]')).to_be_hidden()
    fill(page, leave_out="stage")
    page.get_by_role("textbox").fill("Chỗ để xe hơi xa.")
    page.get_by_role("button", name="Gửi phiếu").click()
    summary = page.get_by_role("alert").first
    expect(summary).to_contain_text("Phiếu chưa được gửi")
    assert rows() == []
    summary.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("#q-stage-screen$"))
    expect(page.locator('[name="q-procedure"][value="cert"]')).to_be_checked()
    expect(page.get_by_role("textbox")).to_have_value("Chỗ để xe hơi xa.")
    page.locator("#q-stage-screen label").nth(1).click()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà")
    [row] = rows()
    assert row["answers"]["stage"] == "collect"
    assert "deadline_told" not in row["answers"]  # answered, but not on the path of "collect"
    assert row["remark"] == "Chỗ để xe hơi xa."


def test_the_languages_are_links(long_form: Page, rows: Rows) -> None:
    page = long_form
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Send the form")).to_be_visible()
    fill(page)
    page.get_by_role("button", name="Send the form").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert rows()[0]["language"] == "en"


def test_one_module_is_shown(long_form: Page) -> None:
    modules = long_form.locator("fieldset[data-module]")
    shown = {m.get_attribute("data-module") for m in modules.all() if m.is_visible()}
    assert len(shown) == 1


def test_erase_and_leave_is_a_link_to_an_empty_form(long_form: Page) -> None:
    fill(long_form)
    long_form.get_by_role("link", name="Xoá và thoát").click()
    expect(long_form.locator("input:checked")).to_have_count(0)
