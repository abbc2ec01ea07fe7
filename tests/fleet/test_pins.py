"""The staff's PIN: made by the administrator, checked by the tablet."""

import hashlib
import re

import pytest
from sqlalchemy import select

from survey_app.store import pins, schema
from survey_app.store.engine import Database
from tests.fleet.conftest import DESK
from tests.support.client import OpenedPage, PageOpener
from tests.support.clock import FakeClock
from tests.support.people import Door, add_people
from tests.support.tablets import KeyedTablet

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FLEET = "/admin/fleet"


@pytest.fixture
def door(page: PageOpener, database: Database, clock: FakeClock) -> Door:
    add_people(database, clock)
    entered = Door(page)
    entered.enter("administrator")
    return entered


def post(door: Door, path: str, status: int = 200) -> OpenedPage:
    token = door.page.get(FLEET).csrf_token
    return door.page.post(path, {"csrf_token": token}, status=status)


def shown(page: OpenedPage) -> str:
    """The PIN in the answer."""
    (digits,) = re.findall(r'<p class="secret">([0-9]{6})</p>', page.text)
    return str(digits)


def opens(tablet: KeyedTablet, digits: str) -> bool:
    """Whether the tablet would take the PIN, by what it was told at its heartbeat."""
    told = tablet.beat().get_json()["pin"]
    salt = bytes.fromhex(told["salt"])
    made = hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, told["rounds"])
    return bool(made.hex() == told["hash"])


def test_a_tablet_without_a_pin_is_told_so(tablet: KeyedTablet) -> None:
    assert tablet.beat().get_json()["pin"] is None


def test_the_first_code_of_a_counter_brings_its_pin(door: Door, tablet: KeyedTablet) -> None:
    first = shown(post(door, f"/admin/fleet/codes/{DESK}"))
    assert opens(tablet, first)
    again = post(door, f"/admin/fleet/codes/{DESK}")
    assert re.findall(r'<p class="secret">([0-9]{6})</p>', again.text) == []
    assert opens(tablet, first)


def test_a_lost_pin_is_replaced(door: Door, tablet: KeyedTablet, database: Database) -> None:
    first = shown(post(door, f"/admin/fleet/pins/{DESK}"))
    second = shown(post(door, f"/admin/fleet/pins/{DESK}"))
    assert (opens(tablet, first), opens(tablet, second)) == (False, True)
    with database.reading() as connection:
        noted = list(connection.scalars(select(schema.audit_event.c.action)))
        told = [str(row) for row in connection.execute(select(schema.audit_event.c.detail))]
    assert noted.count("counter.pin_made") == 2
    assert not any(second in line for line in told)


def test_no_pin_stands_in_the_database(database: Database) -> None:
    with database.writing() as connection:
        digits = pins.make_pin(connection, DESK)
        (row,) = connection.execute(select(schema.counter_pin)).all()
    assert digits not in str(row)
    assert (len(row.salt), len(row.hash)) == (32, 64)


def test_it_is_for_administrators_alone(page: PageOpener, door: Door) -> None:
    assert post(door, "/admin/fleet/pins/12103-online", 404).heading
    assert post(door, "/admin/fleet/pins/nowhere", 404).heading
    page.client.delete_cookie("visit")
    answer = page.client.post(f"/admin/fleet/pins/{DESK}")
    assert answer.status_code in {302, 400, 403}


def test_a_tablet_learns_its_opening_hours(tablet: KeyedTablet) -> None:
    hours = tablet.beat().get_json()["hours"]
    assert [1, "07:30", "11:30"] in hours
    assert len(hours) == 10
