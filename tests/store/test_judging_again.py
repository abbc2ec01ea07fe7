"""What the inbox holds is judged again, and leaves it only as a stored form."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from survey_app.cli import main
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import inbox, questionnaires, schema
from survey_app.store.engine import Database
from survey_app.store.inbox import Rejected
from survey_app.store.intake import Intake
from survey_app.store.judging_again import Judge
from survey_app.store.sealing import Sealing, seal
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import (
    DESK,
    PUBLISHED,
    WARD,
    form_json,
    furnish,
    short_questionnaire,
)

CAME = date(2026, 11, 20)


@pytest.fixture
def first(database: Database) -> Questionnaire:
    """The one version that is published."""
    return furnish(database)


@pytest.fixture
def newer(first: Questionnaire) -> Questionnaire:  # noqa: ARG001 the other one is published
    """A version that nobody has published yet."""
    return short_questionnaire(2)


@pytest.fixture
def sealing(tmp_path: Path) -> Sealing:
    return Sealing.load(tmp_path)


@pytest.fixture
def judge(database: Database, clock: FakeClock, sealing: Sealing) -> Iterator[Judge]:
    intake = Intake(database, clock)
    yield Judge(database, intake, sealing)
    intake.close()


def put(database: Database, body: bytes, kind: str, *problems: Problem, form_id: str = "") -> None:
    with database.writing() as connection:
        inbox.keep(connection, [Rejected(WARD, form_id, body, kind, problems)], CAME)


def put_form(database: Database, form: dict[str, Any]) -> None:
    unknown = Problem("submission.unknown_version", "questionnaire")
    put(database, json.dumps(form).encode(), inbox.INVALID, unknown, form_id=form["id"])


def publish(database: Database, version: Questionnaire) -> None:
    with database.writing() as connection:
        questionnaires.publish(connection, version, PUBLISHED)


def became(judge: Judge) -> list[str]:
    with judge.database.reading() as connection:
        waiting = inbox.waiting(connection)
    return [judge.again(item) for item in waiting]


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def test_a_form_of_a_version_published_since_is_stored_once_and_leaves(
    judge: Judge, database: Database, newer: Questionnaire
) -> None:
    form = form_json(newer, day=None)
    put_form(database, form)
    assert became(judge) == ["stays"]
    publish(database, newer)
    assert became(judge) == ["new"]
    [stored] = rows(database, schema.response)
    assert (stored.id, stored.counter_id, stored.first_vintage) == (form["id"], DESK, None)
    assert stored.day == "2026-11-20"  # that of its coming: a week that has closed since is revised
    assert (became(judge), rows(database, schema.inbox)) == ([], [])
    with database.reading() as connection:
        assert verify(connection) == []


def test_what_its_tablet_has_sent_meanwhile_is_known(
    judge: Judge, database: Database, first: Questionnaire
) -> None:
    form = form_json(first)
    put_form(database, form)
    assert became(judge) == ["new"]
    put_form(database, form)
    assert became(judge) == ["known"]
    assert (len(rows(database, schema.response)), rows(database, schema.inbox)) == (1, [])


def test_another_form_with_its_id_stays_as_a_conflict(
    judge: Judge, database: Database, first: Questionnaire
) -> None:
    form = form_json(first)
    put_form(database, form)
    assert became(judge) == ["new"]
    put_form(database, {**form, "language": "en"})
    assert became(judge) == ["conflict"]
    [row] = rows(database, schema.inbox)
    assert (row.kind, row.id) == ("conflict", form["id"])
    assert became(judge) == ["stays"]  # the first form stays the first


def test_what_a_lost_key_had_closed_opens_with_it(
    judge: Judge, database: Database, first: Questionnaire, sealing: Sealing, tmp_path: Path
) -> None:
    closed = json.dumps({"sealed": seal(json.dumps(form_json(first)).encode(), sealing.public_jwk)})
    put(database, closed.encode(), inbox.POISON, Problem("sealed.unreadable", "sealed"))
    other = Judge(database, judge.intake, Sealing.load(tmp_path / "another"))
    assert became(other) == ["stays"]
    assert became(judge) == ["new"]
    assert rows(database, schema.inbox) == []


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "12133@2025-07-01"},
        {"counter": "nowhere"},
        {"channel": "code"},
        {"counter": f"{DESK.partition('-')[0]}-online"},
        {"day": "2019-01-02"},
    ],
)
def test_what_it_may_not_be_it_does_not_become(
    judge: Judge, database: Database, first: Questionnaire, change: dict[str, str]
) -> None:
    put_form(database, form_json(first, **change))
    assert became(judge) == ["stays"]
    assert (len(rows(database, schema.inbox)), rows(database, schema.response)) == (1, [])


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"id": 1, "id": 2}', b'{"sealed": "a.b.c.d.e"}'])
def test_what_nobody_can_read_stays(judge: Judge, database: Database, body: bytes) -> None:
    furnish(database)
    put(database, body, inbox.POISON, Problem("request.not_json"))
    assert became(judge) == ["stays"]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> Callable[..., int]:
    """`command(ACTION)`: the exit code of `survey-app inbox ACTION`."""
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", database_url)
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", "a long secret that only tests know, 0123456789")
    return lambda action: main(["inbox", action])


def test_the_command_says_why_and_nothing_of_the_forms(
    command: Callable[..., int],
    database: Database,
    newer: Questionnaire,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun = {"status": "partial", "answers": {"procedure": "cert"}}
    forms = [form_json(newer, id=str(uuid.uuid4()), **begun) for _ in range(3)]
    for form in forms:
        put_form(database, form)
    odd = Problem("submission.unknown_field", "\x1b[31mtiền")
    put(database, b"{}", inbox.INVALID, odd)
    assert command("list") == 0
    said = capsys.readouterr().out
    assert said.splitlines() == [
        f"{WARD}  invalid  1  since 2026-11-20  submission.unknown_field",
        f"{WARD}  invalid  3  since 2026-11-20  submission.unknown_version (questionnaire)",
    ]
    assert not any(form["id"] in said for form in forms)
    publish(database, newer)
    assert command("again") == 1
    assert "3 stored, 0 were here already, 1 stay in the inbox." in capsys.readouterr().out
    assert len(rows(database, schema.response)) == 3
