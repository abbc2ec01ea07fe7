"""Fixtures of the store's tests: a furnished database, a maker of forms, an intake."""

from collections.abc import Iterator

import pytest

from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from tests.support.clock import FakeClock
from tests.support.forms import FormMaker, furnish


@pytest.fixture
def maker(database: Database) -> FormMaker:
    """A maker of forms, its questionnaire published in `database`."""
    return FormMaker(furnish(database))


@pytest.fixture
def intake(database: Database, clock: FakeClock) -> Iterator[Intake]:
    """The way into `database`."""
    opened = Intake(database, clock)
    yield opened
    opened.close()
