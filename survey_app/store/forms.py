"""Stored forms as counting and verification need them. Nothing here leaves the server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from survey_app.domain.counting import CountedForm
from survey_app.domain.record import Content
from survey_app.domain.routing import Answer
from survey_app.store import schema

_table = schema.response.c
_flag = schema.flag.c
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class StoredForm:
    """One row of `response`; `first_vintage` is None until a vintage of its week holds it.

    `flagged_from`: vintage from which a rule's doubt counts, None without.
    """

    unit_id: str
    id: str
    counter_id: str
    questionnaire: str
    channel: str
    day: str
    week: str
    language: str
    status: str
    answers: dict[str, Answer]
    content_hash: str
    first_vintage: int | None
    flagged_from: int | None = None

    @property
    def counted(self) -> CountedForm:
        """What counting needs of it."""
        return CountedForm(
            questionnaire=self.questionnaire,
            channel=self.channel,
            complete=self.status == "complete",
            flagged=self.flagged_from is not None,
            answers=self.answers,
        )

    def as_of(self, number: int) -> "StoredForm":
        """The form as vintage `number` of its week knows it: without doubts that came later."""
        if self.flagged_from is None or self.flagged_from <= number:
            return self
        return replace(self, flagged_from=None)

    def content(self, remark: str | None, salt: str | None) -> Content:
        """What its content hash covers."""
        return Content(
            id=self.id,
            questionnaire=self.questionnaire,
            unit=self.unit_id,
            counter=self.counter_id,
            channel=self.channel,
            language=self.language,
            status=self.status,
            answers=self.answers,
            remark=remark,
            salt=salt,
        )


_COLUMNS = (
    _table.unit_id,
    _table.id,
    _table.counter_id,
    _table.questionnaire,
    _table.channel,
    _table.day,
    _table.week,
    _table.language,
    _table.status,
    _table.answers,
    _table.content_hash,
    _table.first_vintage,
    select(func.min(_flag.vintage))
    .where(_flag.unit_id == _table.unit_id, _flag.response_id == _table.id)
    .scalar_subquery()
    .label("flagged_from"),
)


def read_forms(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[StoredForm]:
    """The forms that meet the conditions, a few thousand in memory at a time."""
    query = select(*_COLUMNS).where(*conditions).execution_options(yield_per=_CHUNK)
    for row in connection.execute(query).mappings():
        yield _form(row)


def units_with_forms(connection: Connection) -> list[str]:
    """Units that ever received a form."""
    query = select(schema.unit.c.id).where(
        select(_table.id).where(_table.unit_id == schema.unit.c.id).exists()
    )
    return list(connection.scalars(query.order_by(schema.unit.c.id)))


def weeks_with_forms(connection: Connection, unit_id: str) -> list[str]:
    """The weeks, as text and in order, that hold a form of the unit."""
    query = select(_table.week).where(_table.unit_id == unit_id).distinct()
    return list(connection.scalars(query.order_by(_table.week)))


def count_of_week(connection: Connection, unit_id: str, week: str) -> int:
    """Forms of every kind in one week of one unit."""
    query = select(func.count()).where(_table.unit_id == unit_id, _table.week == week)
    return connection.scalar(query) or 0


def day_of(form: StoredForm) -> date:
    """The local day of a form."""
    return date.fromisoformat(form.day)


def _form(row: RowMapping) -> StoredForm:
    return StoredForm(**{**row, "answers": json.loads(row["answers"])})
