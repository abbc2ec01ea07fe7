"""Forms of the inbox judged again: their version was published since, a lost key came back, or a mistake of ours was put right.

Judged is by the rules of today, as of the day the form came. A conflict is never judged again: the first form stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from survey_app.domain import strict_json
from survey_app.domain.problem import Problem
from survey_app.domain.strict_json import BodyError
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.store import inbox, questionnaires, units
from survey_app.store.engine import Database
from survey_app.store.inbox import Key, Rejected, Waiting
from survey_app.store.intake import Intake, Outcome
from survey_app.store.sealing import SealError, Sealing

CHANNEL = "kiosk"
STAYS = "stays"
_SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Judge:
    """What a form is opened with, checked against, and stored through."""

    database: Database
    intake: Intake
    sealing: Sealing

    def again(self, item: Waiting) -> str:
        """What became of it: "new", "known", "conflict" (it stays, as one), or STAYS. Raises NotStored."""
        if item.kind == inbox.CONFLICT:
            return STAYS
        with self.database.reading() as connection:
            raw = inbox.content(connection, item.key)
        checked = self._check(raw, item.key.unit_id, item.day)
        if checked is None:
            return STAYS
        outcome = self.intake.submit(checked)
        self._settle(item, checked, outcome)
        return outcome.kind

    def _check(self, raw: bytes, unit_id: str, came: date) -> Submission | None:
        try:
            value, opened = self._open(raw)
        except (BodyError, SealError, TypeError):
            return None
        sender = self._sender(value, unit_id)
        if sender is None:
            return None
        versions = questionnaires.versions_with(self.database, value.get("questionnaire"))
        checked = validate(value, Rules(sender, versions, came), opened)
        return checked if isinstance(checked, Submission) else None

    def _open(self, raw: bytes) -> tuple[Mapping[str, object], bytes]:
        value = strict_json.parse(raw)
        if isinstance(value, dict) and value.keys() == {_SEALED}:
            raw = self.sealing.unseal(str(value[_SEALED]))
            value = strict_json.parse(raw)
        if not isinstance(value, dict):
            raise TypeError(raw)
        return value, raw

    def _sender(self, value: Mapping[str, object], unit_id: str) -> Sender | None:
        """The counter it names, if the unit whose tablet sent it has it: a tablet may have changed its counter."""
        with self.database.reading() as connection:
            counter = units.get_counter(connection, str(value.get("counter")))
        if counter is None or counter.unit_id != unit_id or counter.is_online:
            return None
        return Sender(unit_id, counter.id, CHANNEL)

    def _settle(self, item: Waiting, form: Submission, outcome: Outcome) -> None:
        with self.database.writing() as connection:
            inbox.leave(connection, item.key)
            if outcome.kind == "conflict":
                inbox.keep(connection, [_conflict(item.key, form)], item.day)


def _conflict(key: Key, form: Submission) -> Rejected:
    problems = [Problem("store.conflict", "id")]
    return Rejected(key.unit_id, form.id, form.body, inbox.CONFLICT, problems)
