"""/admin/hours: an administrator says when a counter is open."""

from datetime import time

import pytest

from survey_app.domain.opening import DEFAULT, Span
from survey_app.store import hours
from survey_app.store.engine import Database
from tests.support.client import PageOpener
from tests.support.clock import FakeClock
from tests.support.people import Door, add_people

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = "/admin/hours/12103-q1"


@pytest.fixture
def door(page: PageOpener, database: Database, clock: FakeClock) -> Door:
    add_people(database, clock)
    entered = Door(page)
    entered.enter("ward_administrator")
    return entered


def spans(database: Database) -> tuple[Span, ...]:
    with database.reading() as connection:
        return hours.hours_of(connection, ["12103-q1"])["12103-q1"]


def test_the_usual_hours_are_shown_and_changed(door: Door, database: Database) -> None:
    shown = door.page.get(PAGE)
    fields = {e.get("name"): e.get("value") for e in shown.document.all("input")}
    assert (fields["opens-1-0"], fields["closes-5-1"], fields["opens-6-0"]) == (
        "07:30",
        "17:00",
        "",
    )
    door.page.submit(PAGE, {"opens-6-0": "08:00", "closes-6-0": "11:00"})
    assert spans(database) == (Span(6, time(8), time(11)),)
    door.page.submit(PAGE, {})
    assert spans(database) == DEFAULT


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens-1-0": "08:00"},
        {"opens-1-0": "11:00", "closes-1-0": "08:00"},
        {"opens-1-0": "eight", "closes-1-0": "nine"},
        {"opens-1-0": "08:00", "closes-1-0": "12:00", "opens-1-1": "11:00", "closes-1-1": "13:00"},
    ],
)
def test_hours_that_cannot_be_are_refused(
    door: Door, database: Database, wrong: dict[str, str]
) -> None:
    shown = door.page.submit(PAGE, wrong, status=422)
    assert "không được trùng nhau" in shown.text
    assert spans(database) == DEFAULT


def test_another_wards_hours_are_not_touched(door: Door) -> None:
    door.page.get("/admin/hours/12133-q1", status=403)
    door.page.get("/admin/hours/99999-q1", status=404)
