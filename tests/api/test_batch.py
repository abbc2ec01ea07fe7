"""POST /api/v1/responses/batch: an answer for each form, each whole or absent by itself."""

import pytest

from survey_app.store import schema
from survey_app.store.engine import Database
from tests.api.conftest import Tablet, kept, rows

BATCH = "/api/v1/responses/batch"


@pytest.mark.chaos(20)
def test_each_form_gets_its_own_answer_in_order(tablet: Tablet, database: Database) -> None:
    known, conflicting = tablet.form(), tablet.form()
    tablet.send(known)
    tablet.send(conflicting)
    other = {**conflicting, "answers": {**conflicting["answers"], "courteous": "no"}}
    new, bad = tablet.form(), tablet.form(language="fr")
    results = tablet.send_batch(new, known, other, bad, "no form", new)
    assert [result["status"] for result in results] == [201, 200, 409, 422, 400, 200]
    assert [result["receipt"]["id"] for result in results[:2]] == [new["id"], known["id"]]
    assert results[5]["receipt"] == results[0]["receipt"]
    assert len(rows(database, schema.response)) == 3
    assert kept(database) == sorted(
        [("conflict", other["id"]), ("invalid", bad["id"]), ("poison", "")]
    )


@pytest.mark.chaos(8, 20)
def test_a_poisoned_form_does_not_hold_up_the_queue(tablet: Tablet, database: Database) -> None:
    results = tablet.send_batch({"id": 1}, *(tablet.form() for _ in range(49)))
    assert [result["status"] for result in results] == [422] + [201] * 49
    assert len(rows(database, schema.response)) == 49


def test_fifty_forms_at_most(tablet: Tablet, database: Database) -> None:
    response = tablet.send({"responses": [tablet.form() for _ in range(51)]}, BATCH)
    assert response.status_code == 413
    assert rows(database, schema.response) == []


def test_an_empty_batch_is_answered(tablet: Tablet) -> None:
    assert tablet.send_batch() == []


@pytest.mark.parametrize("body", [b"[]", b'{"responses": {}}', b'{"responses": [], "more": 1}'])
def test_what_is_no_batch_is_refused_and_kept(
    tablet: Tablet, database: Database, body: bytes
) -> None:
    response = tablet.send(body, BATCH)
    assert response.status_code == 400
    assert response.get_json()["problems"][0]["code"] == "request.not_a_batch"
    assert kept(database) == [("poison", "")]
