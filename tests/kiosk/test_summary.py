"""The summary before sending: each answer can be changed, and only what belongs to the form goes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]
REMARK = "Nên có thêm ghế ngồi chờ."


@pytest.fixture
def summary(tablet: Tablet) -> Tablet:
    """A visit of somebody who collects a result and has come to her answers."""
    tablet.begin(module=0)
    tablet.rush({"procedure": "land", "stage": "collect"})
    tablet.page.get_by_role("textbox").fill(REMARK)
    tablet.press("review")
    tablet.expect_screen("review")
    return tablet


def rows_shown(tablet: Tablet) -> dict[str, str]:
    found = tablet.page.locator(".answer").all()
    return {row.get_attribute("data-of") or "": row.locator(".given").inner_text() for row in found}


def change(tablet: Tablet, question: str) -> None:
    tablet.wait()
    tablet.page.locator(f'.answer[data-of="{question}"]').tap()
    tablet.expect_question(question)
    tablet.wait()


def test_it_shows_every_answer_of_the_path_in_words(summary: Tablet) -> None:
    shown = rows_shown(summary)
    assert len(shown) == 16
    assert shown["procedure"] == "Đất đai, sổ đỏ"
    assert shown["stage"] == "Nhận kết quả"
    assert shown["remark"] == REMARK
    assert "deadline_told" not in shown


def test_a_changed_answer_leads_back_and_is_what_is_sent(summary: Tablet, rows: Rows) -> None:
    change(summary, "satisfaction")
    summary.choose("s5")
    summary.expect_screen("review")
    expect(summary.page.locator('.answer[data-of="satisfaction"]')).to_be_focused()
    assert rows_shown(summary)["satisfaction"] == "Rất hài lòng"
    summary.send()
    summary.expect_screen("thanks")
    [row] = rows()
    assert (row["answers"]["satisfaction"], row["remark"]) == ("s5", REMARK)


def test_a_change_of_the_path_asks_what_is_new_and_drops_what_is_not(
    summary: Tablet, rows: Rows
) -> None:
    change(summary, "stage")
    summary.choose("submit")
    summary.expect_question("deadline_told")
    summary.choose("no")
    summary.expect_screen("review")
    assert "on_time" not in rows_shown(summary)
    summary.send()
    summary.expect_screen("thanks")
    [row] = rows()
    assert row["answers"]["deadline_told"] == "no"
    assert "on_time" not in row["answers"]


def test_what_is_left_open_is_said_and_asked_before_sending(summary: Tablet, rows: Rows) -> None:
    change(summary, "stage")
    summary.choose("submit")
    summary.expect_question("deadline_told")
    summary.press("back")
    summary.expect_screen("review")
    assert rows_shown(summary)["deadline_told"] == "Chưa trả lời"
    summary.send()
    summary.expect_question("deadline_told")
    expect(summary.screen.get_by_role("alert")).to_have_text("Xin Ông/Bà chọn một câu trả lời.")
    assert rows() == []
    summary.wait()
    summary.choose("yes")
    summary.expect_screen("review")


def test_back_leads_to_the_last_question_and_out_of_a_change(summary: Tablet) -> None:
    change(summary, "procedure")
    summary.press("back")
    summary.expect_screen("review")
    summary.wait()
    summary.page.go_back()
    summary.expect_question("remark")
    expect(summary.page.get_by_role("textbox")).to_have_value(REMARK)


def test_changing_words_keeps_them(summary: Tablet) -> None:
    change(summary, "remark")
    summary.page.get_by_role("textbox").fill("")
    summary.press("next")
    summary.expect_screen("review")
    assert rows_shown(summary)["remark"] == "Không ghi góp ý"


def test_by_keyboard(summary: Tablet) -> None:
    page = summary.page
    expect(summary.screen.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator('.answer[data-of="procedure"]')).to_be_focused()
    page.keyboard.press("Enter")
    summary.expect_question("procedure")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    summary.wait(2_000)
    assert summary.question == "procedure", "arrow keys must not carry anybody on"
    page.keyboard.press("Enter")
    summary.expect_screen("review")
    assert rows_shown(summary)["procedure"] == "Việc khác"


@pytest.mark.parametrize("way", ["erased", "walked away", "another page"])
def test_nothing_of_it_stays(summary: Tablet, way: str) -> None:
    page = summary.page
    if way == "erased":
        summary.press_exit()
        summary.erase()
    elif way == "walked away":
        summary.wait(52_000)
    else:
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert page.locator(".answer").count() == 0
    assert REMARK not in page.content()


def test_sending_without_looking_is_as_easy(tablet: Tablet, rows: Rows) -> None:
    tablet.begin()
    tablet.rush()
    expect(tablet.page.get_by_role("button", name="Xem lại câu trả lời")).to_be_visible()
    tablet.send()
    tablet.expect_screen("thanks")
    assert len(rows()) == 1
