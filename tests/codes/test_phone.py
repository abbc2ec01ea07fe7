"""One code, one form: from the square on the receipt to the thanks, and every way to use a code wrongly."""

from collections.abc import Callable

import pytest
from flask import Flask

from survey_app import create_app
from survey_app.config import Settings
from survey_app.domain.codes import form_id
from survey_app.domain.order import FILE_ORDER, seed_of, shown_order
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.codes.conftest import Phone, Rows
from tests.support.client import HouseClient, PageOpener
from tests.support.clock import FakeClock


def ticket_path(opened: object) -> str:
    return str(opened.response.request.path)  # type: ignore[attr-defined]  # an OpenedPage


def test_a_code_becomes_one_form_of_the_online_counter(phone: Phone, code: str, rows: Rows) -> None:
    opened = phone.begin(code)
    thanks = phone.post(ticket_path(opened), phone.filled(opened))
    assert "Cảm ơn" in thanks.heading
    [form] = rows(schema.response)
    assert (form["unit_id"], form["counter_id"]) == ("12103@2025-07-01", "12103-online")
    assert (form["channel"], form["status"], form["day"]) == ("code", "complete", "2026-11-23")
    assert rows(schema.flag) == []


def test_opening_the_link_uses_nothing_up(phone: Phone, code: str, rows: Rows) -> None:
    for _ in range(3):
        phone.page.get(f"/q/{code}")
    assert [row["spent"] for row in rows(schema.code)] == [0]
    assert rows(schema.ticket) == []


@pytest.mark.chaos(44)
def test_nothing_stored_leads_from_a_code_or_ticket_to_a_form(
    phone: Phone, make_codes: Callable[[int], list[str]], rows: Rows
) -> None:
    codes = make_codes(3)
    paths = []
    for used in codes[:2]:
        opened = phone.begin(used)
        paths.append(ticket_path(opened))
        phone.post(paths[-1], phone.filled(opened))
    assert sorted(row["spent"] for row in rows(schema.code)) == [0, 1, 1]
    assert {tuple(row) for row in rows(schema.code)} == {
        ("unit_id", "code_hash", "expires_day", "spent")
    }
    assert {tuple(row) for row in rows(schema.ticket)} == {
        ("unit_id", "ticket_hash", "day", "spent")
    }
    secrets = [*codes, *(path.rsplit("/", 1)[1] for path in paths)]
    hashes = [row["code_hash"] for row in rows(schema.code)]
    hashes += [row["ticket_hash"] for row in rows(schema.ticket)]
    everything = "\n".join(str(rows(table)) for table in schema.metadata.sorted_tables)
    assert [secret for secret in secrets if secret in everything] == []
    assert all(everything.count(found) == 1 for found in hashes)


def test_a_code_opens_one_form_only(phone: Phone, code: str) -> None:
    phone.begin(code)
    again = phone.begin(code, 410)
    assert "không dùng được" in again.heading
    assert "/q/unit/12103" in again.text  # the open channel is offered


def test_the_form_can_be_opened_again_until_it_is_sent(phone: Phone, code: str) -> None:
    opened = phone.begin(code)
    path = ticket_path(opened)
    assert phone.filled(phone.page.get(path))["visit-id"] == phone.filled(opened)["visit-id"]
    phone.post(path, phone.filled(opened))
    phone.page.get(path, status=410)


def test_the_same_form_twice_is_one_form(phone: Phone, code: str, rows: Rows) -> None:
    opened = phone.begin(code)
    for _ in range(3):
        assert "Cảm ơn" in phone.post(ticket_path(opened), phone.filled(opened)).heading
    assert len(rows(schema.response)) == 1
    assert rows(schema.flag) == []


def test_another_form_with_a_spent_ticket_is_uncoded(phone: Phone, code: str, rows: Rows) -> None:
    opened = phone.begin(code)
    first = phone.filled(opened)
    phone.post(ticket_path(opened), first)
    other = {**first, "q-procedure": "land"}
    for _ in range(2):  # sent again it is still the same second form
        phone.post(ticket_path(opened), other)
    forms = {form["channel"]: form for form in rows(schema.response)}
    assert sorted(forms) == ["code", "open"]
    assert len(rows(schema.response)) == 2
    [flag] = rows(schema.flag)
    assert (flag["rule"], flag["response_id"]) == ("uncoded", forms["open"]["id"])
    assert forms["open"]["order_seed"] == FILE_ORDER  # the first form's would name that form
    assert rows(schema.inbox) == []


def test_a_form_with_a_ticket_nobody_gave_is_uncoded(phone: Phone, rows: Rows) -> None:
    invented = "x" * 43
    opened = phone.page.get("/q/unit/12103")
    module = phone.questionnaire.module_of(form_id(invented))  # it follows from the ticket
    while phone.questionnaire.module_of(phone.filled(opened)["visit-id"]) != module:
        opened = phone.page.get("/q/unit/12103")
    phone.post(f"/q/form/{invented}", phone.filled(opened))
    [stored] = rows(schema.response)
    assert (stored["channel"], stored["counter_id"]) == ("open", "12103-online")
    assert [flag["rule"] for flag in rows(schema.flag)] == ["uncoded"]


