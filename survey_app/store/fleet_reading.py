"""Tablets in use as the fleet page shows them, and receipts held against stored forms.

Receipts are summed by counter: nothing says which tablet sent which form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, func, select

from survey_app.domain.fleet import LastBeat, State
from survey_app.domain.heartbeat import Tally
from survey_app.store import schema
from survey_app.store.fleet import Orders, noted_missing, read_readiness

# Hours in front are those of so many days, today's included.
OPEN_DAYS = 7

_kiosk = schema.kiosk
_beat = schema.kiosk_beat
_epoch = schema.kiosk_epoch
_day = schema.kiosk_day
_order = schema.kiosk_order
_NOTHING = Tally(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet in use; `open_seconds` of the last OPEN_DAYS days, today's included."""

    id: str
    unit_id: str
    counter_id: str
    paired_at: datetime
    state: State
    orders: Orders
    open_seconds: int


@dataclass(frozen=True, slots=True)
class Receipts:
    """Of one counter since its first tablet: receipts its tablets got, forms the server took in, missing ones noted."""

    acknowledged: int
    stored: int
    noted: int


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
    opened = _opened(connection, today)
    return [
        _tablet(row, tallies.get((row.id, row.beat_epoch), _NOTHING), losses, opened)
        for row in rows
    ]


def receipts(connection: Connection, unit_ids: Iterable[str]) -> Mapping[str, Receipts]:
    """Receipts and forms of each counter of the units that ever had a tablet.

    Both since the beginning: a receipt is told by the heartbeat after it, a form keeps the day it was made, so no shorter time
    holds the same forms on both sides.
    """
    units = list(unit_ids)
    received = func.coalesce(func.sum(_day.c.acknowledged), 0).label("number")
    query = select(_kiosk.c.counter_id, received).where(_kiosk.c.unit_id.in_(units))
    joined = query.join(_day, _day.c.kiosk_id == _kiosk.c.id, isouter=True)
    stored = _stored(connection, units)
    noted = noted_missing(connection)
    return {
        row.counter_id: Receipts(
            int(row.number), stored.get(row.counter_id, 0), noted.get(row.counter_id, 0)
        )
        for row in connection.execute(joined.group_by(_kiosk.c.counter_id))
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


def _opened(connection: Connection, today: date) -> dict[str, int]:
    first = (today - timedelta(days=OPEN_DAYS - 1)).isoformat()
    seconds = func.sum(_day.c.open_seconds).label("number")
    query = select(_day.c.kiosk_id, seconds).where(_day.c.day >= first)
    rows = connection.execute(query.group_by(_day.c.kiosk_id))
    return {row.kiosk_id: int(row.number) for row in rows}


def _stored(connection: Connection, unit_ids: list[str]) -> dict[str, int]:
    # A counter-day's revision is raised by one with each form; `survey-app verify` proves that the rows are still there.
    table = schema.counter_day.c
    query = select(table.counter_id, func.sum(table.revision).label("number"))
    rows = connection.execute(query.where(table.unit_id.in_(unit_ids)).group_by(table.counter_id))
    return {row.counter_id: int(row.number) for row in rows}


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
    missing, persisted = read_readiness(row.beat_missing)
    return LastBeat(
        at=datetime.fromtimestamp(row.beat_at, UTC),
        app_version=row.beat_app_version,
        questionnaire=row.beat_questionnaire,
        clock_offset=row.beat_clock_offset,
        oldest_queued_seconds=row.beat_oldest_queued_seconds,
        canary=row.beat_canary,
        missing=missing,
        battery_percent=row.beat_battery_percent,
        charging=None if row.beat_charging is None else bool(row.beat_charging),
        persisted=persisted,
    )
