"""Tablets in use as the fleet page shows them, and receipts held against stored forms.

Receipts are summed by counter and day: nothing says which tablet sent which form.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, func, select

from survey_app.domain.fleet import LastBeat, State
from survey_app.domain.heartbeat import Tally
from survey_app.store import schema
from survey_app.store.fleet import Orders

# Receipts of so many days are held against the forms of a longer time: a form may have waited on the tablet.
RECEIPT_DAYS = 7
FORM_DAYS = 28

_kiosk = schema.kiosk
_beat = schema.kiosk_beat
_epoch = schema.kiosk_epoch
_day = schema.kiosk_day
_order = schema.kiosk_order
_NOTHING = Tally(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet in use; `open_seconds` of the last RECEIPT_DAYS days, today's included."""

    id: str
    unit_id: str
    counter_id: str
    paired_at: datetime
    state: State
    orders: Orders
    open_seconds: int


@dataclass(frozen=True, slots=True)
class Receipts:
    """Of one counter: receipts its tablets got in the last RECEIPT_DAYS days, and forms stored."""

    acknowledged: int
    stored: int
    stored_longer: int


def tablets(connection: Connection, unit_ids: Iterable[str], today: date) -> list[Tablet]:
    """Tablets in use in the units, by counter and time of pairing."""
    query = (
        select(_kiosk, *_prefixed())
        .join(_beat, _beat.c.kiosk_id == _kiosk.c.id, isouter=True)
        .join(_order, _order.c.kiosk_id == _kiosk.c.id, isouter=True)
        .where(_kiosk.c.unit_id.in_(list(unit_ids)), _kiosk.c.revoked_at.is_(None))
        .order_by(_kiosk.c.counter_id, _kiosk.c.paired_at, _kiosk.c.id)
    )
    rows = list(connection.execute(query))
    tallies, losses = _epochs(connection, [row.id for row in rows])
    opened = _sums(connection, _day.c.open_seconds, today)
    return [
        _tablet(row, tallies.get((row.id, row.beat_epoch), _NOTHING), losses, opened)
        for row in rows
    ]


def receipts(
    connection: Connection, unit_ids: Iterable[str], today: date
) -> Mapping[str, Receipts]:
    """Receipts and forms of each counter of the units."""
    units = list(unit_ids)
    by_kiosk = _sums(connection, _day.c.acknowledged, today)
    counters = select(_kiosk.c.id, _kiosk.c.counter_id).where(_kiosk.c.unit_id.in_(units))
    acknowledged: dict[str, int] = {}
    for row in connection.execute(counters):
        number = by_kiosk.get(row.id, 0)
        acknowledged[row.counter_id] = acknowledged.get(row.counter_id, 0) + number
    recent = _stored(connection, units, today - timedelta(days=RECEIPT_DAYS - 1))
    longer = _stored(connection, units, today - timedelta(days=FORM_DAYS - 1))
    return {
        counter: Receipts(number, recent.get(counter, 0), longer.get(counter, 0))
        for counter, number in acknowledged.items()
    }


def _prefixed() -> list[ColumnElement[object]]:
    prefixed = ((_beat, "beat"), (_order, "order"))
    return [
        column.label(f"{prefix}_{column.name}")
        for table, prefix in prefixed
        for column in table.columns
        if column.name != "kiosk_id"
    ]


def _epochs(
    connection: Connection, ids: list[str]
) -> tuple[dict[tuple[str, str], Tally], dict[str, tuple[int, int, int]]]:
    """Totals by tablet and epoch; what all epochs of a tablet lost, left behind and repeated."""
    tallies: dict[tuple[str, str], Tally] = {}
    losses: dict[str, tuple[int, int, int]] = {}
    for row in connection.execute(select(_epoch).where(_epoch.c.kiosk_id.in_(ids))):
        tally = Tally(row.created, row.acknowledged, row.queued, row.dead, row.sealed_off)
        tallies[row.kiosk_id, row.epoch] = tally
        lost, left, repeats = losses.get(row.kiosk_id, (0, 0, 0))
        losses[row.kiosk_id] = (lost + row.lost, left + row.left_behind, repeats + row.repeats)
    return tallies, losses


def _sums(connection: Connection, column: ColumnElement[int], today: date) -> dict[str, int]:
    first = (today - timedelta(days=RECEIPT_DAYS - 1)).isoformat()
    query = select(_day.c.kiosk_id, func.sum(column).label("number")).where(_day.c.day >= first)
    rows = connection.execute(query.group_by(_day.c.kiosk_id))
    return {row.kiosk_id: int(row.number) for row in rows}


def _stored(connection: Connection, unit_ids: list[str], first: date) -> dict[str, int]:
    table = schema.response.c
    query = select(table.counter_id, func.count().label("number")).where(
        table.unit_id.in_(unit_ids), table.day >= first.isoformat(), table.channel == "kiosk"
    )
    rows = connection.execute(query.group_by(table.counter_id))
    return {row.counter_id: row.number for row in rows}


def _tablet(
    row: Row[tuple[object, ...]],
    tally: Tally,
    losses: Mapping[str, tuple[int, int, int]],
    opened: Mapping[str, int],
) -> Tablet:
    lost, left, repeats = losses.get(row.id, (0, 0, 0))
    state = State(
        is_trial=row.public_key is None,
        beat=_last_beat(row),
        tally=tally,
        lost=lost - (row.order_noted_lost or 0),
        left_behind=left - (row.order_noted_left_behind or 0),
        repeats=repeats - (row.order_noted_repeats or 0),
    )
    commands = tuple(n for n, v in (("reset", row.order_reset), ("unpair", row.order_unpair)) if v)
    return Tablet(
        id=row.id,
        unit_id=row.unit_id,
        counter_id=row.counter_id,
        paired_at=datetime.fromtimestamp(row.paired_at, UTC),
        state=state,
        orders=Orders(row.order_message, commands),
        open_seconds=opened.get(row.id, 0),
    )


def _last_beat(row: Row[tuple[object, ...]]) -> LastBeat | None:
    if row.beat_at is None:
        return None
    return LastBeat(
        at=datetime.fromtimestamp(row.beat_at, UTC),
        app_version=row.beat_app_version,
        questionnaire=row.beat_questionnaire,
        clock_offset=row.beat_clock_offset,
        oldest_queued_seconds=row.beat_oldest_queued_seconds,
        canary=row.beat_canary,
        missing=tuple(json.loads(row.beat_missing)),
        battery_percent=row.beat_battery_percent,
        charging=None if row.beat_charging is None else bool(row.beat_charging),
    )
