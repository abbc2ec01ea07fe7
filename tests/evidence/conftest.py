"""Fixtures of the reviewers' room: two closed weeks, and people with and without the role."""

from collections.abc import Callable

import pytest
from flask import Flask

from survey_app.accounts.people import create
from survey_app.store.accounts import Grant
from survey_app.store.engine import Database
from tests.evidence.world import DUONG_HAO, MY_HAO, PROVINCE, fill
from tests.support.client import PageOpener
from tests.support.clock import FakeClock

PASSWORD = "chín con trâu ăn cỏ"
PEOPLE = {
    "reviewer": Grant("reviewer", MY_HAO),
    "province": Grant("reviewer", PROVINCE),
    "colleague": Grant("reviewer", DUONG_HAO),
    "official": Grant("official", MY_HAO),
    "administrator": Grant("administrator", PROVINCE),
}
LogIn = Callable[[str], None]


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database, not another one."""
    opened: Database = app.extensions["survey_app"].database
    return opened


@pytest.fixture
def people(database: Database, clock: FakeClock) -> None:
    """An account for each of PEOPLE."""
    with database.writing() as connection:
        for login, given in PEOPLE.items():
            create(connection, clock(), login=login, name=login, password=PASSWORD, grants=[given])


@pytest.fixture
def log_in(page: PageOpener, people: None) -> LogIn:  # noqa: ARG001  (they must exist)
    """Log the test's browser in as one of PEOPLE."""

    def enter(login: str) -> None:
        page.submit("/accounts/login", {"login": login, "password": PASSWORD})

    return enter


@pytest.fixture
def two_weeks(database: Database, clock: FakeClock) -> None:
    """Two closed weeks at two wards."""
    fill(database, clock, {MY_HAO: 4, DUONG_HAO: 1}, weeks=2)
