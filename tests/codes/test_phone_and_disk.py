"""A phone meets a server that cannot write, or that stops between two writes: one form, however often it is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from survey_app.store import codes, intake, schema
from tests.codes.conftest import Phone, Rows
from tests.support.client import OpenedPage

pytestmark = pytest.mark.chaos(40)
Break = Callable[[Any, str], Callable[[], None]]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Break:
    """`full(module, name)`: that function meets a full disk, until the result is called."""

    def break_it(module: Any, name: str) -> Callable[[], None]:
        def fail(*_: object, **__: object) -> None:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))

        whole = getattr(module, name)
        monkeypatch.setattr(module, name, fail)
        return lambda: monkeypatch.setattr(module, name, whole)

    return break_it


def path_of(opened: OpenedPage) -> str:
    return str(opened.response.request.path)


def test_a_code_that_could_not_be_exchanged_is_still_good(
    phone: Phone, code: str, rows: Rows, full: Break
) -> None:
    mend = full(codes, "exchange")
    assert phone.begin(code, 503).heading == "Hệ thống đang tạm ngừng trong giây lát"
    assert [row["spent"] for row in rows(schema.code)] == [0]
    mend()
    assert "visit-id" in phone.begin(code).text


def test_what_was_answered_is_shown_again_and_can_be_sent(
    phone: Phone, code: str, rows: Rows, full: Break
) -> None:
    opened = phone.begin(code)
    mend = full(intake, "write_group")
    again = phone.post(path_of(opened), phone.filled(opened), 503)
    assert "checked" in again.text
    assert rows(schema.response) == []
    mend()
    assert "Cảm ơn" in phone.post(path_of(opened), phone.filled(opened)).heading
    assert len(rows(schema.response)) == 1


def test_stored_but_the_ticket_not_yet_spent(
    phone: Phone, code: str, rows: Rows, full: Break
) -> None:
    opened = phone.begin(code)
    mend = full(codes, "spend_ticket")
    phone.post(path_of(opened), phone.filled(opened), 503)
    assert (len(rows(schema.response)), rows(schema.ticket)[0]["spent"]) == (1, 0)
    mend()
    assert "Cảm ơn" in phone.post(path_of(opened), phone.filled(opened)).heading
    assert (len(rows(schema.response)), rows(schema.ticket)[0]["spent"]) == (1, 1)


def test_uncoded_and_not_yet_flagged(phone: Phone, code: str, rows: Rows, full: Break) -> None:
    opened = phone.begin(code)
    first = phone.filled(opened)
    phone.post(path_of(opened), first)
    other = {**first, "q-procedure": "land"}
    mend = full(codes, "flag_uncoded")
    phone.post(path_of(opened), other, 503)
    # Even now it is of the open channel, which never enters a figure.
    assert sorted(row["channel"] for row in rows(schema.response)) == ["code", "open"]
    mend()
    phone.post(path_of(opened), other)
    assert len(rows(schema.response)) == 2
    assert [row["rule"] for row in rows(schema.flag)] == ["uncoded"]
