"""Fixtures for every test: a clock, databases, the application, pages, a browser.

What belongs to the program is imported inside the fixtures, so that a test of one room does not
need the others.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.support.clock import FakeClock
from tests.support.databases import Databases, Kind
from tests.support.network import block_outside_world
from tests.support.postgres import Postgres

if TYPE_CHECKING:
    import socket

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, BrowserContext, Page

    from survey_app.config import Settings
    from survey_app.store.engine import Database
    from tests.support.browser import Watch
    from tests.support.client import PageOpener
    from tests.support.server import LiveServer

block_outside_world()
# A slow machine is not a fault; and CI asks the same questions each time.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.register_profile("fast", deadline=None, max_examples=20)
hypothesis.settings.load_profile("house")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at Monday 2026-11-23 09:00 local time until the test moves it."""
    return FakeClock()


# ---- databases ----------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def start_postgres() -> Iterator[Callable[[], Postgres]]:
    """Start the run's PostgreSQL when the first test asks for it."""
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    started: list[Postgres] = []

    def start() -> Postgres:
        if not started:
            started.append(Postgres(run_id))
        return started[0]

    yield start
    for postgres in started:
        postgres.stop()


@pytest.fixture(scope="session")
def databases(
    tmp_path_factory: pytest.TempPathFactory, start_postgres: Callable[[], Postgres]
) -> Databases:
    """Makes databases; migrations and seeds run once a worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Databases(tmp_path_factory.mktemp("databases"), start_postgres, worker)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Both databases, one after the other.

    `@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)` keeps to one.
    """
    kind: Kind = request.param
    return kind


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a single table."""
    yield databases.fresh(database_kind, "empty", tmp_path)
    databases.return_borrowed()


@pytest.fixture
def database_url(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    yield databases.fresh(database_kind, "migrated", tmp_path)
    databases.return_borrowed()


@pytest.fixture
def seeded_database_url(databases: Databases, database_kind: Kind, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the three wards, their counters and the questionnaire."""
    yield databases.fresh(database_kind, "seeded", tmp_path)
    databases.return_borrowed()


@pytest.fixture
def database(database_url: str) -> Iterator["Database"]:
    """A migrated, empty database."""
    from survey_app.store.engine import Database

    opened = Database(database_url)
    yield opened
    opened.dispose()


# ---- the application ----------------------------------------------------------------------------
@pytest.fixture
def listener() -> Iterator["socket.socket"]:
    """A socket on a free port, kept so that no other test takes it."""
    from tests.support.server import listening_socket

    with listening_socket() as bound:
        yield bound


@pytest.fixture
def settings(seeded_database_url: str, tmp_path: Path, listener: "socket.socket") -> "Settings":
    """Settings of a trial installation on the loopback."""
    from survey_app.config import Settings

    host, port = listener.getsockname()[:2]
    return Settings(
        data_dir=tmp_path,
        database_url=seeded_database_url,
        secret_key="a long secret that only tests know, 0123456789",
        host=host,
        port=port,
        public_url=f"http://{host}:{port}",
    )


@pytest.fixture
def app(settings: "Settings", clock: FakeClock) -> Iterator["Flask"]:
    """The whole application over a seeded database, with the test's clock."""
    from survey_app import create_app
    from tests.support.client import HouseClient

    application = create_app(settings, clock=clock)
    application.testing = True
    application.test_client_class = HouseClient
    yield application
    parts = application.extensions["survey_app"]
    parts.intake.close()
    parts.database.dispose()


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A browser without a face: keeps cookies, speaks to the public address."""
    return app.test_client()


@pytest.fixture(scope="session")
def untranslated() -> frozenset[str]:
    """English msgids that no Vietnamese page may show."""
    from tests.support.catalogues import untranslated_strings

    return untranslated_strings()


@pytest.fixture
def page(client: "FlaskClient", untranslated: frozenset[str]) -> "PageOpener":
    """Open pages and check each of them against the house's rules for HTML."""
    from tests.support.client import PageOpener

    return PageOpener(client, untranslated)


# ---- a real browser -----------------------------------------------------------------------------
@pytest.fixture
def live_server(app: "Flask", listener: "socket.socket") -> Iterator["LiveServer"]:
    """The application behind a real socket, in this process, with the test's clock."""
    from tests.support.server import serve

    with serve(app, listener) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real Chromium; missing, the test fails with the line that installs it."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import flags
    from tools.ensure_browser import find

    executable = find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=flags())
        yield launched
        launched.close()


@pytest.fixture
def browser_context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A fresh profile: a Vietnamese tablet in portrait, with touch."""
    from tests.support.browser import TABLET

    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": TABLET["width"], "height": TABLET["height"]},
        has_touch=True,
    )
    yield context
    context.close()


@pytest.fixture
def watch(browser_context: "BrowserContext") -> Iterator["Watch"]:
    """Console errors and foreign requests; what is left at the end fails the test."""
    from tests.support.browser import Watch

    watching = Watch(browser_context)
    yield watching
    assert not watching.complaints, "\n".join(watching.complaints)


@pytest.fixture
def browser_page(browser_context: "BrowserContext", watch: "Watch") -> "Page":  # noqa: ARG001  (it watches)
    """An empty tab of the tablet, watched."""
    return browser_context.new_page()


@pytest.fixture
def axe() -> Callable[["Page"], None]:
    """`axe(page)` fails when axe finds a violation on the page as it stands."""
    from tests.support.browser import accessibility_violations

    def check(page: "Page") -> None:
        found = accessibility_violations(page)
        assert not found, page.url + "\n" + "\n".join(found)

    return check
