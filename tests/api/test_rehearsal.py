"""A form for trying out a tablet: a receipt, and nothing stored; nothing else can pass for one."""

import json
import uuid

import pytest
from flask import Flask

from survey_app.domain.rehearsal import Rehearsal
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.sealing import seal
from tests.api.conftest import Tablet, kept, rows


@pytest.fixture
def jwk(app: Flask) -> dict[str, str]:
    key: dict[str, str] = app.extensions["survey_app"].sealing.public_jwk
    return key


def sealed(value: object, jwk: dict[str, str]) -> dict[str, str]:
    return {"sealed": seal(json.dumps(value).encode(), jwk)}


def test_it_gets_a_receipt_and_leaves_nothing(
    tablet: Tablet, jwk: dict[str, str], database: Database
) -> None:
    name = str(uuid.uuid4())
    one = tablet.send(sealed({"rehearsal": name}, jwk))
    assert one.status_code == 200
    receipt = one.get_json()["receipt"]
    assert (receipt["id"], receipt["content_hash"]) == (name, Rehearsal(name).content_hash)
    form = tablet.form()
    among = tablet.send_batch(sealed({"rehearsal": name}, jwk), sealed(form, jwk))
    assert [result["status"] for result in among] == [200, 201]
    assert [row.id for row in rows(database, schema.response)] == [form["id"]]
    assert kept(database) == []
    assert len(rows(database, schema.counter_day)) == 1


@pytest.mark.parametrize(
    "value",
    [
        {"rehearsal": "1"},
        {"rehearsal": None},
        {"rehearsal": "0b0e4d8e-7f2c-4f6e-9d2a-1c7f1f0c9a11", "answers": {}},
        {"rehearsal": True},
    ],
)
def test_anything_like_it_is_judged_as_a_form(
    tablet: Tablet, jwk: dict[str, str], database: Database, value: dict[str, object]
) -> None:
    assert tablet.send(sealed(value, jwk)).status_code == 422
    assert len(kept(database)) == 1


def test_a_real_form_cannot_be_marked_away(
    tablet: Tablet, jwk: dict[str, str], database: Database
) -> None:
    marked = {**tablet.form(), "rehearsal": str(uuid.uuid4())}
    answer = tablet.send(sealed(marked, jwk))
    assert answer.get_json()["problems"][0]["code"] == "submission.unknown_field"
    assert [kind for kind, _ in kept(database)] == ["invalid"]


def test_unsealed_it_is_no_rehearsal(tablet: Tablet) -> None:
    assert tablet.send({"rehearsal": str(uuid.uuid4())}).status_code == 422


def test_its_receipt_is_none_of_a_form(tablet: Tablet, jwk: dict[str, str]) -> None:
    form = tablet.form()
    real = tablet.send(form).get_json()["receipt"]
    tried = tablet.send(sealed({"rehearsal": form["id"]}, jwk)).get_json()["receipt"]
    assert tried["content_hash"] != real["content_hash"]
    assert tried["signature"] != real["signature"]
