"""/admin/: units and counters, and the tablets that stand at them."""

from collections.abc import Mapping

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from survey_app.accounts import require
from survey_app.accounts.access import Visitor, covered_units
from survey_app.admin.room import blueprint
from survey_app.store import accounts as store
from survey_app.store import kiosks, units
from survey_app.store.kiosks import PairedKiosk
from survey_app.store.units import Counter, Unit
from survey_app.web.services import services

ADMINISTRATOR = "administrator"


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Units with their counters and tablets."""
    person = require(ADMINISTRATOR)
    return places(person)


@blueprint.post("/counters/<counter_id>/invitations")
def invite(counter_id: str) -> ResponseReturnValue:
    """A one-use address for a new tablet; it is shown in this answer and never again."""
    counter = _counter(counter_id)
    person = require(ADMINISTRATOR, unit=counter.unit_id)
    now = services().clock()
    with services().database.writing() as connection:
        token = kiosks.invite(connection, counter_id, now)
        note(connection, person, "kiosk.invited", counter.unit_id, {"counter": counter_id})
    address = services().settings.public_url + url_for("kiosk.pair", token=token)
    return places(person, invited=counter, address=address)


@blueprint.post("/kiosks/<kiosk_id>/revocation")
def revoke(kiosk_id: str) -> ResponseReturnValue:
    """Withdraw a tablet's credential. Forms it has not sent stay on it."""
    found = _kiosk(kiosk_id)
    person = require(ADMINISTRATOR, unit=found.kiosk.unit_id)
    with services().database.writing() as connection:
        if kiosks.revoke(connection, kiosk_id, services().clock()):
            note(connection, person, "kiosk.revoked", found.kiosk.unit_id, {"kiosk": kiosk_id})
    return places(person, revoked=found)


def places(person: Visitor, **said: object) -> str:
    """The page of units, with what was just done."""
    with services().database.reading() as connection:
        own = own_units(connection, person)
        counters = {unit.id: units.counters(connection, unit.id) for unit in own}
        tablets = _by_counter(kiosks.list_kiosks(connection))
    return render_template(
        "admin/places.html", units=own, counters=counters, tablets=tablets, **said
    )


def own_units(connection: Connection, person: Visitor) -> list[Unit]:
    """The units this administrator looks after."""
    allowed = covered_units(connection, person, (ADMINISTRATOR,))
    return [unit for unit in units.list_units(connection) if unit.id in allowed]


def _by_counter(listed: list[PairedKiosk]) -> Mapping[str, list[PairedKiosk]]:
    result: dict[str, list[PairedKiosk]] = {}
    for paired in listed:
        result.setdefault(paired.kiosk.counter_id, []).append(paired)
    return result


def _counter(counter_id: str) -> Counter:
    require(ADMINISTRATOR)
    with services().database.reading() as connection:
        found = units.get_counter(connection, counter_id)
    if found is None:
        abort(404)
    return found


def _kiosk(kiosk_id: str) -> PairedKiosk:
    require(ADMINISTRATOR)
    with services().database.reading() as connection:
        found = [k for k in kiosks.list_kiosks(connection) if k.kiosk.id == kiosk_id]
    if not found:
        abort(404)
    return found[0]


def note(
    connection: Connection, person: Visitor, action: str, unit_id: str, detail: dict[str, object]
) -> None:
    """Record what an administrator did."""
    now = services().clock()
    who = person.account_id
    store.record_event(connection, now, action, account_id=who, unit_id=unit_id, detail=detail)
