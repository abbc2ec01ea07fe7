"""Nothing of one person is there for the next (failures.md rows 29 and 30, as far as they reach without storage)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey_app.store import schema
from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]
REMARK = "Ghế ngồi chờ hơi ít."
TRACES = """() => ({
  checked: document.querySelectorAll('input:checked').length,
  words: [...document.querySelectorAll('textarea')].map((e) => e.value).join(''),
  stored: localStorage.length + sessionStorage.length,
  cookies: document.cookie,
  state: JSON.stringify(history.state),
  address: location.pathname + location.search + location.hash,
  text: document.body.innerText,
})"""


def traces(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(TRACES)
    return found


def assert_nothing_left(page: Page) -> None:
    left = traces(page)
    assert (left["checked"], left["words"], left["stored"], left["cookies"]) == (0, "", 0, "")
    assert left["address"] == "/kiosk/"
    assert REMARK not in left["text"]


@pytest.fixture
def answering(tablet: Tablet) -> Tablet:
    """A visit that has come to the remark, with words in it."""
    tablet.begin()
    tablet.rush()
    tablet.page.get_by_role("textbox").fill(REMARK)
    return tablet


def test_leaving_takes_one_tap_more_on_another_place(answering: Tablet, rows: Rows) -> None:
    page = answering.page
    first = page.locator('.bar [data-do="askToLeave"]').bounding_box()
    answering.press_exit()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not page.locator("main textarea").first.is_visible() or _is_covered(page)
    second = page.get_by_role("dialog").get_by_role("button", name="Xoá và thoát").bounding_box()
    assert first
    assert second
    assert first["y"] + first["height"] <= second["y"]
    answering.erase()
    assert_nothing_left(page)
    assert rows() == []


def _is_covered(page: Page) -> bool:
    box = page.get_by_role("dialog").bounding_box()
    size = page.viewport_size
    assert box
    assert size
    covers = box["width"] >= size["width"] and box["height"] >= size["height"]
    return covers and box["x"] == 0 and box["y"] == 0


def test_one_can_go_on_instead(answering: Tablet) -> None:
    answering.press_exit()
    answering.page.get_by_role("button", name="Trả lời tiếp").tap()
    expect(answering.page.get_by_role("textbox")).to_have_value(REMARK)


def test_leaving_before_any_answer_asks_nothing(tablet: Tablet) -> None:
    tablet.begin()
    tablet.press_exit()
    tablet.expect_screen("welcome")


def test_the_way_out_is_on_every_screen_after_the_welcome(tablet: Tablet) -> None:
    leave = tablet.page.get_by_role("link", name="Xoá và thoát")
    expect(leave).to_be_hidden()
    tablet.choose_language("vi")
    expect(leave).to_be_visible()
    tablet.press("begin")
    while tablet.question != "remark":
        expect(leave).to_be_visible()
        tablet.choose(tablet.screen.locator("input").first.get_attribute("value") or "")
    expect(leave).to_be_visible()


def test_after_the_thanks_nothing_is_left_and_nothing_comes_back(answering: Tablet) -> None:
    page = answering.page
    answering.send()
    answering.expect_screen("thanks")
    assert_nothing_left(page)
    answering.wait(13_000)
    answering.expect_screen("welcome")
    page.go_back()
    assert_nothing_left(page)
    answering.expect_screen("welcome")
    page.go_forward()
    answering.expect_screen("welcome")
    assert_nothing_left(page)


def test_a_reload_or_another_page_in_between_leaves_nothing(answering: Tablet) -> None:
    page = answering.page
    page.reload()
    answering.expect_screen("welcome")
    assert_nothing_left(page)
    answering.begin()
    answering.rush()
    page.goto("about:blank")
    page.go_back()
    answering.expect_screen("welcome")
    assert_nothing_left(page)


def test_the_browsers_back_is_the_pages_back(tablet: Tablet) -> None:
    tablet.begin()
    tablet.choose("cert")
    tablet.expect_question("stage")
    tablet.page.go_back()
    tablet.expect_question("procedure")
    tablet.page.go_back()
    tablet.expect_screen("purpose")
    tablet.page.go_back()
    tablet.expect_screen("welcome")


def test_an_english_visit_ends_at_a_welcome_everybody_can_read(tablet: Tablet) -> None:
    tablet.begin("en")
    tablet.rush()
    tablet.send()
    tablet.expect_screen("thanks")
    tablet.wait(13_000)
    tablet.expect_screen("welcome")
    words = tablet.page.locator("h1 span[lang]").all_inner_texts()
    assert words[0].startswith("Xin Ông/Bà")
    tablet.choose_language("vi")
    expect(tablet.screen.get_by_role("heading")).to_have_text("Trước khi bắt đầu")


def test_no_field_helps_the_browser_to_remember(tablet: Tablet) -> None:
    form = tablet.page.locator("#visit")
    assert form.get_attribute("autocomplete") == "off"
    off = tablet.page.locator(
        "#visit :is(input:not([type=hidden]), textarea):not([autocomplete=off])"
    )
    expect(off).to_have_count(0)
    words = tablet.page.locator("textarea")
    for name in ("autocorrect", "autocapitalize"):
        assert words.get_attribute(name) == "off"
    assert words.get_attribute("spellcheck") == "false"
    assert tablet.page.locator("html").get_attribute("translate") == "no"


def test_the_next_form_tells_where_a_start_was_abandoned(tablet: Tablet, app: Flask) -> None:
    # Whoever starts anew draws another module; what she answered is gone, where she stopped is counted.
    tablet.begin(module=3)
    tablet.answer({"procedure": "cert", "stage": "submit"}, until="portal_used")
    tablet.press_exit()
    tablet.erase()
    tablet.begin()
    tablet.rush()
    tablet.send()
    tablet.expect_screen("thanks")
    with app.extensions["survey_app"].database.reading() as connection:
        rows = connection.execute(select(schema.break_off)).all()
    assert [(row.module, row.question, row.starts) for row in rows] == [(3, "portal_used", 1)]
