"""Remarks of closed weeks, cut off from everything else that their forms say.

A remark leaves the store with its words and a handle, in an order that says nothing: no id, day, counter, channel or answer.
Who hid one, and when, stands in the audit trail.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from survey_app.domain.disclosure import LIMITS
from survey_app.domain.tally import SCORED_CHANNELS
from survey_app.domain.weeks import Week
from survey_app.store import schema, vintages

_comment = schema.comment.c
_response = schema.response.c
_HANDLE = 16


@dataclass(frozen=True, slots=True)
class Remark:
    """Somebody's own words; `handle` names them on the page and leads to nothing else."""

    handle: str
    words: str
    is_hidden: bool


def remarks(connection: Connection, unit_id: str, week: Week) -> list[Remark] | None:
    """The week's remarks, shuffled; None where too few forms came to hide anybody among them.

    Each closing and each revision must bring enough complete forms of its own, and figures must use it: else the
    remarks that a revision adds would be those of the one tablet that was late.
    """
    batches = _thick_batches(connection, unit_id, week)
    if not batches:
        return None
    query = select(_comment.salt, _comment.remark, _comment.hidden_at).where(
        _comment.unit_id == unit_id,
        _comment.response_id.in_(
            select(_response.id).where(*_shown(unit_id, week), _response.first_vintage.in_(batches))
        ),
    )
    found = [
        Remark(_handle(row.salt), row.remark, row.hidden_at is not None)
        for row in connection.execute(query)
    ]
    # Salts are random, so their hashes are a shuffle; the same at each look, so nothing is learned by looking twice.
    return sorted(found, key=lambda remark: remark.handle)


def set_hidden(
    connection: Connection, unit_id: str, week: Week, handle: str, hidden_at: datetime | None
) -> bool:
    """Take a remark off the page, or back onto it (None). False when the week shows no such remark."""
    salts = connection.scalars(_salts(unit_id, week))
    salt = next((salt for salt in salts if _handle(salt) == handle), None)
    if salt is None:
        return False
    moment = int(hidden_at.timestamp()) if hidden_at else None
    own = (_comment.unit_id == unit_id, _comment.salt == salt)
    connection.execute(update(schema.comment).where(*own).values(hidden_at=moment))
    return True


def _thick_batches(connection: Connection, unit_id: str, week: Week) -> list[int]:
    forms = func.count().label("forms")
    newest = vintages.number_in_figures(connection, unit_id, week)
    query = select(_response.first_vintage, forms).where(
        *_shown(unit_id, week), _response.first_vintage <= newest
    )
    rows = connection.execute(query.group_by(_response.first_vintage)).all()
    return [row.first_vintage for row in rows if row.forms >= LIMITS.forms]


def _salts(unit_id: str, week: Week) -> Select[str]:
    ids = select(_response.id).where(*_shown(unit_id, week))
    return select(_comment.salt).where(_comment.unit_id == unit_id, _comment.response_id.in_(ids))


def _shown(unit_id: str, week: Week) -> tuple[ColumnElement[bool], ...]:
    """Complete forms that count for the figures: a square on the wall can be scanned by anybody."""
    return (
        _response.unit_id == unit_id,
        _response.week == str(week),
        _response.status == "complete",
        _response.channel.in_(SCORED_CHANNELS),
    )


def _handle(salt: str) -> str:
    return hashlib.sha256(f"handle of {salt}".encode()).hexdigest()[:_HANDLE]
