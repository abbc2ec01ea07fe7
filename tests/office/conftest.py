"""People and the door they come in by."""

from collections.abc import Iterator

import pytest
from flask import Flask

from survey_app.store.engine import Database
from survey_app.web import i18n
from tests.evidence.world import fill
from tests.support.client import PageOpener
from tests.support.clock import FakeClock
from tests.support.people import DUONG_HAO, MY_HAO, Door, add_people


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    opened: Database = app.extensions["survey_app"].database
    return opened


@pytest.fixture
def people(database: Database, clock: FakeClock) -> dict[str, int]:
    """An account for each of `tests.support.people.PEOPLE`; their numbers by login."""
    return add_people(database, clock)


@pytest.fixture
def door(page: PageOpener, people: dict[str, int]) -> Door:  # noqa: ARG001  (they must exist)
    """Where people log in."""
    return Door(page)


@pytest.fixture
def vietnamese() -> Iterator[None]:
    """A page in Vietnamese."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        yield


@pytest.fixture
def two_weeks(database: Database, clock: FakeClock) -> None:
    """Two closed weeks: many forms at one ward, few at another, none at the third."""
    fill(database, clock, {MY_HAO: 30, DUONG_HAO: 1}, weeks=2)
