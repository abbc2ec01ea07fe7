"""Bring a database to a migration, and tell where it stands. Migrations are in `migrations/versions`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from survey_app.store.engine import Database

# Any fixed number: two processes that migrate at once on PostgreSQL take turns on it.
_LOCK = 7_204_716


class SchemaError(RuntimeError):
    """The database is not at the newest migration."""


def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing, in one transaction; nothing to do is fine."""
    with _alone(url) as connection:
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing, in the caller's transaction."""
    command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to `revision` ("base": to nothing)."""
    with _alone(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The migration the database is at; None for an empty one."""
    database = Database(url)
    try:
        return _current(database)
    finally:
        database.dispose()


@cache
def head() -> str:
    """The newest migration."""
    revision = ScriptDirectory(str(_folder())).get_current_head()
    if revision is None:
        raise SchemaError("There are no migrations: the installation is incomplete.")
    return revision


def is_current(database: Database) -> bool:
    """Whether `database` is at the newest migration."""
    return _current(database) == head()


def require_current(database: Database) -> None:
    """Raise SchemaError, saying what to do, unless the database is at the newest migration."""
    found, wanted = _current(database), head()
    if found != wanted:
        raise SchemaError(
            f"The database is at migration {found or 'none'}, the program needs {wanted}. "
            "Make a backup, then run `survey-app migrate`."
        )


def revision(connection: Connection) -> str | None:
    """The migration that the connected database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _current(database: Database) -> str | None:
    with database.reading() as connection:
        return revision(connection)


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    finally:
        database.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _folder() -> Path:
    # Installed, the folder is a package of its own; in a bare checkout it stands beside survey_app.
    try:
        spec = find_spec("survey_app.migrations")
    except ModuleNotFoundError:
        spec = None
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent
    return Path(__file__).resolve().parents[2] / "migrations"
