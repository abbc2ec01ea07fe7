"""A backup: one file with every row of one moment and what stands in the data folder, the same for both databases.

A zip: `tables/NAME.jsonl` (a JSON list a row, by primary key), `files/PATH` (keys, settings), `manifest.json` (counts, hashes).
It is no copy of the database's own files. Those hold rows in the order they came, and when the running week's forms came; a
backup would keep that after the week has closed.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, MetaData, Table, select

from survey_app.store import migrate
from survey_app.store.engine import Database

FORMAT = 1
FOLDER = "backups"
MANIFEST = "manifest.json"
TABLES = "tables/"
FILES = "files/"
# Moments of forms must not outlive their week, log-ins not the server; the last is what migrations write themselves.
LEFT_OUT = frozenset({"response_timing", "session", "alembic_version"})
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds: rows by table, and the files of the data folder."""

    tables: Mapping[str, int]
    files: tuple[str, ...]


@dataclass(slots=True)
class _Archive:
    """A zip under way, and what its manifest will say. Members carry the day, no time of day."""

    zip: ZipFile
    day: date
    tables: dict[str, dict[str, object]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def member(self, name: str) -> IO[bytes]:
        moment = (self.day.year, self.day.month, self.day.day, 0, 0, 0)
        info = ZipInfo(name, moment)
        info.compress_type = ZIP_DEFLATED
        return self.zip.open(info, "w", force_zip64=True)


def name_of(day: date) -> str:
    """How a backup of that day is called."""
    return f"survey-app-{day}.zip"


def write(path: Path, database: Database, data_dir: Path, day: date) -> Written:
    """Write a backup to `path`, which appears when it is whole; raises FileExistsError, OSError."""
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED) as opened:
                written = _write(_Archive(opened, day), database, data_dir)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _write(archive: _Archive, database: Database, data_dir: Path) -> Written:
    # One reading transaction: one moment on both databases.
    with database.reading() as connection:
        migration = migrate.revision(connection)
        for table in reflected(connection):
            archive.tables[table.name] = _add_table(archive, connection, table)
    for source in _files(data_dir, database):
        _add_file(archive, source.relative_to(data_dir).as_posix(), source.read_bytes())
    manifest = {
        "format": FORMAT,
        "day": archive.day.isoformat(),
        "migration": migration,
        "tables": archive.tables,
        "files": archive.files,
    }
    with archive.member(MANIFEST) as file:
        file.write(json.dumps(manifest, indent=1).encode())
    counts = {name: int(str(said["rows"])) for name, said in archive.tables.items()}
    return Written(counts, tuple(sorted(archive.files)))


def reflected(connection: Connection) -> list[Table]:
    """The tables as they stand in this database, whatever its migration; those referred to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def _add_table(archive: _Archive, connection: Connection, table: Table) -> dict[str, object]:
    hashed, rows = hashlib.sha256(), 0
    with archive.member(f"{TABLES}{table.name}.jsonl") as file:
        for line in _lines(connection, table):
            file.write(line)
            hashed.update(line)
            rows += 1
    columns = [column.name for column in table.columns]
    return {"columns": columns, "rows": rows, "sha256": hashed.hexdigest()}


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
        text = json.dumps(list(row), default=_as_text, ensure_ascii=False, separators=(",", ":"))
        yield text.encode() + b"\n"


def _as_text(value: object) -> str:
    # psycopg gives bytes, SQLite too; nothing else in a row is no JSON.
    if not isinstance(value, bytes):
        raise TypeError(type(value))
    return base64.b64encode(value).decode()


def _add_file(archive: _Archive, name: str, content: bytes) -> None:
    with archive.member(FILES + name) as file:
        file.write(content)
    archive.files[name] = hashlib.sha256(content).hexdigest()


def _files(data_dir: Path, database: Database) -> list[Path]:
    """Everything in the data folder but the database itself and earlier backups."""
    return [
        path
        for path in sorted(data_dir.rglob("*"))
        if path.is_file()
        and not path.is_relative_to(data_dir / FOLDER)
        and not (database.file and path.name.startswith(database.file.name))
    ]
