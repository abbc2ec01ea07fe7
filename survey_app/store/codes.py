"""One-time codes and tickets. A code is exchanged for a random ticket, and nothing stored joins the two, or either with a form.

Kept are hashes; of a code the last day it is good for and whether it was exchanged, of a ticket the day it was given and
whether a form came with it. A ticket's row is deleted after its days.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, delete, func, select, update

from survey_app.domain.codes import ALPHABET, LENGTH, TICKET_DAYS, last_day
from survey_app.domain.submission import Submission
from survey_app.store import schema
from survey_app.store.upsert import insert_missing

UNCODED = "uncoded"
_TICKET_BYTES = 32
# After a code has run out its row only says that it was spent, for this long.
_KEPT_DAYS = 30

_code = schema.code
_ticket = schema.ticket


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that is known; `spent` once a form came with it."""

    unit_id: str
    spent: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """Codes of a unit: still good, exchanged, run out."""

    waiting: int
    spent: int
    expired: int


def online_counter(connection: Connection, unit_id: str) -> str | None:
    """The counter that takes a unit's code forms; None where there is none."""
    counter = schema.counter.c
    query = select(counter.id).where(counter.unit_id == unit_id, counter.id.like("%-online"))
    return connection.scalar(query)


def make_codes(connection: Connection, unit_id: str, number: int, today: date) -> list[str]:
    """New codes for a unit, good for fourteen days; they leave here once.

    Raises LookupError for a unit without an online counter.
    """
    if online_counter(connection, unit_id) is None:
        raise LookupError(unit_id)
    _forget(connection, today)
    made = sorted({_draw() for _ in range(number)})
    expires = last_day(today).isoformat()
    rows = [{"unit_id": unit_id, "code_hash": _hash(c), "expires_day": expires} for c in made]
    connection.execute(insert_missing(connection, _code), rows)
    return made


def exchange(connection: Connection, code: str, today: date) -> str | None:
    """A ticket for a code that is good, which is thereby spent; None for any other code."""
    found = connection.execute(
        update(_code)
        .where(
            _code.c.code_hash == _hash(code),
            _code.c.spent == 0,
            _code.c.expires_day >= today.isoformat(),
        )
        .values(spent=1)
        .returning(_code.c.unit_id)
    ).one_or_none()
    if found is None:
        return None
    ticket = secrets.token_urlsafe(_TICKET_BYTES)
    values = {"unit_id": found.unit_id, "ticket_hash": _hash(ticket), "day": today.isoformat()}
    connection.execute(_ticket.insert().values(values))
    return ticket


def unit_of(connection: Connection, code: str) -> str | None:
    """The unit a code was made for, spent or not; None for an unknown one."""
    return connection.scalar(select(_code.c.unit_id).where(_code.c.code_hash == _hash(code)))


def find_ticket(connection: Connection, ticket: str, today: date) -> Ticket | None:
    """A ticket still within its days, None for any other."""
    first = (today - timedelta(days=TICKET_DAYS - 1)).isoformat()
    query = select(_ticket).where(_ticket.c.ticket_hash == _hash(ticket), _ticket.c.day >= first)
    row = connection.execute(query).one_or_none()
    return Ticket(row.unit_id, bool(row.spent)) if row else None


def spend_ticket(connection: Connection, ticket: str) -> None:
    """A form came with the ticket."""
    own = _ticket.c.ticket_hash == _hash(ticket)
    connection.execute(update(_ticket).where(own).values(spent=1))


def is_stored(connection: Connection, form: Submission) -> bool:
    """Whether this very form is stored already."""
    table = schema.response.c
    query = select(table.content_hash).where(table.unit_id == form.unit_id, table.id == form.id)
    return connection.scalar(query) == form.content_hash


def flag_uncoded(connection: Connection, form: Submission) -> None:
    """Mark a form whose ticket was spent or unknown; its counter-day is counted anew."""
    table = schema.response.c
    own = (table.unit_id == form.unit_id) & (table.id == form.id)
    week = connection.scalar(select(table.week).where(own))
    newest = select(func.max(schema.vintage.c.number)).where(
        schema.vintage.c.unit_id == form.unit_id, schema.vintage.c.week == week
    )
    values = {
        "unit_id": form.unit_id,
        "response_id": form.id,
        "rule": UNCODED,
        "rule_version": "1",
        "vintage": (connection.scalar(newest) or 0) + 1,
        "params": "{}",
    }
    connection.execute(insert_missing(connection, schema.flag), values)
    days = schema.counter_day
    counted = (days.c.unit_id == form.unit_id) & (days.c.counter_id == form.counter_id)
    connection.execute(
        update(days).where(counted, days.c.day == form.day.isoformat()).values(counted_revision=0)
    )


def usage(connection: Connection, unit_ids: Sequence[str], today: date) -> dict[str, Usage]:
    """How many codes of each unit were used."""
    columns = (_code.c.unit_id, _code.c.spent, _code.c.expires_day >= today.isoformat())
    query = select(columns[0], columns[1], columns[2].label("good"), func.count().label("number"))
    query = query.where(_code.c.unit_id.in_(unit_ids)).group_by(*columns)
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        counts = found.setdefault(row.unit_id, [0, 0, 0])
        counts[1 if row.spent else 0 if row.good else 2] += row.number
    return {unit: Usage(*counts) for unit, counts in found.items()}


def _forget(connection: Connection, today: date) -> None:
    old = (today - timedelta(days=_KEPT_DAYS)).isoformat()
    connection.execute(delete(_code).where(_code.c.expires_day < old))
    gone = (today - timedelta(days=TICKET_DAYS)).isoformat()
    connection.execute(delete(_ticket).where(_ticket.c.day <= gone))


def _draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
