"""Open the configured database for one command, at the newest migration only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from survey_app.config import Settings, SettingsError
from survey_app.store.engine import Database
from survey_app.store.migrate import SchemaError, require_current


@contextmanager
def opened(environ: Mapping[str, str]) -> Iterator[tuple[Settings, Database]]:
    """Settings and database; raises SettingsError where either cannot be used."""
    settings = Settings.from_environment(environ)
    database = Database(settings.database_url)
    try:
        _require(database)
        yield settings, database
    finally:
        database.dispose()


def _require(database: Database) -> None:
    try:
        require_current(database)
    except SchemaError as error:
        raise SettingsError([str(error)]) from error
