"""The server is upgraded, and asks with a new version, while tablets hold forms of the old one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select

from survey_app import create_app
from survey_app.config import Settings
from survey_app.content import load_scheme
from survey_app.domain.counting import Versions
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import Week
from survey_app.store import kiosks, migrate, questionnaires, schema
from survey_app.store.engine import Database
from survey_app.store.frozen import read_vintages, week_psus
from survey_app.store.verification import verify
from survey_app.store.vintages import close_due
from tests.chaos.conftest import DESK, WARD, Draw
from tests.support.client import HouseClient
from tests.support.clock import FakeClock

QUEUED = 1_000
WEEK = Week(2026, 47)  # on whose five days the tablets had no network
BATCH = "/api/v1/responses/batch"


def next_version(questionnaire: Questionnaire) -> Questionnaire:
    """The same questions, and a scale whose values are turned: wrongly scored forms would show."""
    document = json.loads(questionnaire.canonical)
    document["structure"]["version"] += 1
    for block in document["structure"]["blocks"]:
        for question in block["questions"]:
            choices = question.get("choices", [])
            for choice, value in zip(choices, [c.get("value") for c in choices[::-1]], strict=True):
                if value is not None:
                    choice["value"] = value
    return Questionnaire.model_validate(document, strict=False)


def before_the_last_migration() -> str:
    script = ScriptDirectory(str(migrate._folder())).get_revision(migrate.head())
    assert isinstance(script.down_revision, str)
    return script.down_revision


@pytest.fixture
def upgraded(
    settings: Settings, database: Database, questionnaire: Questionnaire, clock: FakeClock
) -> Iterator[Flask]:
    """The program after the upgrade: the old database migrated, the new version live."""
    migrate.downgrade(settings.database_url, before_the_last_migration())
    with pytest.raises(migrate.SchemaError, match="survey-app migrate"):
        migrate.require_current(database)
    migrate.upgrade(settings.database_url)
    with database.writing() as connection:
        questionnaires.publish(connection, next_version(questionnaire), clock())
    app = create_app(settings, clock=clock)
    app.test_client_class = HouseClient
    yield app
    app.extensions["survey_app"].intake.close()
    app.extensions["survey_app"].database.dispose()


def send(app: Flask, credential: str, forms: list[dict[str, Any]]) -> list[int]:
    settings = app.extensions["survey_app"].settings
    client = app.test_client()
    client.set_cookie(kiosks.COOKIE, credential, domain="127.0.0.1")
    headers = {"Origin": settings.public_url, "X-Survey-App": "1"}
    found: list[int] = []
    for start in range(0, len(forms), 50):
        body = {"responses": forms[start : start + 50]}
        answer = client.post(BATCH, json=body, headers=headers)
        found += [result["status"] for result in answer.get_json()["results"]]
    return found


@pytest.mark.slow
@pytest.mark.chaos(19, 37, 41)
def test_a_thousand_forms_of_the_old_version_arrive_and_are_scored_as_such(
    upgraded: Flask,
    database: Database,
    clock: FakeClock,
    questionnaire: Questionnaire,
    draw: Draw,
) -> None:
    with database.writing() as connection:
        credential = kiosks.pair(connection, DESK, clock())
    days = [(WEEK.monday + timedelta(days=number % 5)).isoformat() for number in range(QUEUED)]
    queue = [draw(day=day) for day in days]
    assert send(upgraded, credential, queue) == [201] * QUEUED
    with database.reading() as connection:
        response = schema.response.c
        query = select(response.questionnaire, func.count()).group_by(response.questionnaire)
        assert [tuple(row) for row in connection.execute(query)] == [(questionnaire.hash, QUEUED)]
        live = questionnaires.live_hash(connection)
    assert live == next_version(questionnaire).hash != questionnaire.hash

    close_due(database, clock())
    with database.reading() as connection:
        assert verify(connection) == []
        [vintage] = read_vintages(connection, WARD, [str(WEEK)])
        counts = vintage.counts
        summed = week_psus(connection, WARD, [WEEK])[WEEK]
        versions = questionnaires.versions(connection)
    own = {questionnaire.hash: questionnaire}
    assert figures(summed, versions) == figures(counts, versions) == figures(counts, own)
    # Taken for forms of the new version they would score otherwise.
    assert figures(counts, versions) != figures(taken_for(counts, live), versions)


def taken_for(counts: WeekCounts, version: str) -> WeekCounts:
    psus = (
        PsuTotals(p.label, {replace(k, questionnaire=version): c for k, c in p.totals.items()})
        for p in counts.psus
    )
    return replace(counts, psus=tuple(psus))


def figures(counts: WeekCounts, versions: Versions) -> object:
    """Every figure of the week; `replace`: nothing computed before is used again."""
    weeks = {WEEK: replace(counts)}
    return make_bulletin(WARD, WEEK, weeks, versions, load_scheme()).as_json()["figures"]
