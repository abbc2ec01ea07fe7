"""Another language at any time, with every answer kept."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from survey_app.domain.questionnaire import Questionnaire
from tests.kiosk.tablet import Tablet
from tests.kiosk.test_without_javascript import fill
from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]
REMARK = "Nên có thêm ghế ngồi chờ."


def switch(tablet: Tablet, language: str) -> None:
    tablet.wait()
    tablet.page.locator(f'button[value="{language}"]').tap()
    expect(tablet.page.locator("html")).to_have_attribute("lang", language)


def test_the_words_change_and_the_answers_stay(tablet: Tablet, rows: Rows) -> None:
    page = tablet.page
    tablet.begin()
    answered = tablet.answer({"procedure": "land", "stage": "submit"}, until="satisfaction")
    tablet.choose("s4")
    tablet.press("back")
    switch(tablet, "en")
    expect(tablet.screen.get_by_role("heading")).to_have_text(
        "How satisfied are you with the service this time?"
    )
    expect(tablet.screen.locator('input[value="s4"]')).to_be_checked()
    expect(page.get_by_role("button", name="Back")).to_be_visible()
    expect(page.locator('[data-control="place"]')).to_contain_text("Question")
    tablet.choose("s5")
    tablet.rush()
    page.get_by_role("textbox").fill(REMARK)
    switch(tablet, "vi")
    expect(page.get_by_role("textbox")).to_have_value(REMARK)
    switch(tablet, "en")
    tablet.send()
    tablet.expect_screen("thanks")
    [row] = rows()
    assert set(answered) <= set(row["answers"])
    assert (row["language"], row["remark"]) == ("en", REMARK)
    assert (row["answers"]["procedure"], row["answers"]["satisfaction"]) == ("land", "s5")


def test_no_word_of_the_other_language_stays(tablet: Tablet, questionnaire: Questionnaire) -> None:
    tablet.begin(module=0)
    tablet.rush({"procedure": "land"})
    tablet.press("review")
    switch(tablet, "en")
    parts = tablet.page.locator('.bar, [data-screen="review"], .moves')
    english = "\n".join(parts.all_inner_texts())
    expect(tablet.page.locator('.answer[data-of="procedure"] .given')).to_have_text(
        questionnaire.say("en", "procedure.choice.land")
    )
    for words in ("Ông/Bà", "Sửa", "Quay lại", "Gửi phiếu"):
        assert words not in english
    leave = tablet.page.locator("#leave").text_content() or ""
    assert "Erase your answers and leave?" in leave


def test_the_next_person_is_met_in_vietnamese(tablet: Tablet) -> None:
    tablet.begin("en")
    tablet.press_exit()
    tablet.expect_screen("welcome")
    expect(tablet.page.locator("html")).to_have_attribute("lang", "vi")
    expect(tablet.page.get_by_role("button", name="Dễ đọc hơn")).to_be_visible()


def test_without_the_other_words_everything_stays(
    tablet: Tablet, provoke: Callable[[str], None]
) -> None:
    page = tablet.page
    tablet.begin()
    tablet.choose("land")
    page.route("**/kiosk/?lang=en", lambda route: route.abort())
    tablet.wait()
    with page.expect_event("requestfailed"):
        page.locator('button[value="en"]').tap()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    tablet.expect_question("stage")
    tablet.press("back")
    expect(tablet.screen.locator('input[value="land"]')).to_be_checked()
    provoke("Failed to load resource")


def test_a_page_that_asks_other_questions_is_not_mixed_in(tablet: Tablet) -> None:
    page = tablet.page
    tablet.begin()

    def other_version(route: Any) -> None:
        answer = route.fetch()
        body = answer.text().replace('data-questionnaire="', 'data-questionnaire="0')
        route.fulfill(response=answer, body=body)

    page.route("**/kiosk/?lang=en", other_version)
    tablet.wait()
    with page.expect_response("**/kiosk/?lang=en"):
        page.locator('button[value="en"]').tap()
    tablet.wait()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


@pytest.fixture
def long_form(scriptless: BrowserContext, live_server: LiveServer) -> Page:
    page = scriptless.new_page()
    page.goto(f"{live_server.url}/kiosk/")
    return page


def test_the_long_form_keeps_them_too_and_sends_nothing(long_form: Page, rows: Rows) -> None:
    page = long_form
    fill(page)
    page.get_by_role("textbox").fill(REMARK)
    before = page.locator("input:checked").count()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Send the form")).to_be_visible()
    assert page.locator("input:checked").count() == before
    expect(page.get_by_role("textbox")).to_have_value(REMARK)
    assert page.get_by_role("alert").count() == 0
    assert rows() == []
    page.get_by_role("button", name="Send the form").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert [row["language"] for row in rows()] == ["en"]


def test_enter_in_the_long_form_sends_and_does_not_translate(long_form: Page, rows: Rows) -> None:
    fill(long_form)
    long_form.locator("input:checked").first.press("Enter")
    expect(long_form.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà")
    assert len(rows()) == 1
