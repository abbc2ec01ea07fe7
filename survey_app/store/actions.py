"""Actions that officials recorded: what was done, from when on, for which dimension."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from survey_app.store import schema

_table = schema.action
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done at a unit from `day` on; `dimension` is a code of the scheme."""

    id: str
    unit_id: str
    day: date
    dimension: str
    words: str


def record(
    connection: Connection,
    unit_id: str,
    day: date,
    dimension: str,
    words: str,
    *,
    account_id: int,
    now: datetime,
) -> Action:
    """Keep an action."""
    action = Action(secrets.token_hex(_ID_BYTES), unit_id, day, dimension, words)
    values = {
        "id": action.id,
        "unit_id": unit_id,
        "day": day.isoformat(),
        "dimension": dimension,
        "words": words,
        "account_id": account_id,
        "recorded_at": int(now.timestamp()),
    }
    connection.execute(insert(_table).values(**values))
    return action


def withdraw(connection: Connection, unit_id: str, action_id: str, now: datetime) -> bool:
    """Take an action out of the list; the row stays. False when the unit has no such action."""
    own = (_table.c.unit_id == unit_id, _table.c.id == action_id, _table.c.withdrawn_at.is_(None))
    change = update(_table).where(*own).values(withdrawn_at=int(now.timestamp()))
    return connection.execute(change).rowcount > 0


def actions(connection: Connection, unit_id: str) -> list[Action]:
    """The unit's valid actions, newest first."""
    query = select(_table).where(_table.c.unit_id == unit_id, _table.c.withdrawn_at.is_(None))
    rows = connection.execute(query.order_by(_table.c.day.desc(), _table.c.id))
    return [
        Action(row.id, row.unit_id, date.fromisoformat(row.day), row.dimension, row.words)
        for row in rows
    ]
