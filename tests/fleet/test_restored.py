"""Yesterday's backup is restored: the day's forms come back from the tablets that sent them, once each."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import backup, questionnaires, restoring, schema
from survey_app.store.engine import Database
from survey_app.store.fleet_reading import receipts
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import form_json
from tests.support.tablets import KeyedTablet

BATCH = "/api/v1/responses/batch"


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


def forms_of(questionnaire: Questionnaire, number: int) -> list[dict[str, Any]]:
    first = {"procedure": "cert"}
    return [
        form_json(questionnaire, id=str(uuid.uuid4()), status="partial", answers=first)
        for _ in range(number)
    ]


def sent(tablet: KeyedTablet, forms: list[dict[str, Any]]) -> dict[str, str]:
    """Content hash by id, of the receipts."""
    answer = tablet.post(BATCH, {"responses": forms})
    given = [result["receipt"] for result in answer.get_json()["results"]]
    return {receipt["id"]: receipt["content_hash"] for receipt in given}


def stored(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        assert verify(connection) == []
        rows = connection.execute(select(schema.response.c.id, schema.response.c.content_hash))
        return {row.id: row.content_hash for row in rows}


def lacking(database: Database) -> int:
    """Receipts without a form, as the fleet page counts them."""
    with database.reading() as connection:
        [held] = receipts(connection, ["12103@2025-07-01"]).values()
    return held.acknowledged - held.stored


@pytest.mark.chaos(33, 42)
def test_the_days_forms_come_back_once_each(
    tablet: KeyedTablet,
    questionnaire: Questionnaire,
    database: Database,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    folder, file = tmp_path / "data", tmp_path / "yesterday.zip"
    yesterdays = sent(tablet, forms_of(questionnaire, 12))
    lineage = tablet.beat(created=12, acknowledged=12).get_json()["lineage"]
    backup.write(file, database, folder, date(2026, 11, 23))

    clock.advance(days=1)
    todays = forms_of(questionnaire, 30)
    known = {**yesterdays, **sent(tablet, todays)}
    tablet.beat(created=42, acknowledged=42)
    assert stored(database) == known

    restoring.fill(restoring.read(file), database, replace=True)
    assert stored(database) == yesterdays
    told = tablet.beat(created=42, acknowledged=42).get_json()
    assert told["lineage"] not in {lineage, ""}
    assert lacking(database) == 30

    asked = [{"id": form_id, "content_hash": content} for form_id, content in known.items()]
    answer = tablet.post("/api/v1/responses/missing", {"forms": asked})
    missing = answer.get_json()["missing"]
    assert set(missing) == {form["id"] for form in todays}
    again = [form for form in todays if form["id"] in missing]
    for status in (201, 200):  # a second offer changes nothing
        answer = tablet.post(BATCH, {"responses": again})
        assert {result["status"] for result in answer.get_json()["results"]} == {status}
    assert stored(database) == known
    assert lacking(database) == 0
    assert tablet.beat(created=42, acknowledged=42).get_json()["lineage"] == told["lineage"]
