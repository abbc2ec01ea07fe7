"""/admin/fleet: how every tablet is, what is wrong and what to do; codes that pair, messages, reset, withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from survey_app._version import __version__
from survey_app.accounts import require
from survey_app.accounts.access import Visitor
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR, note, own_units
from survey_app.domain.fleet import Present, alarms, ends_soon, receipts_missing
from survey_app.domain.opening import Span, is_open, open_between
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import local_day
from survey_app.store import authority, kiosks, pairing, pins, questionnaires, units
from survey_app.store import fleet as store
from survey_app.store.fleet_reading import OPEN_DAYS, Receipts, Tablet, receipts, tablets
from survey_app.store.hours import hours_of
from survey_app.store.units import Counter
from survey_app.web.fleet_texts import MESSAGES, PARTS
from survey_app.web.services import services


@dataclass(frozen=True, slots=True)
class Line:
    """One tablet on the page; `due` seconds its counter was open in the last days."""

    tablet: Tablet
    counter: Counter
    alarms: list[Problem]
    due: int

    @property
    def open_share(self) -> float | None:
        """Hours in front as a percentage of hours due."""
        return 100 * self.tablet.open_seconds / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Group:
    """A unit's counters, tablets, and receipts held against forms."""

    name: str
    counters: list[Counter]
    lines: list[Line]
    receipts: list[tuple[Counter, Receipts, list[Problem]]]


@blueprint.get("/fleet")
def fleet() -> ResponseReturnValue:
    """All tablets of the administrator's units."""
    return _page(require(ADMINISTRATOR))


@blueprint.post("/fleet/codes/<counter_id>")
def pairing_code(counter_id: str) -> ResponseReturnValue:
    """Six digits for a new tablet, with the counter's first PIN where it has none; shown in this answer and never again."""
    person, counter = _own_counter(counter_id)
    with services().database.writing() as connection:
        digits = pairing.make_code(connection, counter_id, services().clock())
        has_pin = pins.verifier_of(connection, counter_id) is not None
        pin = None if has_pin else pins.make_pin(connection, counter_id)
        note(connection, person, "kiosk.code_made", counter.unit_id, {"counter": counter_id})
    return _page(person, made=counter, digits=f"{digits[:3]} {digits[3:]}", pin=pin)


@blueprint.post("/fleet/pins/<counter_id>")
def new_pin(counter_id: str) -> ResponseReturnValue:
    """Another PIN for the staff of a counter, shown in this answer and never again; its tablets hear of it within a minute."""
    person, counter = _own_counter(counter_id)
    with services().database.writing() as connection:
        pin = pins.make_pin(connection, counter_id)
        note(connection, person, "counter.pin_made", counter.unit_id, {"counter": counter_id})
    return _page(person, made=counter, pin=pin)


@blueprint.post("/fleet/<kiosk_id>/message")
def send_message(kiosk_id: str) -> ResponseReturnValue:
    """A message from the fixed list, or none."""
    code = request.form.get("message") or None
    if code is not None and code not in MESSAGES:
        abort(400)
    return _do(kiosk_id, "kiosk.message", {"message": code}, message=code)


@blueprint.post("/fleet/<kiosk_id>/reset")
def reset(kiosk_id: str) -> ResponseReturnValue:
    """The tablet shall reload, when nobody is using it."""
    return _do(kiosk_id, "kiosk.reset", {}, reset=1)


@blueprint.post("/fleet/<kiosk_id>/unpairing")
def unpair(kiosk_id: str) -> ResponseReturnValue:
    """The tablet shall disconnect, when its queue is empty or taken off."""
    return _do(kiosk_id, "kiosk.unpair", {}, unpair=1)


@blueprint.post("/fleet/<kiosk_id>/noting")
def note_losses(kiosk_id: str) -> ResponseReturnValue:
    """What was lost so far is known."""
    person, unit_id = _allowed(kiosk_id)
    with services().database.writing() as connection:
        store.note_losses(connection, kiosk_id)
        note(connection, person, "kiosk.losses_noted", unit_id, {"kiosk": kiosk_id})
    return redirect(url_for("admin.fleet"))


