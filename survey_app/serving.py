"""The server process: granian, one worker of sixteen threads, and a thread that closes weeks.

More workers are for PostgreSQL only: on SQLite one process keeps one writer (docs/operator).
"""

import gc
import logging
import os
import sys
import threading
from datetime import timedelta

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from survey_app import create_app
from survey_app.config import Settings, SettingsError
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.weeks import Clock, last_closed_week
from survey_app.store.engine import Database
from survey_app.store.migrate import require_current
from survey_app.store.vintages import close_due
from survey_app.transport import CertificateWatch, PlainServer, ask_for_reload
from survey_app.web.i18n import LANGUAGES, require_complete
from survey_app.web.logging import JsonFormatter, configure
from survey_app.web.services import EXTENSION, Services

# They mostly wait for a commit; the more wait, the more forms share one (docs/decisions/0004).
THREADS = 16
# Short, so that a machine that slept or whose clock was set still closes its weeks soon.
LONGEST_WAIT = timedelta(minutes=10)

# The server's own lines: only faults, and as JSON like every other line. `survey-app run` has said
# where it listens, and the number of threads is a choice, not something to be warned of.
LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"_granian": {"handlers": ["json"], "level": "ERROR", "propagate": False}},
}

log = logging.getLogger(__name__)


def preflight(settings: Settings) -> None:
    """Refuse to start half-configured; raises CatalogueError, SchemaError or SettingsError saying what to do."""
    require_certificate(settings)
    for language in LANGUAGES:
        require_complete(language)
    database = Database(settings.database_url)
    try:
        require_current(database)
    finally:
        database.dispose()


def require_certificate(settings: Settings) -> None:
    """Raise SettingsError where the certificate or its key is not there."""
    given = [path for path in (settings.tls_certificate, settings.tls_key) if path]
    missing = [
        f"There is no {path}. Run `survey-app tls`, or correct the settings SURVEY_APP_TLS_…."
        for path in given
        if not path.is_file()
    ]
    if missing:
        raise SettingsError(missing)


def serve(settings: Settings) -> None:
    """Run until interrupted. The worker reads the same settings from the environment."""
    Granian(
        "survey_app.serving:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        factory=True,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGS,
        websockets=False,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
    ).serve()


def application() -> Flask:
    """What the server's worker loads: the application, and beside it what closes weeks and looks after TLS."""
    configure()
    settings = Settings.from_environment(os.environ)
    app = create_app(settings)
    parts: Services = app.extensions[EXTENSION]
    WeekCloser(parts.database, parts.clock).start()
    if settings.tls_certificate:
        CertificateWatch(settings, parts.clock, ask_for_reload).start()
    if settings.http_port:
        PlainServer.start(settings, app, settings.http_port)
    # What start-up made stays for ever: collections of garbage need not visit it at each full round.
    gc.freeze()
    stay_on_one_processor()
    return app


def stay_on_one_processor() -> None:
    """Keep this thread, and those it starts from now on, on one processor (docs/decisions/0006).

    One thread of an interpreter runs at a time. Handing over to a thread on another processor costs more than taking a form in.
    """
    if sys.platform == "linux":
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})


class WeekCloser:
    """Closes weeks that are due, at start and then on Monday 06:00; idempotent beside cron."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin in a thread of its own, which ends with the process."""
        threading.Thread(target=self._run, name="week-closer", daemon=True).start()

    def stop(self) -> None:
        """End after the closing under way."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._close()
            self._stopped.wait(self.seconds_to_wait())

    def _close(self) -> None:
        try:
            close_due(self._database, self._clock(), quality_rules(), load_scheme())
        except Exception:
            # The next round tries again; a server that takes forms must not stop for this.
            log.exception("closing weeks failed")

    def seconds_to_wait(self) -> float:
        """Until the running week closes, at most `LONGEST_WAIT`."""
        now = self._clock()
        due = last_closed_week(now).next().closes_at - now
        return min(due, LONGEST_WAIT).total_seconds()
