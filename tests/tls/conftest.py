"""A server under a name of its own, over TLS or in the open, and tablets whose Chromium trusts its authority or does not."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from survey_app.config import Settings
from survey_app.store import authority
from tests.support.browser import TABLET, flags
from tests.support.server import serve
from tests.support.trust import make_home

if TYPE_CHECKING:
    import socket

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

HOST = "khaosat.test"
COUNTER = "12103-q1"
# The tests' server lives then; only the certificates know the real date.
SERVER_TIME = "2026-11-23T02:00:00Z"


@pytest.fixture
def scheme() -> str:
    """https; a test of the open network says otherwise."""
    return "https"


@pytest.fixture
def settings(settings: Settings, scheme: str) -> Settings:
    """An installation under a name that is not the loopback's."""
    return replace(settings, public_url=f"{scheme}://{HOST}:{settings.port}")


@dataclass(frozen=True)
class Certificates:
    """What the server shows may be exchanged."""

    data_dir: Path

    def make(self, *, age: timedelta = timedelta(0)) -> tuple[str, str]:
        """A certificate for the host, made so long ago; the authority stays."""
        found = authority.files(self.data_dir)
        found.server.unlink(missing_ok=True)
        authority.renew(self.data_dir, HOST, datetime.now(UTC) - age)
        return str(found.server), str(found.server_key)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Those of the installation."""
    made = Certificates(tmp_path)
    made.make()
    return made


class Server:
    """The application on its port; started with a certificate, it speaks TLS."""

    def __init__(self, app: "Flask", listener: "socket.socket") -> None:
        self.app = app
        self._address = listener.getsockname()[:2]
        listener.close()
        self._running: ExitStack | None = None

    @property
    def url(self) -> str:
        return str(self.app.extensions["survey_app"].settings.public_url)

    def start(self, certificate: tuple[str, str] | None) -> None:
        from tests.support.server import listening_socket

        self.stop()
        self._running = ExitStack()
        listener = self._running.enter_context(listening_socket(self._address[1]))
        self._running.enter_context(serve(self.app, listener, certificate))

    def stop(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None


@pytest.fixture
def server(app: "Flask", listener: "socket.socket") -> Iterator[Server]:
    """Not started yet."""
    made = Server(app, listener)
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


@dataclass(frozen=True)
class Chromium:
    """Opens and closes the tablet's browser: the profile stays, the trust is its home's."""

    kind: "BrowserType"
    profile: Path
    open_ones: list["BrowserContext"]

    def open(self, home: Path) -> "Page":
        """Start with this home; its first tab."""
        from tools.ensure_browser import find

        self.close()
        context = self.kind.launch_persistent_context(
            self.profile,
            executable_path=find(),
            args=[*flags(), f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
            has_touch=True,
        )
        self.open_ones.append(context)
        context.clock.install(time=SERVER_TIME)
        page = context.pages[0]
        page.emulate_media(reduced_motion="reduce")
        return page

    def close(self) -> None:
        for context in self.open_ones:
            context.close()
        self.open_ones.clear()


@pytest.fixture
def chromium(browser: "Browser", tmp_path: Path) -> Iterator[Chromium]:
    """The tablet's browser, closed."""
    made = Chromium(browser.browser_type, tmp_path / "profile", [])
    yield made
    made.close()


@pytest.fixture
def trusting(tmp_path: Path, certificates: Certificates) -> Path:
    """The home of somebody who installed the authority."""
    found = authority.files(certificates.data_dir).authority
    return make_home(tmp_path / "trusting", authority.for_tablets(found))


@pytest.fixture
def doubting(tmp_path: Path) -> Path:
    """The home of somebody who did not."""
    home = tmp_path / "doubting"
    home.mkdir()
    return home


@dataclass(frozen=True)
class World:
    """A server, what it shows, and a tablet with two owners: one installed the authority, the other did not."""

    server: Server
    certificates: Certificates
    chromium: Chromium
    trusting: Path
    doubting: Path
    pair_code: Callable[[], str]

    @property
    def app(self) -> "Flask":
        return self.server.app


@pytest.fixture
def world(
    server: Server,
    certificates: Certificates,
    chromium: Chromium,
    trusting: Path,
    doubting: Path,
    pair_code: Callable[[], str],
) -> World:
    """Nothing is started yet."""
    return World(server, certificates, chromium, trusting, doubting, pair_code)
