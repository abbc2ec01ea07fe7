"""The inbox: every form that was not accepted, as it came. Nothing is ever dropped, nothing is kept twice."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from survey_app.domain.problem import Problem
from survey_app.store import schema
from survey_app.store.upsert import insert_missing

CONFLICT = "conflict"
INVALID = "invalid"
POISON = "poison"


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


def count_by_kind(connection: Connection, unit_id: str) -> dict[str, int]:
    """How many bodies of each kind a unit's tablets have in the inbox."""
    table = schema.inbox.c
    query = select(table.kind, func.count()).where(table.unit_id == unit_id).group_by(table.kind)
    return {row[0]: row[1] for row in connection.execute(query)}


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
