"""A tablet is connected with its counter, known again by its key, and disconnected."""

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from survey_app.api import device, gate
from survey_app.api.refusal import Refusal, refuse
from survey_app.domain import strict_json
from survey_app.domain.problem import Problem
from survey_app.domain.signing import DeviceKey
from survey_app.store import kiosks, pairing, units
from survey_app.store.kiosks import Kiosk
from survey_app.web.credential import give_credential, take_credential
from survey_app.web.services import services

LARGEST_BODY = 4096
# One bucket for everybody: an address says nothing where a whole office shares one.
BUCKET = "pairing"


def post_pairing() -> ResponseReturnValue:
    """201, the tablet's names and its cookie; 403 for a code or token that is not valid (any more)."""
    gate.check_request(LARGEST_BODY)
    value = _object(gate.read_body(LARGEST_BODY))
    key = _key(value.get("public_key"))
    parts = services()
    wait = parts.limits.pairing.take(BUCKET, parts.clock())
    if wait:
        raise Refusal(429, [Problem("pairing.too_fast")], {"Retry-After": str(wait)})
    credential = _claim(value.get("code"), key.text if key else None)
    with parts.database.reading() as connection:
        kiosk = kiosks.authenticate(connection, credential)
    if kiosk is None:
        raise LookupError(BUCKET)
    response = jsonify(_described(kiosk))
    give_credential(response, credential, parts.settings)
    return response, 201


def post_credential() -> ResponseReturnValue:
    """200 and another cookie for a tablet that proves its key; the cookie before it is worth nothing any more."""
    gate.check_request(LARGEST_BODY)
    raw = gate.read_body(LARGEST_BODY)
    kiosk = device.check_key(str(_object(raw).get("kiosk")), raw)
    parts = services()
    device.check_pace(parts.limits.beats, kiosk, parts.clock())
    with parts.database.writing() as connection:
        credential = kiosks.renew(connection, kiosk.id)
    response = jsonify(renewed=True)
    give_credential(response, credential, parts.settings)
    return response


def post_unpairing() -> ResponseReturnValue:
    """200 and the cookie taken back; 409 while forms wait on the tablet that are in no sealed file."""
    gate.check_request(LARGEST_BODY)
    raw = gate.read_body(LARGEST_BODY)
    kiosk = device.check_kiosk(raw)
    value = _object(raw)
    if _count(value, "queued") > _count(value, "sealed_off"):
        raise refuse(409, "device.queue_not_empty")
    parts = services()
    with parts.database.writing() as connection:
        kiosks.revoke(connection, kiosk.id, parts.clock())
    response: Response = jsonify(unpaired=True)
    take_credential(response)
    return response


def _claim(code: object, public_key: str | None) -> str:
    parts = services()
    words = "".join(code.split()) if isinstance(code, str) else ""
    is_digits = len(words) == pairing.DIGITS and words.isascii() and words.isdigit()
    with parts.database.writing() as connection:
        now = parts.clock()
        if is_digits:
            credential = pairing.use_code(connection, words, now, public_key)
        else:
            credential = kiosks.claim(connection, words, now, public_key)
        left = pairing.tries_left(connection, now)
    if credential is None:
        raise refuse(403, "pairing.wrong_code", "code", left=left)
    return credential


def _key(jwk: object) -> DeviceKey | None:
    if jwk is None:
        return None
    key = DeviceKey.from_jwk(jwk)
    if key is None or not device.is_on_curve(key):
        raise refuse(422, "pairing.bad_key", "public_key")
    return key


def _described(kiosk: Kiosk) -> dict[str, object]:
    parts = services()
    with parts.database.reading() as connection:
        unit = units.get_unit(connection, kiosk.unit_id)
        counter = units.get_counter(connection, kiosk.counter_id)
    return {
        "kiosk": kiosk.id,
        "unit": kiosk.unit_id,
        "counter": kiosk.counter_id,
        "unit_name": unit.name if unit else "",
        "counter_name": counter.name if counter else "",
        "trial": kiosk.public_key is None,
        "server_time": int(parts.clock().timestamp()),
    }


def _object(raw: bytes) -> dict[str, object]:
    try:
        value = strict_json.parse(raw)
    except strict_json.BodyError as error:
        raise refuse(400, error.code) from error
    if not isinstance(value, dict):
        raise refuse(400, "request.not_an_object")
    return value


def _count(value: dict[str, object], name: str) -> int:
    number = value.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise refuse(422, "heartbeat.wrong_member", name)
    return number
