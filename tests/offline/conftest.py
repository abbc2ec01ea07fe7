"""A tablet with a key in a real Chromium, and a server that can be stopped and started again on its own port."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.kiosk.tablet import Tablet

if TYPE_CHECKING:
    import socket

    from flask import Flask
    from playwright.sync_api import Page

    from tests.support.browser import Watch
    from tests.support.clock import FakeClock

COUNTER = "12103-q1"


def line(tablet: Tablet, words: str) -> None:
    """Let the page's timers run, ten seconds a time for ten minutes at most, until staff read this."""
    place = expect(tablet.page.locator("[data-line]"))
    for _ in range(60):
        try:
            place.to_have_text(words, timeout=300)
        except AssertionError:
            tablet.wait(10_000)
        else:
            return
    place.to_have_text(words)


class Server:
    """The application behind its port; stopped, the port refuses connections."""

    def __init__(self, app: "Flask", listener: "socket.socket") -> None:
        self.app = app
        self._address = listener.getsockname()[:2]
        listener.close()
        self._running: ExitStack | None = None

    @property
    def url(self) -> str:
        host, port = self._address
        return f"http://{host}:{port}"

    def start(self) -> None:
        from tests.support.server import listening_socket, serve

        self._running = ExitStack()
        listener = self._running.enter_context(listening_socket(self._address[1]))
        self._running.enter_context(serve(self.app, listener))

    def stop(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None


@pytest.fixture
def server(app: "Flask", listener: "socket.socket") -> Iterator[Server]:
    """A running server."""
    made = Server(app, listener)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def pair_code(app: "Flask") -> Callable[[], str]:
    """Six digits for the first counter."""
    from survey_app.store import pairing

    parts = app.extensions["survey_app"]

    def make() -> str:
        with parts.database.writing() as connection:
            return pairing.make_code(connection, COUNTER, parts.clock())

    return make


@pytest.fixture
def pin(app: "Flask") -> str:
    """The PIN of the first counter's staff."""
    from survey_app.store import pins

    with app.extensions["survey_app"].database.writing() as connection:
        return pins.make_pin(connection, COUNTER)


def enter_staff_room(page: "Page", pin: str) -> None:
    """Open what stands behind the PIN."""
    page.get_by_text("Dành cho nhân viên").tap()
    page.locator("#staff-pin").fill(pin)
    page.get_by_role("button", name="Mở", exact=True).tap()


@pytest.fixture
def paired(
    browser_page: "Page",
    server: Server,
    pair_code: Callable[[], str],
    watch: "Watch",
    clock: "FakeClock",
    pin: str,  # noqa: ARG001  (made before, so that the tablet hears of it at once)
) -> Tablet:
    """A tablet that was connected by its six digits, at its first screen and ready."""
    page = browser_page
    page.clock.install(time="2026-11-23T02:00:00Z")  # as the server's clock in these tests
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/kiosk/connect")
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    tablet = Tablet(page, f"{server.url}/kiosk/", clock)
    tablet.expect_screen("welcome")
    page.locator("[data-line]").get_by_text("sẵn sàng", exact=True).wait_for()
    # The page says in the console what the network refused; these tests stop the server themselves.
    watch.forgive("Failed to load resource")
    watch.forgive("An unknown error occurred when fetching the script")
    return tablet


@pytest.fixture
def count(app: "Flask") -> Callable[[], int]:
    """`count()`: forms the server has."""
    from survey_app.store import schema

    def read() -> int:
        with app.extensions["survey_app"].database.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(schema.response)) or 0)

    return read
