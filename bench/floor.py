"""The floor: the least a Python server can do to take a form in durably.

A bare WSGI function, one HMAC over the body, one row, and one writer thread whose waiting rows share a commit; no framework,
no validation, no receipt. Our own path is measured as a share of it, in the same run on the same disk (docs/performance.md).

Run by bench/run.py: `python -m bench.floor PORT DATABASE`, with
`--on-one-processor` for a floor that is kept there like our own server.
"""

import hashlib
import hmac
import os
import sqlite3
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from survey_app.serving import stay_on_one_processor

DATABASE = "FLOOR_DATABASE"
ONE_PROCESSOR = "FLOOR_ONE_PROCESSOR"
ON_ONE = "--on-one-processor"
THREADS = 16
MOST_A_COMMIT = 64
KEY = b"the floor's key"
TABLE = "CREATE TABLE IF NOT EXISTS form (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID"
INSERT = "INSERT INTO form (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING"

Job = tuple[str, str, "Future[None]"]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


def connect(path: str) -> sqlite3.Connection:
    """A connection as durable as the program's own."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(TABLE)
    return connection


class Writer:
    """One thread; what waits shares a commit."""

    def __init__(self, path: str) -> None:
        self._waiting: SimpleQueue[Job] = SimpleQueue()
        self._connection = connect(path)
        threading.Thread(target=self._run, daemon=True).start()

    def put(self, form_id: str, body: str) -> None:
        """Return after the commit."""
        done: Future[None] = Future()
        self._waiting.put((form_id, body, done))
        done.result()

    def _run(self) -> None:
        while True:
            group = self._group()
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(INSERT, [(job[0], job[1]) for job in group])
            self._connection.execute("COMMIT")
            for job in group:
                job[2].set_result(None)

    def _group(self) -> list[Job]:
        group = [self._waiting.get()]
        while len(group) < MOST_A_COMMIT:
            try:
                group.append(self._waiting.get_nowait())
            except Empty:
                break
        return group


def application() -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """What granian's worker loads."""
    writer = Writer(os.environ[DATABASE])
    if os.environ[ONE_PROCESSOR]:
        stay_on_one_processor()

    def take(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        body: bytes = environ["wsgi.input"].read()
        signature = hmac.new(KEY, body, hashlib.sha256).hexdigest()
        writer.put(str(uuid.uuid4()), body.decode())
        answer = signature.encode()
        start_response("201 Created", [("Content-Length", str(len(answer)))])
        return [answer]

    return take


def main() -> None:
    """Serve with the settings of the program's own server."""
    port, path = int(sys.argv[1]), sys.argv[2]
    os.environ[DATABASE] = path
    os.environ[ONE_PROCESSOR] = "yes" if ON_ONE in sys.argv[3:] else ""
    Granian(
        "bench.floor:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        factory=True,
        log_access=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
