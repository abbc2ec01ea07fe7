"""What an installation starts with: units, counters, questionnaire, first administrator.

Doing it twice changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from survey_app.accounts import people
from survey_app.accounts.passwords import new_password
from survey_app.content import BundledUnit, bundled_questionnaires
from survey_app.content import units as bundled_units
from survey_app.domain.weeks import Clock
from survey_app.store import accounts, kiosks, questionnaires, units
from survey_app.store.accounts import Grant

ROOT_UNIT = "HY@2025-07-01"
FIRST_COUNTER = "12103-q1"
FIRST_LOGIN = "quantri"


@dataclass(frozen=True, slots=True)
class FirstAccess:
    """How to get in for the first time; `password` is None when it was given from outside."""

    administrator: str
    password: str | None
    kiosk_token: str


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration account with its password."""

    login: str
    password: str
    role: str


def provision(connection: Connection, clock: Clock, password: str | None) -> FirstAccess | None:
    """Seed; where nobody has an account yet, make the first administrator and invite a tablet.

    Raises people.Refused for a password that is too weak; then nothing is stored.
    """
    seed(connection, clock)
    if accounts.list_accounts(connection):
        return None
    made = password or new_password()
    people.create(
        connection,
        clock(),
        login=FIRST_LOGIN,
        name="Quản trị viên",
        password=made,
        grants=[Grant("administrator", ROOT_UNIT)],
    )
    token = kiosks.invite(connection, FIRST_COUNTER, clock())
    return FirstAccess(FIRST_LOGIN, None if password else made, token)


def add_demo_people(connection: Connection, clock: Clock) -> list[Person]:
    """An official of one ward, one of the province and its reviewer, for the demonstration only."""
    drafts = (
        ("canbo", "Cán bộ phường (mẫu)", "official", "12103@2025-07-01"),
        ("lanhdao", "Lãnh đạo tỉnh (mẫu)", "official", ROOT_UNIT),
        ("giamsat", "Người giám sát (mẫu)", "reviewer", ROOT_UNIT),
    )
    made = []
    for login, name, role, unit in drafts:
        password = new_password()
        people.create(
            connection,
            clock(),
            login=login,
            name=name,
            password=password,
            grants=[Grant(role, unit)],
        )
        made.append(Person(login, password, role))
    return made


def seed(connection: Connection, clock: Clock) -> None:
    """Store the bundled units, and publish the bundled questionnaire where none is published yet."""
    for unit in bundled_units():
        _add_unit(connection, unit)
    _publish_first(connection, clock())


def _add_unit(connection: Connection, bundled: BundledUnit) -> None:
    unit = units.Unit(
        id=bundled.id,
        code=bundled.code,
        name=bundled.name,
        kind=bundled.kind,
        parent_id=bundled.parent,
        valid_from=bundled.valid_from,
        valid_to=bundled.valid_to,
        hotline=bundled.hotline,
    )
    units.add_unit(connection, unit)
    for old in bundled.predecessors:
        units.add_predecessor(connection, unit.id, units.Predecessor(old.code, old.name))
    for desk in bundled.counters:
        units.add_counter(connection, units.Counter(desk.id, unit.id, desk.name, desk.services))


def _publish_first(connection: Connection, now: datetime) -> None:
    # Later versions are published by a person: an upgrade must not change what citizens are asked.
    if not questionnaires.versions(connection):
        for questionnaire in bundled_questionnaires():
            questionnaires.publish(connection, questionnaire, now)
