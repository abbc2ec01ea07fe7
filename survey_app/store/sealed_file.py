"""The sealed file of a tablet that cannot send any more: {"format": 1, "epoch": "<32 hex>", "sealed": ["<JWE>", …]}.

`epoch` names the tablet's database in its heartbeats, so that the fleet page knows where its queue went.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey_app.domain import strict_json
from survey_app.domain.submission import Rules, Sender, Submission, is_response_id, validate
from survey_app.store import fleet, inbox, questionnaires, units
from survey_app.store.engine import Database
from survey_app.store.intake import Intake, Outcome, Rejected
from survey_app.store.sealing import SealError, Sealing

FORMAT = 1
CHANNEL = "kiosk"
Form = tuple[Mapping[str, object], bytes]


@dataclass(frozen=True, slots=True)
class Found:
    """The forms that could be opened, how many could not, and the epoch they are of; empty where the file does not say."""

    forms: tuple[Form, ...]
    unreadable: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of them. Refused ones are in the inbox, if their unit is known."""

    new: int
    known: int
    refused: int


def read(path: Path, sealing: Sealing) -> Found:
    """Open a file; raises OSError, or ValueError where it is none of ours."""
    value = json.loads(path.read_text(encoding="utf-8"))
    sealed = value.get("sealed") if isinstance(value, dict) else None
    if not isinstance(sealed, list) or value.get("format") != FORMAT:
        raise ValueError("not a file of sealed forms")
    opened = [_open(str(text), sealing) for text in sealed]
    forms = tuple(form for form in opened if form is not None)
    return Found(forms, len(opened) - len(forms), str(value.get("epoch", "")))


def take(found: Found, database: Database, intake: Intake, today: date) -> Taken:
    """Store each form under the counter it names, as if its tablet had sent it; the same file twice changes nothing."""
    kinds = [_take_one(form, database, intake, today) for form in found.forms]
    taken = Taken(kinds.count("new"), kinds.count("known"), len(_others(kinds)))
    with database.writing() as connection:
        fleet.note_sealed_off(connection, found.epoch, taken.new)
    return taken


def _others(kinds: list[str]) -> list[str]:
    return [kind for kind in kinds if kind not in {"new", "known"}]


def _open(text: str, sealing: Sealing) -> Form | None:
    try:
        raw = sealing.unseal(text)
        value = strict_json.parse(raw)
    except (SealError, ValueError):
        return None
    return (value, raw) if isinstance(value, dict) else None


def _take_one(form: Form, database: Database, intake: Intake, today: date) -> str:
    value, raw = form
    unit_id, counter_id = str(value.get("unit")), str(value.get("counter"))
    with database.reading() as connection:
        counter = units.get_counter(connection, counter_id)
    if counter is None or counter.unit_id != unit_id or counter.is_online:
        return "foreign"
    versions = questionnaires.versions_with(database, value.get("questionnaire"))
    sender = Sender(unit_id, counter_id, CHANNEL)
    checked = validate(value, Rules(sender, versions, today), raw)
    if isinstance(checked, Submission):
        outcome: Outcome = intake.submit(checked)
        return outcome.kind
    claimed = value.get("id")
    response_id = str(claimed) if is_response_id(claimed) else ""
    intake.reject(Rejected(unit_id, response_id, raw, inbox.INVALID, checked))
    return inbox.INVALID
