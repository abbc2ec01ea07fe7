"""Counter-days: totals counted from forms, never edited.

Intake raises `revision` in each form's own commit. `recount` is the only code that writes totals; a counter-day whose
`counted_revision` differs is counted anew before it is read.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from survey_app.domain.counting import (
    Totals,
    Versions,
    count,
    totals_from_json,
    totals_to_json,
)
from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.forms import read_forms
from survey_app.store.questionnaires import versions as all_versions
from survey_app.store.upsert import insert_missing

_table = schema.counter_day
_response = schema.response


@dataclass(frozen=True, slots=True, order=True)
class CounterDayKey:
    """One counter on one local day ("2026-11-23")."""

    unit_id: str
    counter_id: str
    day: str


def recount(connection: Connection, key: CounterDayKey, versions: Versions) -> Totals:
    """Count the forms of a counter-day and store the result; needs a writing connection.

    Its row is locked first, so the revision read is that of the forms counted.
    """
    lock = select(_table.c.revision).where(*_is(key)).with_for_update()
    revision = connection.execute(lock).scalar_one()
    totals = count_forms(connection, key, versions)
    connection.execute(
        update(_table).where(*_is(key)).values(counted_revision=revision, totals=dump(totals))
    )
    return totals


def count_forms(connection: Connection, key: CounterDayKey, versions: Versions) -> Totals:
    """The totals of a counter-day as its forms are now."""
    forms = read_forms(
        connection,
        _response.c.unit_id == key.unit_id,
        _response.c.counter_id == key.counter_id,
        _response.c.day == key.day,
    )
    return count((form.counted for form in forms), versions)


def fresh_totals(connection: Connection, unit_id: str, week: str) -> dict[CounterDayKey, Totals]:
    """The counter-days of a unit's week, counted anew where forms came since; needs a writing connection."""
    query = select(_table).where(_table.c.unit_id == unit_id, _table.c.week == week)
    versions = all_versions(connection)
    rows = connection.execute(query.order_by(_table.c.counter_id, _table.c.day)).all()
    return {_key(row): _fresh(connection, row, versions) for row in rows}


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A counter's day as it was last counted."""

    unit_id: str
    counter_id: str
    week: str
    totals: Totals


def counted_days(
    connection: Connection, unit_ids: Iterable[str], weeks: Iterable[Week]
) -> list[CountedDay]:
    """Counter-days as counted when their week closed or was revised; what came since waits for the next revision."""
    wanted = (
        _table.c.unit_id.in_(list(unit_ids)),
        _table.c.week.in_([str(week) for week in weeks]),
        _table.c.totals.is_not(None),
    )
    columns = select(_table.c.unit_id, _table.c.counter_id, _table.c.week, _table.c.totals)
    rows = connection.execute(columns.where(*wanted).order_by(_table.c.counter_id, _table.c.day))
    return [CountedDay(r.unit_id, r.counter_id, r.week, load(r.totals)) for r in rows]


def rebuild(connection: Connection) -> int:
    """Count every counter-day anew, missing ones included; how many there are. Needs a writing connection."""
    _insert_missing_days(connection)
    versions = all_versions(connection)
    keys = counter_days(connection)
    for key in keys:
        recount(connection, key, versions)
    return len(keys)


def counter_days(connection: Connection) -> list[CounterDayKey]:
    """Every counter-day there is a row for, in order."""
    query = select(_table.c.unit_id, _table.c.counter_id, _table.c.day)
    return sorted(CounterDayKey(*row) for row in connection.execute(query))


def dump(totals: Totals) -> str:
    """Totals as they are stored."""
    return json.dumps(totals_to_json(totals), separators=(",", ":"))


def load(text: str) -> Totals:
    """The inverse of `dump`."""
    return totals_from_json(json.loads(text))


def _fresh(connection: Connection, row: Row[tuple[object, ...]], versions: Versions) -> Totals:
    if row.totals is None or row.revision != row.counted_revision:
        return recount(connection, _key(row), versions)
    return load(row.totals)


def _key(row: Row[tuple[object, ...]]) -> CounterDayKey:
    return CounterDayKey(row.unit_id, row.counter_id, row.day)


def _is(key: CounterDayKey) -> tuple[ColumnElement[bool], ...]:
    return (
        _table.c.unit_id == key.unit_id,
        _table.c.counter_id == key.counter_id,
        _table.c.day == key.day,
    )


def _insert_missing_days(connection: Connection) -> None:
    own = (_response.c.unit_id, _response.c.counter_id, _response.c.day, _response.c.week)
    query = select(*own, func.count().label("revision")).group_by(*own)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if rows:
        connection.execute(insert_missing(connection, _table), rows)