def test_each_form_has_an_order_of_its_own_and_says_which(phone: Phone, rows: Rows) -> None:
    opened = phone.page.get("/q/unit/12103")
    seed = seed_of(phone.filled(opened)["visit-id"])
    asked = [e.get("data-question") for e in opened.document.all("fieldset")]
    assert asked == [question.id for _, question in shown_order(phone.questionnaire, seed)]
    phone.post("/q/unit/12103", phone.filled(opened))
    assert [form["order_seed"] for form in rows(schema.response)] == [seed]


def test_another_language_keeps_the_answers_and_sends_nothing(
    phone: Phone, code: str, rows: Rows
) -> None:
    opened = phone.begin(code)
    given = phone.filled(opened)
    path = ticket_path(opened)
    english = phone.post(f"{path}?lang=en", {**given, "translate": "en"})
    assert "How were you served?" in english.heading
    assert phone.filled(english)["visit-id"] == given["visit-id"]
    checked = {e.get("id") for e in english.document.all("input") if e.get("checked") is not None}
    assert len(checked) == len([name for name in given if name.startswith("q-")])
    assert rows(schema.response) == []
    phone.post(f"{path}?lang=en", given)
    assert [form["language"] for form in rows(schema.response)] == ["en"]


def test_a_ticket_is_good_today_and_tomorrow(
    phone: Phone, make_codes: Callable[[int], list[str]], clock: FakeClock, rows: Rows
) -> None:
    first, second = make_codes(2)
    opened, late = phone.begin(first), phone.begin(second)
    clock.advance(days=1)
    phone.post(ticket_path(opened), phone.filled(opened))
    clock.advance(days=1)
    phone.post(ticket_path(late), phone.filled(late))
    assert sorted(form["channel"] for form in rows(schema.response)) == ["code", "open"]


def test_a_code_is_good_for_fourteen_days(
    phone: Phone, make_codes: Callable[[int], list[str]], clock: FakeClock
) -> None:
    first, second = make_codes(2)
    clock.advance(days=13)
    phone.begin(first)
    clock.advance(days=1)
    phone.begin(second, 410)


def test_missing_answers_come_back(phone: Phone, code: str, rows: Rows) -> None:
    opened = phone.begin(code)
    form = phone.filled(opened)
    del form["q-procedure"]
    shown = phone.post(ticket_path(opened), form, 422)
    assert "#q-procedure-screen" in shown.text
    assert rows(schema.response) == []
    assert [row["spent"] for row in rows(schema.ticket)] == [0]


@pytest.mark.parametrize("typed", ["abcde-23456", " ABCDE 23456 "])
def test_a_code_may_be_typed(phone: Phone, typed: str) -> None:
    opened = phone.post("/q/", {"code": typed})
    assert opened.response.request.path == "/q/ABCDE23456"
    assert "/q/ABCDE23456" in opened.text


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDE-2345O", "⑦" * 10])
def test_what_is_no_code_is_said_at_the_field(phone: Phone, typed: str) -> None:
    assert "mười chữ cái" in phone.post("/q/", {"code": typed}, 422).text


def test_an_invented_code_is_worth_nothing(phone: Phone, rows: Rows) -> None:
    phone.begin("ABCDE23456", 410)
    phone.begin("no-code", 410)
    assert rows(schema.ticket) == []


def test_the_wall_is_an_open_channel(phone: Phone, rows: Rows) -> None:
    opened = phone.page.get("/q/unit/12103")
    phone.post("/q/unit/12103", phone.filled(opened))
    [form] = rows(schema.response)
    assert (form["channel"], form["counter_id"]) == ("open", "12103-online")
    assert rows(schema.flag) == []
    phone.page.get("/q/unit/99999", status=404)


def test_a_form_from_another_site_is_refused(phone: Phone, code: str) -> None:
    for path in (f"/q/{code}", "/q/unit/12103", "/q/form/x"):
        headers = {"Origin": "https://elsewhere.example"}
        phone.page.post(path, {}, status=403, headers=headers)


def test_too_many_at_once_wait(phone: Phone, app: Flask) -> None:
    parts = app.extensions["survey_app"]
    while not parts.limits.codes.take("codes", parts.clock()):
        pass
    assert "thử lại sau một phút" in phone.begin("ABCDE23456", 429).text


def test_phones_keep_no_cookie_and_no_copy(phone: Phone, code: str) -> None:
    opened = phone.begin(code)
    sent = phone.post(ticket_path(opened), phone.filled(opened))
    for response in (opened.response, sent.response):
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        assert "<script" not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/q/", "/q/ABCDE23456", "/q/form/x", "/q/unit/12103"])
def test_without_a_public_address_it_is_closed_and_says_so(
    indoors: Settings, clock: FakeClock, untranslated: frozenset[str], path: str
) -> None:
    app = create_app(indoors, clock=clock)
    app.test_client_class = HouseClient
    page = PageOpener(app.test_client(), untranslated)
    assert "chưa mở tại đây" in page.get(path, status=404).heading
    parts = app.extensions["survey_app"]
    parts.intake.close()
    database: Database = parts.database
    database.dispose()
