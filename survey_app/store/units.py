"""Units, their predecessors and their counters."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, RowMapping, select

from survey_app.store import schema
from survey_app.store.upsert import insert_missing


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit while valid; `kind` is province or ward, `parent_id` None at the root."""

    id: str
    code: str
    name: str
    kind: str
    parent_id: str | None
    valid_from: date
    valid_to: date | None
    hotline: str | None


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter with the fields of service it handles."""

    id: str
    unit_id: str
    name: str
    services: tuple[str, ...]

    @property
    def is_online(self) -> bool:
        """Whether it is the one of its unit that takes code forms, and has no tablets."""
        return self.id.endswith("-online")


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A unit that was merged into one of today's."""

    code: str
    name: str


def add_unit(connection: Connection, unit: Unit) -> None:
    """Store a unit; one that is there already stays as it is."""
    values = {
        "id": unit.id,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_id": unit.parent_id,
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "hotline": unit.hotline,
    }
    connection.execute(insert_missing(connection, schema.unit), values)


def add_predecessor(connection: Connection, unit_id: str, predecessor: Predecessor) -> None:
    """Store that `predecessor` went into the unit."""
    values = {"unit_id": unit_id, "code": predecessor.code, "name": predecessor.name}
    connection.execute(insert_missing(connection, schema.unit_predecessor), values)


def add_counter(connection: Connection, counter: Counter) -> None:
    """Store a counter; one that is there already stays as it is."""
    values = {
        "id": counter.id,
        "unit_id": counter.unit_id,
        "name": counter.name,
        "services": json.dumps(counter.services),
    }
    connection.execute(insert_missing(connection, schema.counter), values)


def list_units(connection: Connection) -> list[Unit]:
    """Every unit, the province first, wards by code."""
    rows = connection.execute(select(schema.unit).order_by(schema.unit.c.kind, schema.unit.c.code))
    return [_unit(row) for row in rows.mappings()]


def get_unit(connection: Connection, unit_id: str) -> Unit | None:
    """One unit, None when there is no such."""
    row = connection.execute(select(schema.unit).where(schema.unit.c.id == unit_id)).mappings()
    found = row.one_or_none()
    return _unit(found) if found else None


def subtree_ids(connection: Connection, unit_id: str) -> frozenset[str]:
    """The unit and everything below it."""
    unit = schema.unit.c
    below = select(unit.id).where(unit.id == unit_id).cte("below", recursive=True)
    below = below.union(select(unit.id).join(below, unit.parent_id == below.c.id))
    return frozenset(connection.scalars(select(below.c.id)))


def counters(connection: Connection, unit_id: str) -> list[Counter]:
    """The counters of one unit, by id."""
    query = select(schema.counter).where(schema.counter.c.unit_id == unit_id)
    rows = connection.execute(query.order_by(schema.counter.c.id)).mappings()
    return [_counter(row) for row in rows]


def counters_of(connection: Connection, unit_ids: Iterable[str]) -> list[Counter]:
    """The counters of several units, by id."""
    query = select(schema.counter).where(schema.counter.c.unit_id.in_(list(unit_ids)))
    rows = connection.execute(query.order_by(schema.counter.c.id)).mappings()
    return [_counter(row) for row in rows]


def get_counter(connection: Connection, counter_id: str) -> Counter | None:
    """One counter, None when there is no such."""
    query = select(schema.counter).where(schema.counter.c.id == counter_id)
    found = connection.execute(query).mappings().one_or_none()
    return _counter(found) if found else None


def predecessors(connection: Connection, unit_id: str) -> list[Predecessor]:
    """The units merged into this one, by code."""
    table = schema.unit_predecessor
    query = select(table).where(table.c.unit_id == unit_id).order_by(table.c.code)
    return [Predecessor(row.code, row.name) for row in connection.execute(query)]


def _unit(row: RowMapping) -> Unit:
    return Unit(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent_id=row["parent_id"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        hotline=row["hotline"],
    )


def _counter(row: RowMapping) -> Counter:
    services = tuple(json.loads(row["services"]))
    return Counter(row["id"], row["unit_id"], row["name"], services)
