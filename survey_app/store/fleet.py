"""Heartbeats: the last one of each tablet, its totals by epoch, its hours and receipts by day. No form is ever named."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select, update

from survey_app.domain.heartbeat import Epoch, Heartbeat, Tally, judge
from survey_app.domain.opening import Span, credited
from survey_app.domain.weeks import local_day
from survey_app.store import schema
from survey_app.store.hours import hours_of
from survey_app.store.kiosks import Kiosk
from survey_app.store.upsert import insert_into, insert_missing

LINEAGE = "lineage"
_NOTED = "missing forms noted: "
_beat = schema.kiosk_beat
_epoch = schema.kiosk_epoch
_day = schema.kiosk_day
_order = schema.kiosk_order


@dataclass(frozen=True, slots=True)
class Orders:
    """What an administrator wants of a tablet: a message's code on its welcome screen, and commands."""

    message: str | None
    commands: tuple[str, ...]


def receive(connection: Connection, kiosk: Kiosk, beat: Heartbeat, now: datetime) -> Orders:
    """Keep a heartbeat; what the tablet shall do."""
    last = connection.execute(select(_beat).where(_beat.c.kiosk_id == kiosk.id)).one_or_none()
    known = _known(connection, kiosk.id, beat.epoch)
    before = known or _known_elsewhere(connection, beat.epoch)
    step = judge(beat, before, is_current=last is not None and last.epoch == beat.epoch)
    spans = hours_of(connection, [kiosk.counter_id])[kiosk.counter_id]
    since = datetime.fromtimestamp(last.at, UTC) if last else None
    if known is None:
        _begin(connection, kiosk.id, beat, last.epoch if last else None)
    is_repeat = known is not None and step.is_repeat
    _keep_epoch(connection, kiosk.id, beat, now, is_repeat=is_repeat)
    _keep_day(connection, kiosk.id, beat, now, (spans, since, step.acknowledged))
    _keep_beat(connection, kiosk.id, beat, now)
    return _orders(connection, kiosk.id, beat.done)


def order(connection: Connection, kiosk_id: str, **wanted: str | int | None) -> None:
    """Change what is wanted of a tablet: `message`, `reset`, `unpair` (columns of kiosk_order)."""
    _upsert(connection, _order, {"kiosk_id": kiosk_id}, wanted)


def note_losses(connection: Connection, kiosk_id: str) -> None:
    """An administrator has read what was lost so far: only what comes after it raises an alarm again."""
    columns = ("lost", "left_behind", "repeats")
    sums = [func.coalesce(func.sum(_epoch.c[name]), 0) for name in columns]
    row = connection.execute(select(*sums).where(_epoch.c.kiosk_id == kiosk_id)).one()
    noted = {f"noted_{name}": int(value) for name, value in zip(columns, row, strict=True)}
    _upsert(connection, _order, {"kiosk_id": kiosk_id}, noted)


def note_missing(connection: Connection, counter_id: str, number: int) -> None:
    """An administrator knows that so many receipted forms of the counter are not on the server any more."""
    key = {"key": _NOTED + counter_id}
    _upsert(connection, schema.installation, key, {"value": str(number)})


def noted_missing(connection: Connection) -> dict[str, int]:
    """By counter, how many missing forms are noted."""
    table = schema.installation.c
    query = select(table.key, table.value).where(table.key.startswith(_NOTED, autoescape=True))
    return {row.key.removeprefix(_NOTED): int(row.value) for row in connection.execute(query)}


def note_sealed_off(connection: Connection, epoch: str, number: int) -> None:
    """So many forms of an epoch came by its tablet's sealed file: they wait there no longer.

    A tablet that still lives says by its next heartbeat how it stands itself.
    """
    row = _newest(connection, epoch)
    if row is None:
        return
    queued = min(number, row.queued)
    dead = min(number - queued, row.dead)
    values = {
        "queued": row.queued - queued,
        "dead": row.dead - dead,
        "sealed_off": row.sealed_off + queued + dead,
    }
    own = (_epoch.c.kiosk_id == row.kiosk_id) & (_epoch.c.epoch == epoch)
    connection.execute(update(_epoch).where(own).values(values))
    if not values["queued"]:
        waits = (_beat.c.kiosk_id == row.kiosk_id) & (_beat.c.epoch == epoch)
        connection.execute(update(_beat).where(waits).values(oldest_queued_seconds=None))


def known_forms(
    connection: Connection, unit_id: str, ids: Iterable[str]
) -> dict[str, tuple[str, date]]:
    """Content hash and day of those of `ids` that are stored in the unit."""
    table = schema.response.c
    query = select(table.id, table.content_hash, table.day)
    rows = connection.execute(query.where(table.unit_id == unit_id, table.id.in_(list(ids))))
    return {row.id: (row.content_hash, date.fromisoformat(row.day)) for row in rows}


def lineage(connection: Connection) -> str:
    """Changes when a backup was restored; tablets then offer again what they sent."""
    table = schema.installation.c
    return connection.scalar(select(table.value).where(table.key == LINEAGE)) or "1"


