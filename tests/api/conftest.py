"""Fixtures of the API's tests: the room alone in its shell, over a furnished database, and a paired tablet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select
from werkzeug.test import TestResponse

from survey_app.api import blueprint
from survey_app.config import Settings
from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import kiosks, schema
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.sealing import Sealing
from survey_app.store.signing import Signer
from survey_app.web import shell
from survey_app.web.services import EXTENSION, Services
from tests.support.clock import FakeClock
from tests.support.forms import DESK, form_json, furnish

ORIGIN = "http://127.0.0.1:8080"
HEADERS = {"Origin": ORIGIN, "X-Survey-App": "1", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Tablet:
    """A tablet that sends forms; `credential` is its cookie."""

    app: Flask
    questionnaire: Questionnaire
    credential: str

    def client(self) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie(kiosks.COOKIE, self.credential, domain="127.0.0.1")
        return client

    def form(self, **changes: Any) -> dict[str, Any]:
        return form_json(self.questionnaire, **changes)

    def send(
        self, body: object, path: str = "/api/v1/responses", **headers: str | None
    ) -> TestResponse:
        """Post `body`, bytes as they are; a header set to None is left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**HEADERS, **named}.items() if value is not None}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client().post(path, base_url=ORIGIN, data=data, headers=sent)

    def send_batch(self, *forms: object) -> list[dict[str, Any]]:
        response = self.send({"responses": list(forms)}, "/api/v1/responses/batch")
        assert response.status_code == 200, response.text
        results: list[dict[str, Any]] = response.get_json()["results"]
        return results


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings over a migrated database that is not seeded."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a long secret that only tests know, 0123456789",
        public_url=ORIGIN,
    )


@pytest.fixture
def app(settings: Settings, database: Database, clock: FakeClock) -> Iterator[Flask]:
    """The room in its shell, nothing else."""
    made = Flask("survey_app", static_folder=None)
    intake = Intake(database, clock)
    made.extensions[EXTENSION] = Services(
        settings=settings,
        database=database,
        intake=intake,
        signer=Signer.load(settings.data_dir),
        sealing=Sealing.load(settings.data_dir),
        clock=clock,
    )
    shell.install(made, settings)
    made.register_blueprint(blueprint)
    yield made
    intake.close()


@pytest.fixture
def tablet(app: Flask, database: Database, clock: FakeClock) -> Tablet:
    """A tablet paired with the first counter."""
    questionnaire = furnish(database)
    with database.writing() as connection:
        credential = kiosks.claim(connection, kiosks.invite(connection, DESK, clock()), clock())
    assert credential is not None
    return Tablet(app, questionnaire, credential)


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def kept(database: Database) -> list[tuple[str, str]]:
    """Kind and id of every body in the inbox."""
    return sorted((row.kind, row.id) for row in rows(database, schema.inbox))
