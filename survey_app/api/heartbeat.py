"""A tablet says how it is, and hears what it shall do."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from survey_app._version import __version__
from survey_app.api import device, gate
from survey_app.api.refusal import Refusal, refuse
from survey_app.domain import strict_json
from survey_app.domain.heartbeat import Heartbeat, read_heartbeat
from survey_app.store import authority, fleet, kiosks, pins, questionnaires
from survey_app.store.hours import hours_of
from survey_app.web.credential import give_credential
from survey_app.web.fleet_texts import MESSAGES
from survey_app.web.services import services

LARGEST_BODY = 4096


def post_heartbeat() -> ResponseReturnValue:
    """200: the time, what the server has, its certificate's end, a message, commands, PIN, hours; the cookie is renewed."""
    gate.check_request(LARGEST_BODY)
    raw = gate.read_body(LARGEST_BODY)
    kiosk = device.check_kiosk(raw)
    parts = services()
    now = parts.clock()
    device.check_pace(parts.limits.beats, kiosk, now)
    beat = _read(raw)
    with parts.database.writing() as connection:
        orders = fleet.receive(connection, kiosk, beat, now)
        lineage = fleet.lineage(connection)
        live = questionnaires.live_hash(connection)
        pin = pins.verifier_of(connection, kiosk.counter_id)
        hours = hours_of(connection, [kiosk.counter_id])[kiosk.counter_id]
    response = jsonify(
        server_time=int(now.timestamp()),
        kiosk=kiosk.id,
        lineage=lineage,
        app_version=__version__,
        questionnaire=live,
        message=_message(orders.message),
        commands=orders.commands,
        pin=pin.as_json() if pin else None,
        certificate_ends=_certificate_ends(),
        hours=[(s.weekday, f"{s.opens:%H:%M}", f"{s.closes:%H:%M}") for s in hours],
    )
    give_credential(response, request.cookies[kiosks.COOKIE], parts.settings)
    return response


def _read(raw: bytes) -> Heartbeat:
    try:
        value = strict_json.parse(raw)
    except strict_json.BodyError as error:
        raise refuse(400, error.code) from error
    if not isinstance(value, dict):
        raise refuse(400, "request.not_an_object")
    beat = read_heartbeat(value)
    if not isinstance(beat, Heartbeat):
        raise Refusal(422, [beat])
    return beat


def _certificate_ends() -> int | None:
    """UTC seconds: a tablet that cannot connect any more can then say why."""
    end = authority.end_of(services().settings.tls_certificate)
    return int(end.timestamp()) if end else None


def _message(code: str | None) -> dict[str, str] | None:
    if code is None or code not in MESSAGES:
        return None
    return {"code": code, "text": str(MESSAGES[code])}
