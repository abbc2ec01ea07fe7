"""A small world for tests of the store and the API: one ward, two counters, a short questionnaire, valid forms."""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.store import questionnaires, units
from survey_app.store.engine import Database

WARD = "12103@2025-07-01"
OTHER_WARD = "12133@2025-07-01"
DESK = "12103-q1"
OTHER_DESK = "12103-q2"
FOREIGN_DESK = "12133-q1"
MONDAY = date(2026, 11, 23)
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)

YES_NO = [{"code": "yes", "value": 1}, {"code": "no", "value": 0}]
FACT = {
    "minimum": 0,
    "maximum": 1,
    "direction": "positive",
    "subdimension": "5.4",
    "evidence": "experience",
}


def short_questionnaire(version: int = 1) -> Questionnaire:
    """Core (procedure, a fact, satisfaction), two modules, age, a remark."""
    core = [
        {
            "id": "procedure",
            "kind": "single",
            "role": "procedure",
            "choices": [{"code": "cert"}, {"code": "land"}],
            "dont_know": True,
            "refusable": True,
        },
        _fact("courteous"),
        {**_fact("returned"), "show_if": {"question": "procedure", "in": ["land"]}},
        {
            "id": "channels_seen",
            "kind": "multiple",
            "choices": [{"code": "sign"}, {"code": "web"}, {"code": "staff"}],
            "most": 2,
            "dont_know": True,
        },
    ]
    blocks = [
        {"id": "core_block", "core": True, "questions": core},
        {"id": "visits_block", "module": 0, "questions": [_number("visits")]},
        {"id": "open_block", "module": 1, "questions": [_fact("posted")]},
        {"id": "about_block", "questions": [_age(), {"id": "remark", "kind": "remark"}]},
    ]
    structure = {
        "format": 1,
        "id": "short-form",
        "version": version,
        "scheme": "papi-2019",
        "blocks": blocks,
    }
    document = {"structure": structure, "text": {"vi": {"title": "Phiếu"}, "en": {"title": "F"}}}
    return Questionnaire.model_validate(document, strict=False)


def _fact(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "single",
        "choices": YES_NO,
        "dont_know": True,
        "refusable": True,
        "indicator": FACT,
    }


def _number(name: str) -> dict[str, Any]:
    return {"id": name, "kind": "integer", "minimum": 1, "maximum": 20, "dont_know": True}


def _age() -> dict[str, Any]:
    choices = [{"code": "under_35"}, {"code": "over_34"}]
    return {"id": "age", "kind": "single", "role": "age", "choices": choices, "refusable": True}


def furnish(database: Database) -> Questionnaire:
    """Store two wards with counters, and publish the short questionnaire."""
    questionnaire = short_questionnaire()
    with database.writing() as connection:
        _add_ward(connection, WARD, "Phường Mỹ Hào", (DESK, OTHER_DESK))
        _add_ward(connection, OTHER_WARD, "Phường Đường Hào", (FOREIGN_DESK,))
        questionnaires.publish(connection, questionnaire, PUBLISHED)
    return questionnaire


def _add_ward(connection: Connection, unit_id: str, name: str, desks: tuple[str, ...]) -> None:
    code = unit_id.partition("@")[0]
    ward = units.Unit(unit_id, code, name, "ward", None, date(2025, 7, 1), None, None)
    units.add_unit(connection, ward)
    for desk in desks:
        units.add_counter(connection, units.Counter(desk, unit_id, "Quầy", ("cert", "land")))


def response_id(module: int = 0) -> str:
    """A random id that draws `module` of the two."""
    while True:
        drawn = str(uuid.uuid4())
        if int(drawn[:8], 16) % 2 == module:
            return drawn


def form_json(published: Questionnaire, /, **changes: Any) -> dict[str, Any]:
    """A valid complete form as a tablet sends it, with `changes`."""
    return {
        "id": response_id(),
        "questionnaire": published.hash,
        "unit": WARD,
        "counter": DESK,
        "channel": "kiosk",
        "language": "vi",
        "status": "complete",
        "answers": {
            "procedure": "cert",
            "courteous": "yes",
            "channels_seen": ["web", "sign"],
            "visits": 2,
            "age": "under_35",
        },
        "order_seed": 7,
        "active_seconds": 61,
        **changes,
    }


@dataclass(frozen=True)
class FormMaker:
    """Makes valid submissions to one questionnaire."""

    questionnaire: Questionnaire

    def form(self, day: date = MONDAY, **changes: Any) -> Submission:
        """A valid form of `day`; `changes` are fields of its JSON."""
        raw = form_json(self.questionnaire, day=day.isoformat(), **changes)
        sender = Sender(raw["unit"], raw["counter"], raw["channel"])
        rules = Rules(sender, {self.questionnaire.hash: self.questionnaire}, day)
        made = validate(raw, rules, b"{}")
        assert isinstance(made, Submission), made
        return made

    def partial(self, day: date = MONDAY) -> Submission:
        """A form broken off after its first question."""
        return self.form(day, status="partial", answers={"procedure": "cert"})

    def remark(self, words: str, day: date = MONDAY) -> Submission:
        """A valid form with a remark."""
        return self.form(day, remark=words, salt=secrets.token_hex(16))

    def altered(self, submission: Submission) -> Submission:
        """Another form with the same id."""
        answers = {**submission.answers, "courteous": "no"}
        raw = form_json(
            self.questionnaire,
            id=submission.id,
            unit=submission.unit_id,
            counter=submission.counter_id,
            answers=answers,
        )
        sender = Sender(raw["unit"], raw["counter"], raw["channel"])
        rules = Rules(sender, {self.questionnaire.hash: self.questionnaire}, submission.day)
        made = validate(raw, rules, b'{"other": true}')
        assert isinstance(made, Submission), made
        return replace(made, day=submission.day)
