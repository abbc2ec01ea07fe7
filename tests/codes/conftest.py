"""A public installation, its pages, and codes of one ward."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, select

from survey_app.config import Settings
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import path
from survey_app.domain.weeks import local_day
from survey_app.store import codes, questionnaires, schema
from survey_app.store.engine import Database
from tests.support.client import OpenedPage, PageOpener
from tests.support.clock import FakeClock

ORIGIN = "https://khaosat.example.vn"
WARD = "12103@2025-07-01"
Rows = Callable[[Table], list[dict[str, Any]]]


@pytest.fixture
def settings(seeded_database_url: str, tmp_path: Path) -> Settings:
    """Settings of a server that phones can reach."""
    return Settings(
        data_dir=tmp_path,
        database_url=seeded_database_url,
        secret_key="a long secret that only tests know, 0123456789",
        public_url=ORIGIN,
    )


@pytest.fixture
def indoors(settings: Settings) -> Settings:
    """The same server without a public address."""
    return replace(settings, public_url="http://127.0.0.1:8080")


@pytest.fixture
def database(app: Flask) -> Database:
    opened: Database = app.extensions["survey_app"].database
    return opened


@pytest.fixture
def rows(database: Database) -> Rows:
    def read(table: Table) -> list[dict[str, Any]]:
        with database.reading() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    return read


@pytest.fixture
def make_codes(database: Database, clock: FakeClock) -> Callable[[int], list[str]]:
    def make(number: int) -> list[str]:
        with database.writing() as connection:
            return codes.make_codes(connection, WARD, number, local_day(clock()))

    return make


@pytest.fixture
def code(make_codes: Callable[[int], list[str]]) -> str:
    return make_codes(1)[0]


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


class Phone:
    """Fills in what it is shown."""

    def __init__(self, page: PageOpener, questionnaire: Questionnaire) -> None:
        self.page = page
        self.questionnaire = questionnaire

    def post(self, where: str, data: dict[str, str], status: int = 200) -> OpenedPage:
        return self.page.post(where, data, status=status, headers={"Origin": ORIGIN})

    def begin(self, code: str, status: int = 200) -> OpenedPage:
        """Press the button; the form it leads to."""
        return self.post(f"/q/{code}", {}, status)

    def filled(self, opened: OpenedPage) -> dict[str, str]:
        """The form with the first choice of every question on its path."""
        hidden = {
            str(e.get("name")): str(e.get("value"))
            for e in opened.document.all("input")
            if e.get("type") == "hidden"
        }
        module = self.questionnaire.module_of(hidden["visit-id"])
        answers: dict[str, str] = {}
        for _ in range(3):  # an answer can put more questions on the path
            asked = path(self.questionnaire, module, answers)
            answers = {q.id: q.codes[0] for q in asked if q.kind == "single"}
        return {**hidden, **{f"q-{question}": code for question, code in answers.items()}}


@pytest.fixture
def phone(page: PageOpener, questionnaire: Questionnaire) -> Phone:
    return Phone(page, questionnaire)


__all__ = ["ORIGIN", "WARD", "Phone", "Rows", "schema"]
