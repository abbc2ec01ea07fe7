"""What came by a sealed file no longer waits on its tablet, as far as the fleet page knows."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from survey_app.domain.fleet import Present, alarms
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import local_day
from survey_app.store import questionnaires, schema, sealed_file
from survey_app.store.engine import Database
from survey_app.store.fleet_reading import Tablet, tablets
from survey_app.store.sealed_file import Taken
from survey_app.store.sealing import seal
from tests.fleet.conftest import MakeCode, NewTablet
from tests.support.clock import FakeClock
from tests.support.forms import WARD, form_json
from tests.support.tablets import EPOCH, KeyedTablet

pytestmark = pytest.mark.chaos(14)
OTHER_EPOCH = "f" * 32
Import = Callable[[int], Taken]


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


@pytest.fixture
def file(app: Flask, questionnaire: Questionnaire, tmp_path: Path) -> Path:
    """Three forms of the tablet's epoch."""
    jwk = app.extensions["survey_app"].sealing.public_jwk
    first = {"procedure": "cert"}
    forms = [
        form_json(questionnaire, id=str(uuid.uuid4()), status="partial", answers=first)
        for _ in range(3)
    ]
    sealed = [seal(json.dumps(form).encode(), jwk) for form in forms]
    path = tmp_path / "sealed.json"
    path.write_text(json.dumps({"format": 1, "epoch": EPOCH, "sealed": sealed}), encoding="utf-8")
    return path


@pytest.fixture
def take_in(app: Flask, file: Path, clock: FakeClock) -> Callable[[], Taken]:
    """Import the file, as `survey-app kiosk import` does."""
    parts = app.extensions["survey_app"]

    def take() -> Taken:
        found = sealed_file.read(file, parts.sealing)
        return sealed_file.take(found, parts.database, parts.intake, local_day(clock()))

    return take


def seen(database: Database, clock: FakeClock) -> Tablet:
    with database.reading() as connection:
        [found] = tablets(connection, [WARD], local_day(clock()))
    return found


def test_an_imported_queue_is_counted_as_taken_off_once(
    tablet: KeyedTablet, database: Database, clock: FakeClock, take_in: Callable[[], Taken]
) -> None:
    tablet.beat(created=9, acknowledged=5, queued=3, dead=1, oldest_queued_seconds=9 * 3600)
    for taken in (Taken(3, 0, 0), Taken(0, 3, 0)):
        assert take_in() == taken
        tally = seen(database, clock).state.tally
        assert (tally.queued, tally.dead, tally.sealed_off, tally.unaccounted) == (0, 1, 3, 0)
    state = seen(database, clock).state
    told = {problem.code for problem in alarms(state, Present(clock(), True, "0.1", ""))}
    assert "fleet.queue_old" not in told
    # The tablet is set up anew: only what was refused stays behind on it.
    tablet.epoch, tablet.sequence = OTHER_EPOCH, 0
    tablet.beat()
    assert seen(database, clock).state.left_behind == 1


def test_a_tablet_that_lives_says_how_it_stands_itself(
    tablet: KeyedTablet, database: Database, clock: FakeClock, take_in: Callable[[], Taken]
) -> None:
    tablet.beat(created=5, acknowledged=1, queued=4)
    take_in()
    assert seen(database, clock).state.tally.queued == 1
    tablet.beat(created=5, acknowledged=5)  # it sent all four itself, three of them were known
    tally = seen(database, clock).state.tally
    assert (tally.acknowledged, tally.queued, tally.sealed_off) == (5, 0, 0)


def test_a_file_of_nobody_knows_whom_changes_no_totals(
    tablet: KeyedTablet, database: Database, take_in: Callable[[], Taken]
) -> None:
    tablet.epoch = OTHER_EPOCH
    tablet.beat(created=5, acknowledged=1, queued=4)
    assert take_in().new == 3
    with database.reading() as connection:
        [row] = connection.execute(select(schema.kiosk_epoch))
    assert (row.epoch, row.queued, row.sealed_off) == (OTHER_EPOCH, 4, 0)


@pytest.mark.chaos(7)
def test_forms_of_the_counter_before_come_in_by_the_file(
    new_tablet: NewTablet,
    make_code: MakeCode,
    file: Path,
    database: Database,
    take_in: Callable[[], Taken],
) -> None:
    moved = new_tablet()
    assert moved.pair(make_code("12103-q2")).status_code == 201
    sealed = json.loads(file.read_text(encoding="utf-8"))["sealed"]
    forms = [{"sealed": text} for text in sealed]
    answer = moved.post("/api/v1/responses/batch", {"responses": forms}).get_json()
    assert {result["status"] for result in answer["results"]} == {422}
    assert {p["code"] for r in answer["results"] for p in r["problems"]} == {"submission.not_yours"}
    assert take_in() == Taken(3, 0, 0)
    with database.reading() as connection:
        assert set(connection.scalars(select(schema.response.c.counter_id))) == {"12103-q1"}
