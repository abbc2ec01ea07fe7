"""The form without JavaScript: one POST, stored by the same rules, nothing typed is lost."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import path
from survey_app.store import kiosks
from survey_app.store.intake import NotStored
from tests.support.client import OpenedPage, PageOpener

Rows = Callable[[], list[dict[str, Any]]]
Send = Callable[..., OpenedPage]


@pytest.fixture
def opened(kiosk_client: FlaskClient, page: PageOpener) -> OpenedPage:  # noqa: ARG001  (it is paired)
    return page.get("/kiosk/")


@pytest.fixture
def form(opened: OpenedPage, questionnaire: Questionnaire) -> dict[str, str]:
    """The opened form with the first choice of every question on its path."""
    hidden = {
        str(e.get("name")): str(e.get("value"))
        for e in opened.document.all("input")
        if e.get("type") == "hidden"
    }
    module = questionnaire.module_of(hidden["visit-id"])
    answers: dict[str, str] = {}
    for _ in range(3):  # an answer can put more questions on the path
        asked = path(questionnaire, module, answers)
        answers = {q.id: q.codes[0] for q in asked if q.kind == "single"}
    return {**hidden, **{f"q-{question}": code for question, code in answers.items()}}


@pytest.fixture
def send(page: PageOpener, origin: str) -> Send:
    def post(form: dict[str, str], *, status: int = 200, lang: str = "vi") -> OpenedPage:
        return page.post(f"/kiosk/?lang={lang}", form, status=status, headers={"Origin": origin})

    return post


def field(page: OpenedPage, name: str) -> Any:
    return [e for e in page.document.all("input", "textarea") if e.get("name") == name]


def checked(page: OpenedPage, question: str) -> list[str | None]:
    found = field(page, f"q-{question}")
    return [e.get("value") for e in found if e.get("checked") is not None]


def test_a_form_is_stored_and_thanked_for(form: dict[str, str], send: Send, rows: Rows) -> None:
    answer = send(form)
    assert answer.response.request.path == "/kiosk/thanks"
    assert "Cảm ơn Ông/Bà" in answer.heading
    [row] = rows()
    assert row["id"] == form["visit-id"]
    assert row["answers"] == {
        name.removeprefix("q-"): code for name, code in form.items() if name.startswith("q-")
    }
    assert (row["counter_id"], row["channel"], row["status"]) == ("12103-q1", "kiosk", "complete")
    assert (row["day"], row["language"], row["remark"]) == ("2026-11-23", "vi", None)


def test_the_thanks_say_nothing_of_the_answers(form: dict[str, str], send: Send) -> None:
    answer = send(form)
    assert form["visit-id"] not in answer.text
    assert "q-" not in answer.text


def test_missing_answers_come_back_with_everything_typed(
    form: dict[str, str], send: Send, rows: Rows
) -> None:
    del form["q-stage"]
    form["q-remark"] = "Chỗ ngồi chờ hơi chật."
    answer = send(form, status=422)
    assert rows() == []
    assert checked(answer, "procedure") == ["cert"]
    assert field(answer, "q-remark")[0].text.strip() == form["q-remark"]
    assert field(answer, "visit-id")[0].get("value") == form["visit-id"]
    links = [e.get("href") for e in answer.document.all("a")]
    assert "#q-stage-screen" in links
    assert "“Không biết”" in answer.text
    send({**form, "q-stage": "ask"})
    [row] = rows()
    assert row["remark"] == form["q-remark"]


def test_errors_are_said_in_the_language_of_the_page(form: dict[str, str], send: Send) -> None:
    del form["q-stage"]
    answer = send(form, status=422, lang="en")
    assert answer.document.root.get("lang") == "en"
    assert "Please choose an answer" in answer.text


def test_the_language_of_the_page_is_the_forms(
    form: dict[str, str], send: Send, rows: Rows
) -> None:
    send(form, lang="en")
    assert rows()[0]["language"] == "en"


def test_what_is_off_the_path_is_not_sent(
    form: dict[str, str], send: Send, rows: Rows, questionnaire: Questionnaire
) -> None:
    module = questionnaire.module_of(form["visit-id"])
    others = [b for b in questionnaire.structure.blocks if b.module not in {None, module}]
    extra = {f"q-{q.id}": q.codes[0] for block in others for q in block.questions}
    send({**form, **extra, "q-stage": "ask", "q-on_time": "yes", "q-deadline_told": "no"})
    [row] = rows()
    asked = {q.id for q in path(questionnaire, module, row["answers"])}
    assert set(row["answers"]) <= asked
    assert not {"on_time", "deadline_told"} & set(row["answers"])


def test_an_unknown_choice_is_named_at_its_question(form: dict[str, str], send: Send) -> None:
    answer = send({**form, "q-procedure": "nothing"}, status=422)
    assert "#q-procedure-screen" in answer.text


def test_a_remark_is_kept_composed(form: dict[str, str], send: Send, rows: Rows) -> None:
    words = "Cảm ơn.\r\nChỗ để xe hơi xa."
    send({**form, "q-remark": unicodedata.normalize("NFD", words)})
    assert rows()[0]["remark"] == words.replace("\r\n", "\n")


def test_too_long_a_remark_comes_back_whole(form: dict[str, str], send: Send, rows: Rows) -> None:
    words = "ờ" * 501
    answer = send({**form, "q-remark": words}, status=422)
    assert "#q-remark-screen" in answer.text
    assert field(answer, "q-remark")[0].text.strip() == words
    assert rows() == []


def test_the_same_post_twice_is_one_form(form: dict[str, str], send: Send, rows: Rows) -> None:
    form["q-remark"] = "Tốt."
    send(form)
    send(form)
    assert len(rows()) == 1


def test_the_same_id_with_other_answers_does_not_replace_the_first(
    form: dict[str, str], send: Send, rows: Rows
) -> None:
    send(form)
    answer = send({**form, "q-procedure": "land"}, status=409)
    assert "đã được gửi trước đó" in answer.heading
    assert [row["answers"]["procedure"] for row in rows()] == ["cert"]


def test_when_nothing_can_be_stored_the_form_stays(
    form: dict[str, str], send: Send, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _submission: object) -> None:
        raise NotStored("the disk is full")

    monkeypatch.setattr(type(app.extensions["survey_app"].intake), "submit", refuse)
    answer = send(form, status=503)
    assert checked(answer, "procedure") == ["cert"]
    assert "chưa lưu được" in answer.text


@pytest.mark.parametrize("foreign", [None, "null", "https://elsewhere.example"])
def test_a_post_from_elsewhere_is_refused(
    form: dict[str, str], page: PageOpener, rows: Rows, foreign: str | None
) -> None:
    headers = {} if foreign is None else {"Origin": foreign}
    page.post("/kiosk/", form, status=403, headers=headers)
    assert rows() == []


@pytest.mark.parametrize(
    "broken",
    [{"visit-id": "1"}, {"visit-id": ""}, {"visit-questionnaire": "0" * 64}],
)
def test_a_form_that_names_itself_wrongly_is_refused(
    form: dict[str, str], send: Send, broken: dict[str, str]
) -> None:
    send({**form, **broken}, status=400)


def test_without_a_credential_staff_are_told_what_to_do(page: PageOpener, origin: str) -> None:
    for opened in (
        page.get("/kiosk/", status=401),
        page.post("/kiosk/", {}, status=401, headers={"Origin": origin}),
    ):
        assert "chưa được kết nối" in opened.heading
        assert "quản trị viên" in opened.text


def test_a_withdrawn_tablet_takes_no_forms(
    form: dict[str, str], send: Send, app: Flask, rows: Rows
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [paired] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired.kiosk.id, parts.clock())
    send(form, status=401)
    assert rows() == []


def test_citizens_get_no_cookie_and_leave_no_copy(
    kiosk_client: FlaskClient, opened: OpenedPage, origin: str, form: dict[str, str]
) -> None:
    sent: TestResponse = kiosk_client.post("/kiosk/", data=form, headers={"Origin": origin})
    for response in (opened.response, sent, kiosk_client.get("/kiosk/thanks")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        # "no-referrer" would make browsers send "Origin: null" with the form.
        assert response.headers["Referrer-Policy"] == "same-origin"
