"""A paired tablet: as a test client, and in a real Chromium."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.kiosk.tablet import Tablet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, BrowserContext, Page

    from survey_app.domain.questionnaire import Questionnaire
    from tests.support.browser import Watch
    from tests.support.server import LiveServer

COUNTER = "12103-q1"
Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def invitation(app: "Flask") -> str:
    """A one-use token for counter 1 of Mỹ Hào."""
    from survey_app.store import kiosks

    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        return kiosks.invite(connection, COUNTER, parts.clock())


@pytest.fixture
def credential(app: "Flask", invitation: str) -> str:
    """The secret of a paired tablet."""
    from survey_app.store import kiosks

    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        secret = kiosks.claim(connection, invitation, parts.clock())
    assert secret is not None
    return secret


@pytest.fixture
def origin(app: "Flask") -> str:
    """The server's own address, as a browser names it in Origin."""
    return str(app.extensions["survey_app"].settings.public_url)


@pytest.fixture
def kiosk_client(client: "FlaskClient", app: "Flask", credential: str) -> "FlaskClient":
    """A paired client without scripts."""
    client.set_cookie("kiosk", credential, domain=app.extensions["survey_app"].settings.host)
    return client


@pytest.fixture
def questionnaire(app: "Flask") -> "Questionnaire":
    """The version in use."""
    from survey_app.store import questionnaires

    with app.extensions["survey_app"].database.reading() as connection:
        return questionnaires.current(connection)


@pytest.fixture
def rows(app: "Flask") -> Rows:
    """`rows()` reads every stored form, its answers parsed and its remark beside it."""
    from survey_app.store import schema

    response, comment = schema.response, schema.comment
    query = select(response, comment.c.remark).join(
        comment,
        (comment.c.unit_id == response.c.unit_id) & (comment.c.response_id == response.c.id),
        isouter=True,
    )

    def read() -> list[dict[str, Any]]:
        with app.extensions["survey_app"].database.reading() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        return [{**row, "answers": json.loads(row["answers"])} for row in found]

    return read


@pytest.fixture
def paired_page(browser_page: "Page", live_server: "LiveServer", credential: str) -> "Page":
    """A tab of a paired tablet, its timers in the test's hand."""
    cookie: Any = {
        "name": "kiosk",
        "value": credential,
        "url": live_server.url,
        "httpOnly": True,
        "sameSite": "Strict",
    }
    browser_page.context.add_cookies([cookie])
    browser_page.clock.install()
    # Playwright waits for what moves to stand still; this is most of a test's time.
    browser_page.emulate_media(reduced_motion="reduce")
    return browser_page


@pytest.fixture
def tablet(paired_page: "Page", live_server: "LiveServer") -> Tablet:
    """The form on the tablet, at its first screen."""
    opened = Tablet(paired_page, f"{live_server.url}/kiosk/")
    opened.open()
    return opened


@pytest.fixture
def scriptless(
    browser: "Browser", live_server: "LiveServer", credential: str
) -> Iterator["BrowserContext"]:
    """A paired browser without JavaScript."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 800, "height": 1280}, has_touch=True
    )
    context.add_cookies([{"name": "kiosk", "value": credential, "url": live_server.url}])
    yield context
    context.close()


@pytest.fixture
def provoke(watch: "Watch") -> Callable[[str], None]:
    """`provoke(fragment)` forgives complaints the test itself has caused."""
    return watch.allow
