"""Two empty tablets before a seeded application, and a way to make pairing codes."""

from collections.abc import Callable

import pytest
from flask import Flask

from survey_app.store import pairing
from survey_app.store.engine import Database
from tests.support.clock import FakeClock
from tests.support.tablets import KeyedTablet

DESK = "12103-q1"
MakeCode = Callable[..., str]
NewTablet = Callable[[], KeyedTablet]


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    opened: Database = app.extensions["survey_app"].database
    return opened


@pytest.fixture
def make_code(database: Database, clock: FakeClock) -> MakeCode:
    """Make a pairing code for a counter."""

    def make(counter: str = DESK) -> str:
        with database.writing() as connection:
            return pairing.make_code(connection, counter, clock())

    return make


@pytest.fixture
def new_tablet(app: Flask, clock: FakeClock) -> NewTablet:
    """A tablet that is not paired yet, each with cookies of its own."""
    origin = app.extensions["survey_app"].settings.public_url
    return lambda: KeyedTablet(app.test_client(), origin, clock)


@pytest.fixture
def tablet(new_tablet: NewTablet, make_code: MakeCode) -> KeyedTablet:
    """A tablet with a key, paired with the first counter."""
    made = new_tablet()
    assert made.pair(make_code()).status_code == 201
    return made
