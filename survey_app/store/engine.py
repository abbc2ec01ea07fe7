"""The database: one address, reading and writing apart.

On SQLite a connection that may write starts with BEGIN IMMEDIATE: a transaction that begins by reading and writes later fails
with "database is locked" under load. Readers therefore have an engine of their own, which cannot write at all. On PostgreSQL
both are one engine.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

BUSY_SECONDS = 5
_POOL = 16
_BUSY = f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}"
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    _BUSY,
)


class Database:
    """Engines for one database; made once a process, before threads use it."""

    def __init__(self, url: str) -> None:
        parsed = _with_driver(make_url(url))
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # The one file of an embedded database; its logs are named after it.
        self.file = Path(parsed.database) if self.is_sqlite and parsed.database else None
        # Writers of one process queue here: fairer and quicker than SQLite's waiting by sleeping.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            self._write = _sqlite_engine(parsed, "BEGIN IMMEDIATE", _PRAGMAS)
            self._read = _sqlite_engine(parsed, "BEGIN", (*_PRAGMAS, "PRAGMA query_only = ON"))
        else:
            self._write = _postgresql_engine(parsed)
            # One snapshot for a whole page, as SQLite gives by itself.
            self._read = self._write.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and cannot change it."""
        with self._read.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed, durably, when the block ends without an exception."""
        with self._turn, self._write.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close every pooled connection."""
        self._read.dispose()
        self._write.dispose()

    def rewrite(self) -> None:
        """Lay SQLite's file down anew in the order of its keys, without free pages.

        Within a page rows stand in the order they came, whatever their keys.
        """
        with self._alone() as driver:
            driver.execute("VACUUM")

    def empty_log(self) -> bool:
        """Bring SQLite's write-ahead log into the file and empty it; False where somebody is reading just now."""
        with self._alone() as driver:
            driver.execute("PRAGMA busy_timeout = 0")
            is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            driver.execute(_BUSY)
            return not is_busy

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection, outside any transaction, while no other thread writes."""
        with self._turn, self._write.connect() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError(driver)
            yield driver

    def on_commit(self, listener: Callable[[Connection], None]) -> None:
        """Call `listener` at each commit of the writing engine: for tests and for measuring."""
        event.listen(self._write, "commit", listener)


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _sqlite_engine(url: URL, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, pool_size=_POOL)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not open transactions of its own: `start` below says which kind.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(url: URL) -> Engine:
    options = "-c synchronous_commit=on -c timezone=UTC"
    return create_engine(
        url,
        pool_size=_POOL,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": BUSY_SECONDS},
    )
