"""The inbox: every form that was not accepted, as it came. Nothing is ever dropped, nothing is kept twice."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, func, select

from survey_app.domain.problem import Problem
from survey_app.store import schema
from survey_app.store.upsert import insert_missing

CONFLICT = "conflict"
INVALID = "invalid"
POISON = "poison"
_table = schema.inbox.c


@dataclass(frozen=True, slots=True)
class Rejected:
    """A body that was not accepted. `id` is empty where none could be read; `kind` as the constants above."""

    unit_id: str
    id: str
    body: bytes
    kind: str
    problems: Sequence[Problem]

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest()


def keep(connection: Connection, rejected: Sequence[Rejected], today: date) -> None:
    """Store bodies, in one order for all transactions; one that is there already stays as it is."""
    if not rejected:
        return
    rows = [_row(item, today) for item in sorted(rejected, key=_key)]
    connection.execute(insert_missing(connection, schema.inbox), rows)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What names a body in the inbox."""

    unit_id: str
    id: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A body in the inbox without its content: why it is here, and since which local day."""

    key: Key
    kind: str
    reasons: tuple[str, ...]
    day: date


def waiting(connection: Connection) -> list[Waiting]:
    """Every body by its key; `reasons` as "code" or "code (where)"."""
    columns = [column for column in _table if column is not _table.body]
    rows = connection.execute(
        select(*columns).order_by(_table.unit_id, _table.id, _table.body_hash)
    )
    return [
        Waiting(
            Key(row.unit_id, row.id, row.body_hash),
            row.kind,
            tuple(_reason(problem) for problem in json.loads(row.problems)),
            date.fromisoformat(row.day),
        )
        for row in rows
    ]


def content(connection: Connection, key: Key) -> bytes:
    """The body itself; raises NoResultFound for one that has left."""
    return bytes(connection.execute(select(_table.body).where(_is(key))).scalar_one())


def leave(connection: Connection, key: Key) -> None:
    """The body is a stored form now."""
    connection.execute(delete(schema.inbox).where(_is(key)))


def count_by_kind(connection: Connection, unit_id: str) -> dict[str, int]:
    """How many bodies of each kind a unit's tablets have in the inbox."""
    table = schema.inbox.c
    query = select(table.kind, func.count()).where(table.unit_id == unit_id).group_by(table.kind)
    return {row[0]: row[1] for row in connection.execute(query)}


def _is(key: Key) -> ColumnElement[bool]:
    own = (_table.unit_id == key.unit_id) & (_table.id == key.id)
    return own & (_table.body_hash == key.body_hash)


def _reason(problem: dict[str, str]) -> str:
    # `where` may be the sender's own words: only what looks like a name of ours is repeated.
    where = problem["where"]
    is_name = where.isascii() and where.replace(".", "_").isidentifier()
    return f"{problem['code']} ({where})" if is_name else problem["code"]


def _key(item: Rejected) -> tuple[str, str, str]:
    return (item.unit_id, item.id, item.body_hash)


def _row(item: Rejected, today: date) -> dict[str, object]:
    return {
        "unit_id": item.unit_id,
        "id": item.id,
        "body_hash": item.body_hash,
        "body": item.body,
        "kind": item.kind,
        "problems": json.dumps([problem.as_json() for problem in item.problems]),
        "day": today.isoformat(),
    }