def _known(connection: Connection, kiosk_id: str, epoch: str) -> Epoch | None:
    query = select(_epoch).where(_epoch.c.kiosk_id == kiosk_id, _epoch.c.epoch == epoch)
    row = connection.execute(query).one_or_none()
    return _as_epoch(row) if row else None


def _known_elsewhere(connection: Connection, epoch: str) -> Epoch | None:
    """What is known of an epoch that its tablet began under another name: its receipts count once."""
    row = _newest(connection, epoch)
    return _as_epoch(row) if row else None


def _newest(connection: Connection, epoch: str) -> Row[Any] | None:
    # A tablet that was paired anew goes on with its epoch under another name.
    query = select(_epoch).where(_epoch.c.epoch == epoch).order_by(_epoch.c.sequence.desc())
    return connection.execute(query.limit(1)).one_or_none()


def _as_epoch(row: Row[Any]) -> Epoch:
    tally = Tally(row.created, row.acknowledged, row.queued, row.dead, row.sealed_off)
    return Epoch(row.sequence, tally)


def _begin(connection: Connection, kiosk_id: str, beat: Heartbeat, before: str | None) -> None:
    """A new epoch. What the last one had on the tablet alone is gone with its database."""
    own = (_epoch.c.kiosk_id == kiosk_id) & (_epoch.c.epoch == before)
    left = connection.scalar(select(_epoch.c.queued + _epoch.c.dead).where(own)) or 0
    values = {"kiosk_id": kiosk_id, "epoch": beat.epoch, "day": "", "left_behind": left}
    connection.execute(insert_missing(connection, _epoch), values)


def _keep_epoch(
    connection: Connection, kiosk_id: str, beat: Heartbeat, now: datetime, *, is_repeat: bool
) -> None:
    tally = beat.tally
    own = (_epoch.c.kiosk_id == kiosk_id) & (_epoch.c.epoch == beat.epoch)
    row = connection.execute(select(_epoch.c.sequence, _epoch.c.lost).where(own)).one()
    values = {
        "day": local_day(now).isoformat(),
        "sequence": max(row.sequence, beat.sequence),
        "created": tally.created,
        "acknowledged": tally.acknowledged,
        "queued": tally.queued,
        "dead": tally.dead,
        "sealed_off": tally.sealed_off,
        "repeats": _epoch.c.repeats + int(is_repeat),
        "lost": max(row.lost, tally.unaccounted),
    }
    connection.execute(update(_epoch).where(own).values(values))


def _keep_day(
    connection: Connection,
    kiosk_id: str,
    beat: Heartbeat,
    now: datetime,
    gained: tuple[tuple[Span, ...], datetime | None, int],
) -> None:
    spans, since, acknowledged = gained
    opened = credited(spans, since, now).total_seconds() if beat.in_front else 0
    table = _day
    values = {
        "kiosk_id": kiosk_id,
        "day": local_day(now).isoformat(),
        "open_seconds": int(opened),
        "acknowledged": acknowledged,
    }
    insert = insert_into(connection, table).values(values)
    new = insert.excluded
    added = {
        "open_seconds": table.c.open_seconds + new.open_seconds,
        "acknowledged": table.c.acknowledged + new.acknowledged,
    }
    connection.execute(insert.on_conflict_do_update(index_elements=["kiosk_id", "day"], set_=added))


def _keep_beat(connection: Connection, kiosk_id: str, beat: Heartbeat, now: datetime) -> None:
    moment = int(now.timestamp())
    values = {
        "at": moment,
        "app_version": beat.app_version,
        "questionnaire": beat.questionnaire,
        "epoch": beat.epoch,
        "clock_offset": beat.device_time - moment,
        "oldest_queued_seconds": beat.oldest_queued_seconds,
        "canary": beat.canary,
        "missing": _readiness(beat),
        "battery_percent": beat.battery_percent,
        "charging": None if beat.charging is None else int(beat.charging),
    }
    _upsert(connection, _beat, {"kiosk_id": kiosk_id}, values)


def _readiness(beat: Heartbeat) -> str:
    if beat.persisted is None:
        return json.dumps(beat.missing)
    return json.dumps({"missing": beat.missing, "persisted": beat.persisted})


def read_readiness(text: str) -> tuple[tuple[str, ...], bool | None]:
    """From `kiosk_beat.missing`: the parts of READY that are not there, and the browser's promise where it spoke of one."""
    found = json.loads(text)
    if isinstance(found, list):
        return tuple(found), None
    return tuple(found["missing"]), bool(found["persisted"])


def _orders(connection: Connection, kiosk_id: str, done: Iterable[str]) -> Orders:
    if "reset" in done:
        order(connection, kiosk_id, reset=0)
    query = select(_order).where(_order.c.kiosk_id == kiosk_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return Orders(None, ())
    return Orders(row["message"], tuple(name for name in ("reset", "unpair") if row[name]))


def _upsert(
    connection: Connection, table: Table, key: Mapping[str, str], values: Mapping[str, object]
) -> None:
    insert = insert_into(connection, table).values({**key, **values})
    connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
