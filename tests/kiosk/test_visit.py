"""A citizen's visit at the tablet, in a real Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey_app.domain.questionnaire import Questionnaire
from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]

PORTRAIT = {"width": 800, "height": 1280}
LANDSCAPE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("language", "size", "thanks"),
    [
        ("vi", PORTRAIT, "Cảm ơn Ông/Bà"),
        ("en", LANDSCAPE, "Thank you"),
        ("vi", PHONE, "Cảm ơn Ông/Bà"),
    ],
)
def test_a_whole_visit_by_touch(
    tablet: Tablet, rows: Rows, language: str, size: Any, thanks: str
) -> None:
    tablet.page.set_viewport_size(size)
    tablet.begin(language)
    wanted = {"procedure": "land", "stage": "collect", "satisfaction": "s4"}
    answered = tablet.answer(wanted)
    assert rows() == []
    tablet.send()
    tablet.expect_screen("thanks")
    expect(tablet.screen.get_by_role("heading")).to_have_text(thanks)
    [row] = rows()
    assert set(row["answers"]) == set(answered)
    assert {q: row["answers"][q] for q in wanted} == wanted
    assert (row["counter_id"], row["channel"], row["language"]) == ("12103-q1", "kiosk", language)
    assert (row["status"], row["remark"]) == ("complete", None)


def test_after_the_thanks_the_start_comes_by_itself(tablet: Tablet) -> None:
    tablet.begin()
    tablet.rush()
    tablet.send()
    tablet.expect_screen("thanks")
    tablet.wait(5_000)
    tablet.expect_screen("thanks")
    tablet.wait(10_000)
    tablet.expect_screen("welcome")


def test_or_by_a_button_and_the_next_visit_has_another_id(tablet: Tablet, rows: Rows) -> None:
    for _ in range(2):
        tablet.begin()
        tablet.rush()
        tablet.send()
        tablet.expect_screen("thanks")
        tablet.wait()
        tablet.page.get_by_role("button", name="Về trang đầu").tap()
        tablet.expect_screen("welcome")
    assert len({row["id"] for row in rows()}) == 2


def test_a_remark_goes_along(tablet: Tablet, rows: Rows) -> None:
    tablet.begin()
    tablet.rush()
    tablet.page.get_by_role("textbox").fill("  Nên có thêm ghế ngồi chờ. ")
    tablet.send()
    tablet.expect_screen("thanks")
    assert rows()[0]["remark"] == "Nên có thêm ghế ngồi chờ."


def test_neither_knowing_nor_saying_is_as_easy_as_answering(tablet: Tablet, rows: Rows) -> None:
    tablet.begin()
    tablet.choose("refused")
    tablet.choose("refused")
    boxes = [tablet.choice(code).bounding_box() for code in ("yes", "dont_know", "refused")]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1
    while tablet.question != "remark":
        offers = tablet.screen.locator('input[value="dont_know"]').count()
        tablet.choose("dont_know" if offers else "refused")
    tablet.send()
    tablet.expect_screen("thanks")
    assert set(rows()[0]["answers"].values()) == {"dont_know", "refused"}


def test_going_back_shows_the_answer_and_a_changed_one_drops_its_followers(
    tablet: Tablet, rows: Rows
) -> None:
    tablet.begin()
    tablet.answer({"stage": "collect"}, until="overall_content")
    while tablet.question != "stage":
        tablet.press("back")
        tablet.wait()
    expect(tablet.screen.locator('input[value="collect"]')).to_be_checked()
    tablet.choose("ask")
    answered = tablet.answer({})
    assert "on_time" not in answered
    tablet.send()
    tablet.expect_screen("thanks")
    assert rows()[0]["answers"]["stage"] == "ask"
    assert not {"on_time", "paperwork_reasonable"} & set(rows()[0]["answers"])


def test_progress_counts_the_present_path(tablet: Tablet) -> None:
    tablet.begin(module=0)
    place = tablet.page.locator('[data-control="place"]')
    expect(place).to_have_text("Câu 1/14")
    tablet.choose("cert")
    expect(place).to_have_text("Câu 2/14")
    tablet.choose("collect")
    expect(place).to_have_text("Câu 3/16")
    tablet.press("back")
    expect(place).to_have_text("Câu 2/16")


def test_back_from_the_first_question_leads_to_the_languages(tablet: Tablet) -> None:
    tablet.begin()
    tablet.press("back")
    tablet.expect_screen("purpose")
    tablet.wait()
    tablet.press("back")
    tablet.expect_screen("welcome")


def test_every_module_is_reached(tablet: Tablet, questionnaire: Questionnaire) -> None:
    modules = {b.module: {q.id for q in b.questions} for b in questionnaire.structure.blocks}
    assert set(modules) == {None, *range(7)}
    for module in range(7):
        tablet.begin(module=module)
        tablet.rush()
        while tablet.question != "age":
            tablet.press("back")
        tablet.press("back")
        assert tablet.question in modules[module]
        tablet.press_exit()
        tablet.erase()


def test_the_whole_visit_by_keyboard(tablet: Tablet, rows: Rows) -> None:
    page: Page = tablet.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Dễ đọc hơn")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tiếng Việt")).to_be_focused()
    page.keyboard.press("Enter")
    tablet.expect_screen("purpose")
    expect(tablet.screen.get_by_role("heading")).to_be_focused()
    _tab_to(page, "Bắt đầu")
    page.keyboard.press("Enter")
    seen: list[str | None] = []
    while tablet.question != "remark":
        assert tablet.question not in seen
        seen.append(tablet.question)
        expect(tablet.screen.get_by_role("heading")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        tablet.wait(2_000)
        assert tablet.question == seen[-1], "arrow keys must not carry anybody on"
        expect(tablet.screen.locator("input").nth(1)).to_be_checked()
        page.keyboard.press("Enter")
    _tab_to(page, "Gửi phiếu")
    page.keyboard.press("Enter")
    tablet.expect_screen("thanks")
    assert rows()[0]["answers"]["procedure"] == "construction"


def _tab_to(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    for _ in range(8):
        page.keyboard.press("Tab")
        if button.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {name}")


def test_a_keyboard_goes_on_by_a_button_too_once_there_is_an_answer(tablet: Tablet) -> None:
    tablet.begin()
    onward = tablet.page.get_by_role("button", name="Tiếp")
    expect(onward).to_be_hidden()
    tablet.screen.locator("input").first.focus()
    tablet.page.keyboard.press("Space")
    expect(onward).to_be_visible()
    onward.tap()
    tablet.expect_question("stage")


def test_enter_without_an_answer_chooses_the_one_in_focus(tablet: Tablet) -> None:
    tablet.begin()
    tablet.screen.locator("input").first.focus()
    tablet.page.keyboard.press("Enter")
    tablet.expect_question("stage")
    tablet.press("back")
    expect(tablet.screen.locator('input[value="cert"]')).to_be_checked()


def test_a_double_tap_goes_one_step_only(tablet: Tablet) -> None:
    tablet.page.clock.pause_at(tablet.page.evaluate("Date.now() + 1000"))
    tablet.begin(module=0)
    tablet.answer({}, until="staff_competent")
    back = tablet.page.locator('[data-control="back"]')
    back.dblclick()
    tablet.expect_question("fees_posted")
    tablet.wait()
    back.tap()
    tablet.expect_question("clear_information")
    tablet.choice("no").tap()
    expect(tablet.screen.locator("input:checked")).to_have_value("yes")
