"""Sealed forms are taken as plain ones are."""

import json

import pytest
from flask import Flask

from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.sealing import seal
from tests.api.conftest import Tablet, kept, rows


@pytest.fixture
def jwk(app: Flask) -> dict[str, str]:
    """The server's public key."""
    key: dict[str, str] = app.extensions["survey_app"].sealing.public_jwk
    return key


def test_one_sealed_form_gets_the_receipt_of_the_plain_one(
    tablet: Tablet, jwk: dict[str, str], database: Database
) -> None:
    form = tablet.form()
    first = tablet.send({"sealed": seal(json.dumps(form).encode(), jwk)})
    again = tablet.send({"sealed": seal(json.dumps(form).encode(), jwk)})
    plain = tablet.send(form)
    assert [r.status_code for r in (first, again, plain)] == [201, 200, 200]
    assert first.get_json() == again.get_json() == plain.get_json()
    assert len(rows(database, schema.response)) == 1


def test_a_batch_holds_sealed_and_plain_forms(tablet: Tablet, jwk: dict[str, str]) -> None:
    closed = {"sealed": seal(json.dumps(tablet.form()).encode(), jwk)}
    results = tablet.send_batch(closed, {"sealed": "a.b.c.d.e"}, tablet.form())
    assert [result["status"] for result in results] == [201, 422, 201]
    assert results[1]["problems"][0]["code"] == "sealed.unreadable"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "request.not_json"),
        (b"[]", "request.not_an_object"),
        (b'{"a": 1, "a": 2}', "request.duplicate_key"),
    ],
)
def test_what_is_sealed_is_judged_like_any_body(
    tablet: Tablet, jwk: dict[str, str], database: Database, content: bytes, code: str
) -> None:
    answer = tablet.send({"sealed": seal(content, jwk)})
    assert (answer.status_code, answer.get_json()["problems"][0]["code"]) == (422, code)
    assert kept(database) == [("poison", "")]


def test_a_form_is_not_sealed_twice(tablet: Tablet, jwk: dict[str, str]) -> None:
    once = json.dumps({"sealed": seal(json.dumps(tablet.form()).encode(), jwk)}).encode()
    assert tablet.send({"sealed": seal(once, jwk)}).status_code == 422
