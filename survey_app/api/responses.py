"""Forms from tablets: one by one, or a queue at a time. A receipt is given for what is on the disk, and for nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import jsonify
from flask.typing import ResponseReturnValue

from survey_app.api import device, gate, sealed
from survey_app.api.refusal import Refusal, refuse, unavailable, with_messages
from survey_app.domain import strict_json
from survey_app.domain.problem import Problem
from survey_app.domain.rehearsal import Rehearsal, read_rehearsal
from survey_app.domain.submission import Rules, Sender, Submission, is_response_id, validate
from survey_app.domain.weeks import local_day
from survey_app.store import inbox, questionnaires
from survey_app.store.intake import NotStored, Outcome, Rejected
from survey_app.web.services import services

LARGEST_FORM = 64 * 1024
LARGEST_BATCH = 1024 * 1024
MOST_ITEMS = 50
CONFLICT = Problem("store.conflict", "id")
# What a form turned out to be: valid, for trying out a tablet, or refused.
Checked = Submission | Rehearsal | Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What one form is told: a receipt, or why there is none."""

    status: int
    content: Mapping[str, object]


def post_one() -> ResponseReturnValue:
    """201 and a receipt; 200 the same again; 409 another form has this id; 422 not valid."""
    gate.check_request(LARGEST_FORM)
    raw = gate.read_body(LARGEST_FORM)
    sender = _sender(raw)
    value = _parse(raw, sender.unit_id)
    if not isinstance(value, dict):
        raise _poison(raw, sender.unit_id, "request.not_an_object")
    checked = _check(value, sender, raw)
    if isinstance(checked, Refusal):
        raise checked
    answer = _rehearsed(checked) if isinstance(checked, Rehearsal) else _stored(checked)
    return jsonify(answer.content), answer.status


def post_batch() -> ResponseReturnValue:
    """200 and an answer for each form of {"responses": […]}, in their order, each whole or absent by itself."""
    gate.check_request(LARGEST_BATCH)
    raw = gate.read_body(LARGEST_BATCH)
    sender = _sender(raw)
    items = _items(_parse(raw, sender.unit_id), raw, sender)
    answers = _answers([_check_item(item, sender) for item in items])
    if answers and all(answer.status == 503 for answer in answers):
        raise unavailable()
    return jsonify(results=[{"status": a.status, **a.content} for a in answers])


def _sender(raw: bytes) -> Sender:
    kiosk = device.check_kiosk(raw)
    parts = services()
    # An empty batch is a request too, and most batches are far from full.
    number = raw.count(b'"order_seed"') + raw.count(b'"sealed"') or 1
    device.check_pace(parts.limits.forms, kiosk, parts.clock(), number)
    return Sender(kiosk.unit_id, kiosk.counter_id, "kiosk")


def _parse(raw: bytes, unit_id: str) -> object:
    try:
        return strict_json.parse(raw)
    except strict_json.BodyError as error:
        raise _poison(raw, unit_id, error.code) from error


def _poison(raw: bytes, unit_id: str, code: str) -> Refusal:
    """Keep a body that nobody can read, and refuse it."""
    refusal = refuse(400, code)
    services().intake.reject(Rejected(unit_id, "", raw, inbox.POISON, refusal.problems))
    return refusal


def _items(value: object, raw: bytes, sender: Sender) -> list[object]:
    items = value.get("responses") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(items, list):
        raise _poison(raw, sender.unit_id, "request.not_a_batch")
    if len(items) > MOST_ITEMS:
        raise refuse(413, "request.too_many", most=MOST_ITEMS)
    return items


def _check_item(item: object, sender: Sender) -> Checked:
    raw = json.dumps(item, separators=(",", ":")).encode()
    try:
        if not isinstance(item, dict):
            return _poison(raw, sender.unit_id, "request.not_an_object")
        return _check(item, sender, raw)
    except NotStored:
        return unavailable()


def _check(value: Mapping[str, object], sender: Sender, raw: bytes) -> Checked:
    parts = services()
    if sealed.is_sealed(value):
        found = sealed.opened(value)
        if isinstance(found, Refusal):
            parts.intake.reject(Rejected(sender.unit_id, "", raw, inbox.POISON, found.problems))
            return found
        value, raw = found
        rehearsal = read_rehearsal(value)
        if rehearsal:
            return rehearsal
    versions = questionnaires.versions_with(parts.database, value.get("questionnaire"))
    checked = validate(value, Rules(sender, versions, local_day(parts.clock())), raw)
    if isinstance(checked, Submission):
        return checked
    claimed = value.get("id")
    response_id = str(claimed) if is_response_id(claimed) else ""
    parts.intake.reject(Rejected(sender.unit_id, response_id, raw, inbox.INVALID, checked))
    return Refusal(422, checked)


def _answers(checked: Sequence[Checked]) -> list[Answer]:
    valid = [item for item in checked if isinstance(item, Submission)]
    outcomes = iter(services().intake.submit_many(valid))
    return [
        _answer(item, next(outcomes)) if isinstance(item, Submission) else _unstored(item)
        for item in checked
    ]


def _unstored(item: Rehearsal | Refusal) -> Answer:
    return _rehearsed(item) if isinstance(item, Rehearsal) else _refused(item)


def _rehearsed(rehearsal: Rehearsal) -> Answer:
    """A receipt for a form that never counts and is stored nowhere."""
    parts = services()
    today = local_day(parts.clock())
    receipt = parts.signer.receipt(rehearsal.id, rehearsal.content_hash, today)
    return Answer(200, {"receipt": receipt.as_json()})


def _stored(submission: Submission) -> Answer:
    return _answer(submission, services().intake.submit(submission))


def _answer(submission: Submission, outcome: Outcome | NotStored) -> Answer:
    if isinstance(outcome, NotStored):
        return _refused(unavailable())
    if outcome.kind == "conflict":
        return _refused(Refusal(409, [CONFLICT]))
    receipt = services().signer.receipt(submission.id, outcome.content_hash, outcome.day)
    return Answer(201 if outcome.kind == "new" else 200, {"receipt": receipt.as_json()})


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, {"problems": with_messages(refusal.problems)})
