"""Bring a backup back: all of it is checked before anything is touched, and the database changes in one transaction or not.

The tables are made by the migrations that the backup was made at, filled, then migrated on: an old backup fits a new program,
and one of SQLite fits PostgreSQL.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from alembic.util.exc import CommandError
from sqlalchemy import Connection, LargeBinary, MetaData, Table, delete, func, insert, select, text

from survey_app.store import fleet, migrate, schema
from survey_app.store.backup import FILES, FORMAT, MANIFEST, TABLES, reflected
from survey_app.store.engine import Database

# A file of the data folder that is replaced is kept beside the new one under this ending.
KEPT_AS = ".before-restore"
_CHUNK = 1_000
_BLOCK = 1 << 20


class BackupError(ValueError):
    """The file is no backup of ours, or damaged; the words say which."""


class InTheWay(BackupError):
    """Something would be overwritten, and nobody said that it may."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a checked backup holds."""

    path: Path
    day: str
    migration: str
    tables: dict[str, dict[str, Any]]
    files: dict[str, str]


def read(path: Path) -> Contents:
    """Check every member against the manifest; raises BackupError, OSError."""
    try:
        with ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupError(f"{path} is of format {manifest['format']}, not {FORMAT}")
            found = Contents(
                path, manifest["day"], manifest["migration"], manifest["tables"], manifest["files"]
            )
            _check_members(archive, found)
    except (BadZipFile, KeyError, TypeError, json.JSONDecodeError) as error:
        raise BackupError(f"{path} is no backup, or damaged") from error
    return found


def _check_members(archive: ZipFile, found: Contents) -> None:
    expected = {f"{TABLES}{name}.jsonl": said["sha256"] for name, said in found.tables.items()}
    expected |= {FILES + name: sha256 for name, sha256 in found.files.items()}
    for name, sha256 in expected.items():
        hashed = hashlib.sha256()
        with archive.open(name) as file:
            while block := file.read(_BLOCK):
                hashed.update(block)
        if hashed.hexdigest() != sha256:
            raise BackupError(f"{name} in {found.path} is not what was written")


def place_files(found: Contents, data_dir: Path, *, replace: bool) -> None:
    """Put keys and settings into the data folder, readable by its owner alone.

    Without `replace` one that is there with other content raises InTheWay, and nothing is written. With it the old one is kept
    beside: forms that tablets have sealed can be opened with the old key only.
    """
    with ZipFile(found.path) as archive:
        wanted = {_inside(data_dir, name): archive.read(FILES + name) for name in found.files}
    others = [path for path in wanted if path.exists() and path.read_bytes() != wanted[path]]
    if others and not replace:
        raise InTheWay(f"{', '.join(map(str, others))} would be replaced")
    for path in others:
        path.replace(path.with_name(path.name + KEPT_AS))
    for path, content in wanted.items():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)


def _inside(data_dir: Path, name: str) -> Path:
    path = (data_dir / name).resolve()
    if not path.is_relative_to(data_dir.resolve()):
        raise BackupError(f"{name} would be written outside the data folder")
    return path


def fill(found: Contents, database: Database, *, replace: bool) -> None:
    """Make the database what it was, at the program's newest migration, under a new lineage.

    Raises InTheWay where there are tables already and `replace` is false, BackupError where a newer program made the backup;
    then the database is as before.
    """
    with database.writing() as connection:
        _clear(connection, replace=replace)
        try:
            migrate.upgrade_on(connection, found.migration)
        except CommandError as error:
            words = f"made at migration {found.migration}, which this program does not know"
            raise BackupError(f"{found.path} was {words}") from error
        _fill_tables(connection, found)
        migrate.upgrade_on(connection)
        _renew_lineage(connection)


def _clear(connection: Connection, *, replace: bool) -> None:
    old = MetaData()
    old.reflect(connection)
    if old.tables and not replace:
        raise InTheWay("The database is not empty")
    old.drop_all(connection)


def _fill_tables(connection: Connection, found: Contents) -> None:
    tables = reflected(connection)
    if {table.name for table in tables} != found.tables.keys():
        raise BackupError(f"{found.path} has other tables than its migration")
    # What migrations bring with them is in the backup too, as it was.
    for table in reversed(tables):
        connection.execute(delete(table))
    with ZipFile(found.path) as archive:
        for table in tables:
            columns = found.tables[table.name]["columns"]
            with archive.open(f"{TABLES}{table.name}.jsonl") as lines:
                _fill_table(connection, table, columns, lines)
            _go_on_counting(connection, table)


def _fill_table(
    connection: Connection, table: Table, columns: list[str], lines: Iterable[bytes]
) -> None:
    binary = {c.name for c in table.columns if isinstance(c.type, LargeBinary)}
    rows = (_row(columns, line, binary) for line in lines)
    if _refers_to_itself(table):
        # One statement for all rows: a unit may stand before the unit above it.
        everything = list(rows)
        if everything:
            connection.execute(insert(table).values(everything))
        return
    while chunk := list(islice(rows, _CHUNK)):
        connection.execute(insert(table), chunk)


def _row(columns: list[str], line: bytes, binary: set[str]) -> dict[str, object]:
    values = dict(zip(columns, json.loads(line), strict=True))
    return {
        name: base64.b64decode(value) if name in binary and value is not None else value
        for name, value in values.items()
    }


def _refers_to_itself(table: Table) -> bool:
    return any(key.column.table is table for key in table.foreign_keys)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a counter of its own, which has seen none of these."""
    if connection.dialect.name == "sqlite" or "id" not in table.columns:
        return
    counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    highest = connection.scalar(select(func.max(table.c.id))) if counter else None
    if highest is not None:
        statement = text("SELECT setval(CAST(:counter AS regclass), :highest)")
        connection.execute(statement, {"counter": counter, "highest": highest})


def _renew_lineage(connection: Connection) -> None:
    """Tablets that see another lineage offer again what they sent in the last seven days (docs/kiosk-api.md)."""
    place = schema.installation
    connection.execute(delete(place).where(place.c.key == fleet.LINEAGE))
    connection.execute(insert(place), {"key": fleet.LINEAGE, "value": secrets.token_hex(8)})
