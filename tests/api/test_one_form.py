"""POST /api/v1/responses with good forms: one row each, and a receipt that can be checked."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from survey_app.domain.canonical import canonical_json, sha256_hex
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.signing import signed_bytes
from survey_app.web.services import EXTENSION
from tests.api.conftest import Tablet, kept, rows
from tests.support.clock import FakeClock
from tests.support.forms import DESK, WARD


def test_a_form_is_stored_and_receipted(tablet: Tablet, database: Database) -> None:
    form = tablet.form()
    response = tablet.send(form)
    assert response.status_code == 201
    receipt = response.get_json()["receipt"]
    content = {
        name: form[name]
        for name in ("id", "questionnaire", "counter", "channel", "language", "status", "answers")
    }
    expected = sha256_hex(canonical_json({**content, "unit": WARD, "remark": None}))
    assert receipt["id"] == form["id"]
    assert receipt["content_hash"] == expected
    assert receipt["day"] == "2026-11-23"
    (row,) = rows(database, schema.response)
    assert (row.id, row.counter_id, row.content_hash) == (form["id"], DESK, expected)


def test_the_receipt_is_signed(tablet: Tablet) -> None:
    receipt = tablet.send(tablet.form()).get_json()["receipt"]
    signer = tablet.app.extensions[EXTENSION].signer
    public = Ed25519PublicKey.from_public_bytes(signer.public_key)
    signature = base64.urlsafe_b64decode(receipt["signature"] + "==")
    public.verify(signature, signed_bytes(receipt["id"], receipt["content_hash"], receipt["day"]))


@pytest.mark.chaos(4)
def test_the_same_form_again_gets_the_same_receipt(tablet: Tablet, database: Database) -> None:
    form = tablet.form()
    first, again = tablet.send(form), tablet.send(form)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert len(rows(database, schema.response)) == 1


def test_the_same_form_the_day_after_keeps_its_day(tablet: Tablet, clock: FakeClock) -> None:
    form = tablet.form()
    first = tablet.send(form).get_json()
    clock.advance(days=1)
    assert tablet.send(form).get_json() == first


@pytest.mark.chaos(1, 2)
def test_fifty_at_once_are_one_row_and_one_receipt(tablet: Tablet, database: Database) -> None:
    form = tablet.form()
    with ThreadPoolExecutor(50) as pool:
        responses = list(pool.map(lambda _: tablet.send(form), range(50)))
    assert sorted(response.status_code for response in responses) == [200] * 49 + [201]
    assert len({response.get_json()["receipt"]["signature"] for response in responses}) == 1
    assert len(rows(database, schema.response)) == 1


@pytest.mark.chaos(3)
def test_another_form_with_the_same_id_is_a_conflict(tablet: Tablet, database: Database) -> None:
    form = tablet.form()
    other = {**form, "answers": {**form["answers"], "courteous": "no"}}
    assert tablet.send(form).status_code == 201
    response = tablet.send(other)
    assert response.status_code == 409
    assert response.get_json()["problems"][0]["code"] == "store.conflict"
    assert kept(database) == [("conflict", form["id"])]
    assert b'"no"' in bytes(rows(database, schema.inbox)[0].body)


@pytest.mark.parametrize("change", [{"order_seed": 8}, {"active_seconds": 62}, {"day": None}])
def test_what_is_no_content_makes_no_conflict(tablet: Tablet, change: dict[str, object]) -> None:
    form = tablet.form()
    tablet.send(form)
    assert tablet.send({**form, **change}).status_code == 200


def test_a_remark_is_kept_apart_and_normalised(tablet: Tablet, database: Database) -> None:
    form = tablet.form(remark="Ca\u0309m o\u031bn", salt="0f" * 16)
    assert tablet.send(form).status_code == 201
    (remark,) = rows(database, schema.comment)
    assert remark.remark == "Cảm ơn"
    assert "remark" not in rows(database, schema.response)[0].answers


def test_an_empty_remark_is_none(tablet: Tablet, database: Database) -> None:
    assert tablet.send(tablet.form(remark="  ", salt=None)).status_code == 201
    assert rows(database, schema.comment) == []


def test_a_late_form_keeps_its_day(tablet: Tablet, database: Database) -> None:
    assert tablet.send(tablet.form(day="2026-10-01")).status_code == 201
    (row,) = rows(database, schema.response)
    assert (row.day, row.week, row.first_vintage) == ("2026-10-01", "2026-W40", None)


@pytest.mark.chaos(27)
@pytest.mark.parametrize("day", ["2026-11-24", "2027-02-01", "2031-11-23"])
def test_a_day_to_come_is_the_day_of_arrival(tablet: Tablet, database: Database, day: str) -> None:
    form = tablet.form(day=day)
    answer = tablet.send(form)
    assert (answer.status_code, answer.get_json()["receipt"]["day"]) == (201, "2026-11-23")
    (row,) = rows(database, schema.response)
    assert (row.day, row.week) == ("2026-11-23", "2026-W48")
    assert tablet.send(form).get_json() == answer.get_json()


@pytest.mark.chaos(28)
def test_a_day_too_far_back_is_kept_aside(tablet: Tablet, database: Database) -> None:
    assert tablet.send(tablet.form(day="2025-10-19")).status_code == 201
    old = tablet.form(day="2025-10-18")
    answer = tablet.send(old)
    assert (answer.status_code, answer.get_json()["problems"][0]["code"]) == (
        422,
        "submission.old_day",
    )
    assert kept(database) == [("invalid", old["id"])]
    assert len(rows(database, schema.response)) == 1


def test_a_partial_form_is_stored(tablet: Tablet, database: Database) -> None:
    answers = {"procedure": "land"}
    assert tablet.send(tablet.form(status="partial", answers=answers)).status_code == 201
    assert rows(database, schema.response)[0].status == "partial"


def test_the_day_is_the_counters_not_that_of_greenwich(tablet: Tablet, clock: FakeClock) -> None:
    clock.set("2026-11-24 00:30")
    assert tablet.send(tablet.form()).get_json()["receipt"]["day"] == "2026-11-24"
