"""Beside the TLS server: a plain listener that tells tablets how to trust it, and a watch on its certificate."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from werkzeug.utils import redirect

from survey_app.config import Settings
from survey_app.domain.weeks import Clock
from survey_app.store import authority

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Pages and files that need no trust yet; everything else is led to https.
IN_THE_OPEN = ("/trust/", "/static/", "/vendor/", "/kiosk/static/", "/kiosk/bundle/")
LOOK_EVERY = timedelta(hours=1)
_PATIENCE_SECONDS = 10

log = logging.getLogger(__name__)


class OnlyTrust:
    """The part of the application that is served without TLS."""

    def __init__(self, app: "WSGIApplication", public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Serve one request."""
        path = environ.get("PATH_INFO", "/")
        if path.startswith(IN_THE_OPEN) and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return self._app(environ, start_response)
        return redirect(self._public_url + "/trust/")(environ, start_response)


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the library's
        """Say nothing: addresses of tablets are nobody's business."""


class PlainServer(ThreadingMixIn, WSGIServer):
    """Small, for one page: the server proper speaks TLS."""

    daemon_threads = True
    # A worker that is being replaced still listens.
    allow_reuse_port = True

    @classmethod
    def start(cls, settings: Settings, app: "WSGIApplication", port: int) -> "PlainServer":
        """Listen in a thread of its own."""
        server = cls((settings.host, port), _Handler)
        server.set_app(OnlyTrust(app, settings.public_url))
        threading.Thread(target=server.serve_forever, name="plain-http", daemon=True).start()
        return server

    def server_bind(self) -> None:
        """Bind without asking a name server what this machine is called."""
        super(WSGIServer, self).server_bind()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()


class CertificateWatch:
    """Renews the certificate of the local authority, and has the server read a new one, wherever it comes from."""

    def __init__(self, settings: Settings, clock: Clock, reload: Callable[[], None]) -> None:
        self._settings = settings
        self._clock = clock
        self._reload = reload
        self._known = self._state()

    def start(self) -> None:
        """Look every hour, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="certificate", daemon=True).start()

    def look(self) -> None:
        """Renew where due; reload where the file has changed."""
        own = authority.files(self._settings.data_dir)
        if self._path == own.server and own.authority_key.exists():
            authority.renew(
                self._settings.data_dir, authority.host_of(own.authority), self._clock()
            )
        state = self._state()
        if state != self._known:
            self._known = state
            self._reload()

    @property
    def _path(self) -> Path | None:
        return self._settings.tls_certificate

    def _state(self) -> bytes:
        return self._path.read_bytes() if self._path else b""

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                # The next round tries again; the certificate in use goes on.
                log.exception("looking after the certificate failed")
            threading.Event().wait(LOOK_EVERY.total_seconds())


def ask_for_reload() -> None:
    """The server's main process starts a fresh worker, which reads the certificate, and ends this one."""
    os.kill(os.getppid(), signal.SIGHUP)
