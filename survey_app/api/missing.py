"""Which of the forms a tablet has sent are not here (any more): a backup older than its receipts was restored."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from survey_app.api import body, device, gate
from survey_app.api.refusal import refuse
from survey_app.domain.submission import is_response_id
from survey_app.store import fleet
from survey_app.web.services import services

LARGEST_BODY = 128 * 1024
MOST_FORMS = 500


def post_missing() -> ResponseReturnValue:
    """200 and the ids that are not stored with their hash in the tablet's unit. Nothing of the question is kept."""
    gate.check_request(LARGEST_BODY)
    raw = gate.read_body(LARGEST_BODY)
    kiosk = device.check_kiosk(raw)
    parts = services()
    device.check_pace(parts.limits.beats, kiosk, parts.clock())
    asked = _asked(raw)
    with parts.database.reading() as connection:
        known = fleet.known_forms(connection, kiosk.unit_id, asked)
    return jsonify(missing=[form for form in asked if known.get(form) != asked[form]])


def _asked(raw: bytes) -> dict[str, str]:
    """Content hash by id."""
    try:
        value = body.parse(raw)
    except body.BodyError as error:
        raise refuse(400, error.code) from error
    forms = value.get("forms") if isinstance(value, dict) else None
    if not isinstance(forms, list) or not all(_is_named(form) for form in forms):
        raise refuse(422, "heartbeat.wrong_member", "forms")
    if len(forms) > MOST_FORMS:
        raise refuse(413, "request.too_many", most=MOST_FORMS)
    return {form["id"]: form["content_hash"] for form in forms}


def _is_named(form: object) -> bool:
    return (
        isinstance(form, dict)
        and is_response_id(form.get("id"))
        and isinstance(form.get("content_hash"), str)
    )
