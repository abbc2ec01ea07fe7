"""Pairing by six digits: an administrator reads them out, whoever stands at the tablet types them in.

A million codes can be tried, so a code lives ten minutes, works once, and is void after ten wrong ones in all. A wrong code
belongs to no waiting one: it counts against each of them.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from survey_app.store import kiosks, schema

CODE_LIFE = timedelta(minutes=10)
MOST_MISSES = 10
DIGITS = 6

_code = schema.pairing_code


def make_code(connection: Connection, counter_id: str, now: datetime) -> str:
    """Six digits that pair one tablet with the counter within ten minutes; raises LookupError for no such counter.

    An earlier code of the counter is void from now on.
    """
    counters = select(schema.counter.c.id).where(schema.counter.c.id == counter_id)
    if connection.scalar(counters) is None:
        raise LookupError(counter_id)
    _forget(connection, counter_id, now)
    taken = set(connection.scalars(select(_code.c.code_hash)))
    digits = _draw()
    while _hash(digits) in taken:
        digits = _draw()
    connection.execute(
        insert(_code).values(
            code_hash=_hash(digits),
            counter_id=counter_id,
            created_at=int(now.timestamp()),
            expires_at=int((now + CODE_LIFE).timestamp()),
        )
    )
    return digits


def use_code(
    connection: Connection, digits: str, now: datetime, public_key: str | None
) -> str | None:
    """The new tablet's credential; None when the code is unknown, used, too old or void, which is counted as a miss."""
    moment = int(now.timestamp())
    # In one order: two that try at the same moment would each hold a code the other one counts a miss against.
    waiting = select(_code.c.code_hash).where(*_waiting(moment))
    connection.execute(waiting.order_by(_code.c.code_hash).with_for_update()).all()
    used = connection.execute(
        update(_code)
        .where(_code.c.code_hash == _hash(digits), *_waiting(moment))
        .values(used_at=moment)
        .returning(_code.c.counter_id)
    ).one_or_none()
    if used is not None:
        return kiosks.pair(connection, used.counter_id, now, public_key)
    missed = _code.c.misses + 1
    connection.execute(update(_code).where(*_waiting(moment)).values(misses=missed))
    return None


def tries_left(connection: Connection, now: datetime) -> int:
    """Wrong codes until the first waiting code is void; 0 when none waits."""
    waiting = _waiting(int(now.timestamp()))
    misses = connection.scalar(select(func.max(_code.c.misses)).where(*waiting))
    return 0 if misses is None else MOST_MISSES - misses


def _waiting(moment: int) -> tuple[ColumnElement[bool], ...]:
    return (
        _code.c.used_at.is_(None),
        _code.c.expires_at > moment,
        _code.c.misses < MOST_MISSES,
    )


def _forget(connection: Connection, counter_id: str, now: datetime) -> None:
    stale = (
        (_code.c.expires_at <= int(now.timestamp()))
        | _code.c.used_at.is_not(None)
        | (_code.c.counter_id == counter_id)
    )
    connection.execute(delete(_code).where(stale))


def _draw() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def _hash(digits: str) -> str:
    # Whoever reads the database could find six digits from any hash; ten minutes later they are worthless.
    return hashlib.sha256(digits.encode("utf-8", "surrogatepass")).hexdigest()
