"""Fifty people are watched at the counter with a watch in hand; after the week has closed nothing tells who said what."""

import csv
import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_cells import PLAIN
from survey_app.domain.rowfile_columns import Layout, code_cell
from survey_app.domain.weeks import local_day
from survey_app.store import backup, pairing, schema
from survey_app.store.engine import Database
from survey_app.store.rows import closed_weeks, row_file
from survey_app.store.vintages import close_due
from survey_app.web import logging as house_log
from tests.chaos.conftest import DESK, WARD, Draw
from tests.support.clock import FakeClock
from tests.support.tablets import KeyedTablet
from tests.support.watcher import Trace, evidence, traces

DAYS, A_DAY = ("2026-11-23", "2026-11-24"), 25
# Chance goes so far once in a hundred thousand traces; ids are drawn from a seed, so the traces are the same each time.
MOST = 4.5


@dataclass
class Watched:
    """Who came when, in order, with what the watcher saw: how long each took."""

    days: list[list[str]] = field(default_factory=list)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server prints."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    house_log.configure(stream)
    yield stream
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def watched(app: Flask, draw: Draw, clock: FakeClock, log: io.StringIO) -> Watched:
    """Two days at one tablet, which sends each form at once and then says how it stands; `log` listens."""
    parts = app.extensions["survey_app"]
    assert log.getvalue() == ""
    tablet = KeyedTablet(app.test_client(), parts.settings.public_url, clock)
    with parts.database.writing() as connection:
        code = pairing.make_code(connection, DESK, clock())
    assert tablet.pair(code).status_code == 201
    seen, rng = Watched(), Random(50)
    for day in DAYS:
        clock.set(f"{day} 08:00")
        seen.days.append([])
        seconds = rng.sample(range(40, 240), A_DAY)
        for took in seconds:
            clock.advance(minutes=rng.randint(4, 12))
            form = draw(active_seconds=took)
            seen.days[-1].append(form["id"])
            seen.forms[form["id"]] = form
            assert tablet.post("/api/v1/responses", form).status_code == 201
            tablet.beat(created=len(seen.forms), acknowledged=len(seen.forms))
    return seen


@pytest.fixture
def found(database: Database, watched: Watched, tmp_path: Path) -> Callable[[], dict[str, float]]:
    """What the watcher makes of everything in the database's files and the data folder: evidence by place."""
    return lambda: {
        name: evidence(trace, watched.days) for name, trace in traces(database, tmp_path)
    }


def same_seconds(database: Database, watched: Watched) -> int:
    """Forms that stand beside the seconds which the watcher saw their person take."""
    response = schema.response.c
    with database.reading() as connection:
        rows = connection.execute(select(response.id, response.active_seconds))
        return sum(watched.forms[row.id]["active_seconds"] == row.active_seconds for row in rows)


@pytest.mark.slow
@pytest.mark.chaos(44)
def test_a_watcher_who_reads_everything_does_no_better_than_chance(
    watched: Watched,
    found: Callable[[], dict[str, float]],
    database: Database,
    clock: FakeClock,
    questionnaire: Questionnaire,
    log: io.StringIO,
    tmp_path: Path,
) -> None:
    # While the week runs he would succeed: so the attack is one.
    assert max(found().values()) > MOST
    assert same_seconds(database, watched) == len(watched.forms)
    clock.set("2026-11-30 06:00")
    close_due(database, clock())
    backup.write(tmp_path / "backup.zip", database, tmp_path / "none", local_day(clock()))
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        archive.extractall(tmp_path / "backup")
    file = exported(database, questionnaire)
    (tmp_path / "rows.csv").write_bytes(file)
    told = found() | {"row file": evidence(order_of(file, questionnaire, watched), watched.days)}
    assert {place: known for place, known in told.items() if known > MOST} == {}
    # Of fifty random pairs one is right, and ten once in ten million times.
    assert same_seconds(database, watched) < 10
    assert [line for line in log.getvalue().splitlines() if "request" in line] == []
    assert not any(form in log.getvalue() for form in watched.forms)


def exported(database: Database, questionnaire: Questionnaire) -> bytes:
    with database.reading() as connection:
        chosen = closed_weeks(connection, [WARD])
    return b"".join(row_file(database, chosen, Layout((questionnaire,)), PLAIN, Random(9)))


def order_of(file: bytes, questionnaire: Questionnaire, watched: Watched) -> Trace:
    """The lines of the row file by the ids of the forms: whose answers they are, the watcher wants to learn."""
    asked = Layout((questionnaire,)).questions
    by_answers: dict[tuple[str, ...], str] = {}
    for form_id, form in watched.forms.items():
        answers = form["answers"]
        cells = (
            str(code_cell(questionnaire.questions[q], answers[q])) if q in answers else ""
            for q in asked
        )
        by_answers[tuple(cells)] = form_id
    lines = list(csv.DictReader(io.StringIO(file.decode())))
    ids = [by_answers.get(tuple(line[f"q_{q}"] for q in asked), "") for line in lines]
    assert len(lines) == len(watched.forms)
    assert len(set(ids) - {""}) > 40
    return [ids]