@blueprint.post("/fleet/counters/<counter_id>/noting")
def note_missing(counter_id: str) -> ResponseReturnValue:
    """The forms that the server lacks of this counter are known."""
    person, counter = _own_counter(counter_id)
    with services().database.writing() as connection:
        own = receipts(connection, [counter.unit_id])[counter_id]
        missing = max(0, own.acknowledged - own.stored)
        store.note_missing(connection, counter_id, missing)
        detail = {"counter": counter_id, "forms": missing}
        note(connection, person, "counter.missing_noted", counter.unit_id, detail)
    return redirect(url_for("admin.fleet"))


@blueprint.post("/fleet/<kiosk_id>/revocation")
def withdraw(kiosk_id: str) -> ResponseReturnValue:
    """Withdraw the credential at once: for a tablet that is stolen or copied. Unsent forms stay on it."""
    person, unit_id = _allowed(kiosk_id)
    with services().database.writing() as connection:
        if kiosks.revoke(connection, kiosk_id, services().clock()):
            note(connection, person, "kiosk.revoked", unit_id, {"kiosk": kiosk_id})
    return redirect(url_for("admin.fleet"))


def _do(
    kiosk_id: str, action: str, detail: dict[str, object], **wanted: str | int | None
) -> ResponseReturnValue:
    person, unit_id = _allowed(kiosk_id)
    with services().database.writing() as connection:
        store.order(connection, kiosk_id, **wanted)
        note(connection, person, action, unit_id, {"kiosk": kiosk_id, **detail})
    return redirect(url_for("admin.fleet"))


def _own_counter(counter_id: str) -> tuple[Visitor, Counter]:
    require(ADMINISTRATOR)
    with services().database.reading() as connection:
        counter = units.get_counter(connection, counter_id) or abort(404)
    person = require(ADMINISTRATOR, unit=counter.unit_id)
    return abort(404) if counter.is_online else (person, counter)


def _allowed(kiosk_id: str) -> tuple[Visitor, str]:
    require(ADMINISTRATOR)
    with services().database.reading() as connection:
        found = [k.kiosk for k in kiosks.list_kiosks(connection) if k.kiosk.id == kiosk_id]
    if not found:
        abort(404)
    return require(ADMINISTRATOR, unit=found[0].unit_id), found[0].unit_id


def _page(person: Visitor, **said: object) -> str:
    now = services().clock()
    end = authority.end_of(services().settings.tls_certificate)
    with services().database.reading() as connection:
        groups = _groups(connection, person, now)
    return render_template(
        "admin/fleet.html",
        groups=groups,
        certificate_day=local_day(end) if end and ends_soon(end, now) else None,
        messages=MESSAGES,
        parts=PARTS,
        days=OPEN_DAYS,
        **said,
    )


def _groups(connection: Connection, person: Visitor, now: datetime) -> list[Group]:
    own = own_units(connection, person)
    ids = [unit.id for unit in own]
    today = local_day(now)
    counters = units.counters_of(connection, ids)
    by_id = {counter.id: counter for counter in counters}
    spans = hours_of(connection, by_id)
    live = questionnaires.live_hash(connection)
    lines = [
        _line(tablet, by_id[tablet.counter_id], spans[tablet.counter_id], (now, live))
        for tablet in tablets(connection, ids, today)
    ]
    held = receipts(connection, ids)
    return [
        Group(
            unit.name,
            [c for c in counters if c.unit_id == unit.id and not c.is_online],
            [line for line in lines if line.tablet.unit_id == unit.id],
            _receipts(by_id, held, unit.id),
        )
        for unit in own
    ]


def _receipts(
    counters: Mapping[str, Counter], held: Mapping[str, Receipts], unit_id: str
) -> list[tuple[Counter, Receipts, list[Problem]]]:
    return [
        (counters[counter], own, receipts_missing(own.acknowledged, own.stored, own.noted))
        for counter, own in held.items()
        if counters[counter].unit_id == unit_id
    ]


def _line(
    tablet: Tablet, counter: Counter, spans: tuple[Span, ...], present: tuple[datetime, str]
) -> Line:
    now, live = present
    begin = max(tablet.paired_at, now - timedelta(days=OPEN_DAYS))
    due = open_between(spans, begin, now)
    held = Present(now, is_open(spans, now), __version__, live)
    return Line(tablet, counter, alarms(tablet.state, held), int(due.total_seconds()))
