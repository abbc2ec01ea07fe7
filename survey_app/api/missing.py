"""Which of the forms a tablet has sent are not here (any more): a backup older than its receipts was restored."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from survey_app.api import device, gate
from survey_app.api.refusal import refuse
from survey_app.domain import strict_json
from survey_app.domain.submission import is_response_id
from survey_app.store import fleet
from survey_app.web.services import services

LARGEST_BODY = 128 * 1024
MOST_FORMS = 500


def post_missing() -> ResponseReturnValue:
    """200 and the ids that are not stored with their hash in the tablet's unit; on request receipts for the others.

    Nothing of the question is kept.
    """
    gate.check_request(LARGEST_BODY)
    raw = gate.read_body(LARGEST_BODY)
    kiosk = device.check_kiosk(raw)
    parts = services()
    device.check_pace(parts.limits.beats, kiosk, parts.clock())
    value = _value(raw)
    asked = _asked(value)
    with parts.database.reading() as connection:
        known = fleet.known_forms(connection, kiosk.unit_id, asked)
    here = {form: day for form, (stored, day) in known.items() if stored == asked[form]}
    answer: dict[str, object] = {"missing": [form for form in asked if form not in here]}
    if value.get("receipts") is True:
        receipts = [parts.signer.receipt(form, asked[form], day) for form, day in here.items()]
        answer["receipts"] = [receipt.as_json() for receipt in receipts]
    return jsonify(answer)


def _value(raw: bytes) -> dict[str, object]:
    try:
        value = strict_json.parse(raw)
    except strict_json.BodyError as error:
        raise refuse(400, error.code) from error
    return value if isinstance(value, dict) else {}


def _asked(value: dict[str, object]) -> dict[str, str]:
    """Content hash by id; what no form can be called is passed over, so that a spoilt record keeps no other from its answer."""
    forms = value.get("forms")
    if not isinstance(forms, list):
        raise refuse(422, "heartbeat.wrong_member", "forms")
    if len(forms) > MOST_FORMS:
        raise refuse(413, "request.too_many", most=MOST_FORMS)
    return {form["id"]: form["content_hash"] for form in forms if _is_named(form)}


def _is_named(form: object) -> bool:
    return (
        isinstance(form, dict)
        and is_response_id(form.get("id"))
        and isinstance(form.get("content_hash"), str)
    )
