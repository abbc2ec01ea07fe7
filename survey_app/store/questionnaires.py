"""Published questionnaire versions: never changed, never removed, the last one live."""

from collections.abc import Mapping
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, func, select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.upsert import insert_into

_table = schema.questionnaire


def publish(connection: Connection, questionnaire: Questionnaire, now: datetime) -> None:
    """Make `questionnaire` the live version. Publishing the live one again changes nothing.

    An older version published again goes live again; its place among the versions stays.
    """
    if _live_hash(connection) == questionnaire.hash:
        return
    last = connection.execute(select(func.max(_table.c.number), func.max(_table.c.turn))).one()
    turn = (last[1] or 0) + 1
    values = {
        "hash": questionnaire.hash,
        "number": (last[0] or 0) + 1,
        "turn": turn,
        "name": questionnaire.structure.id,
        "body": questionnaire.canonical.decode(),
        "published_at": int(now.timestamp()),
    }
    again = insert_into(connection, _table).on_conflict_do_update(
        index_elements=["hash"], set_={"turn": turn}
    )
    connection.execute(again, values)


def current(connection: Connection) -> Questionnaire:
    """The live version; raises LookupError before the first is published."""
    found = _live_hash(connection)
    if found is None:
        raise LookupError("No questionnaire is published yet: run `survey-app setup`.")
    return _load(connection, found)


def live_hash(connection: Connection) -> str:
    """Hash of the live version; empty before the first is published."""
    return _live_hash(connection) or ""


def versions(connection: Connection) -> dict[str, Questionnaire]:
    """Every version by hash, in the order of first publishing."""
    hashes = connection.scalars(select(_table.c.hash).order_by(_table.c.number))
    return {found: _load(connection, found) for found in hashes.all()}


def versions_with(database: Database, wanted: object) -> Mapping[str, Questionnaire]:
    """The versions a form is checked against; asks the database only where `wanted` was not seen before.

    Versions are added and never changed or removed, so what was seen once stays true.
    """
    seen = _seen.get(database, {})
    if not (isinstance(wanted, str) and wanted in seen):
        with database.reading() as connection:
            seen = _seen[database] = versions(connection)
    return seen


def _live_hash(connection: Connection) -> str | None:
    return connection.scalar(select(_table.c.hash).order_by(_table.c.turn.desc()).limit(1))


def _load(connection: Connection, found: str) -> Questionnaire:
    # A hash names one content for ever, so what was parsed once serves every database and thread.
    if found not in _parsed:
        body = connection.scalar(select(_table.c.body).where(_table.c.hash == found))
        _parsed[found] = Questionnaire.from_json(str(body))
    return _parsed[found]


_parsed: dict[str, Questionnaire] = {}
_seen: WeakKeyDictionary[Database, dict[str, Questionnaire]] = WeakKeyDictionary()
