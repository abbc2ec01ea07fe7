"""Fresh databases for tests: migrated and seeded once a worker, then copied."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tests.support.clock import FakeClock
from tests.support.postgres import Postgres

Kind = Literal["sqlite", "postgresql"]
State = Literal["empty", "migrated", "seeded"]


class Databases:
    """Gives each test a database of its own in the state it asks for."""

    def __init__(self, folder: Path, start_postgres: Callable[[], Postgres], worker: str) -> None:
        self._folder = folder
        self._start_postgres = start_postgres
        self._worker = worker
        self._templates: dict[tuple[Kind, State], str] = {}
        self._borrowed: list[str] = []

    def fresh(self, kind: Kind, state: State, folder: Path) -> str:
        """Return the URL of a new database; `folder` takes SQLite's file."""
        if kind == "sqlite":
            return self._fresh_sqlite(state, folder / "test.sqlite3")
        template = "template0" if state == "empty" else self._template(kind, state)
        name = self._start_postgres().create(template)
        self._borrowed.append(name)
        return self._start_postgres().url(name)

    def return_borrowed(self) -> None:
        """Drop the PostgreSQL databases that the finished test used."""
        while self._borrowed:
            self._start_postgres().drop(self._borrowed.pop())

    def _fresh_sqlite(self, state: State, path: Path) -> str:
        if state != "empty":
            _copy_sqlite(Path(self._template("sqlite", state)), path)
        return f"sqlite:///{path}"

    def _template(self, kind: Kind, state: State) -> str:
        key = (kind, state)
        if key not in self._templates:
            self._templates[key] = self._make_template(kind, state)
        return self._templates[key]

    def _make_template(self, kind: Kind, state: State) -> str:
        if kind == "sqlite":
            path = self._folder / f"template_{state}.sqlite3"
            prepare(f"sqlite:///{path}", state)
            return str(path)
        postgres = self._start_postgres()
        name = postgres.create(name=f"template_{state}_{self._worker}")
        prepare(postgres.url(name), state)
        return name


def prepare(url: str, state: State) -> None:
    """Migrate the database at `url`, and seed it when asked to."""
    from survey_app.store.engine import Database
    from survey_app.store.migrate import upgrade

    upgrade(url)
    if state == "seeded":
        from survey_app.provision import seed

        database = Database(url)
        with database.writing() as connection:
            seed(connection, FakeClock())
        database.dispose()


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy by SQLite itself: what still stands in the write-ahead log comes along."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
