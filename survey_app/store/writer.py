"""Write a group of forms in one transaction: new ones stored, known ones recognised, conflicting ones kept beside."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from sqlalchemy import Connection, Executable, bindparam, select

from survey_app.domain.problem import Problem
from survey_app.domain.submission import Submission
from survey_app.domain.weeks import Week
from survey_app.store import break_offs, inbox, schema
from survey_app.store.upsert import insert_for

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form. `day` and `content_hash` are those of the form that is stored under its id."""

    kind: Literal["new", "known", "conflict"]
    day: date
    content_hash: str


def write_group(
    connection: Connection, submissions: Sequence[Submission], today: date
) -> list[Outcome]:
    """Store the forms, one outcome each, in their order.

    Rows are touched in one order by everybody (responses, counter-days, break-offs, inbox; each sorted), so that writers
    of several processes cannot wait for each other in a circle.
    """
    first: dict[Key, Submission] = {}
    for submission in submissions:
        first.setdefault(_key(submission), submission)
    added = _insert(connection, [first[key] for key in sorted(first)])
    new = [first[key] for key in sorted(added)]
    _raise_revisions(connection, new)
    _insert_remarks(connection, new)
    break_offs.keep(connection, new)
    stored = {key: _stored(connection, first[key], key in added) for key in first}
    outcomes = []
    for item in submissions:
        outcomes.append(_outcome(item, stored[_key(item)], _key(item) in added))
        added.discard(_key(item))  # the same form again in this group is known
    _keep_conflicts(connection, zip(submissions, outcomes, strict=True), today)
    return outcomes


def _key(submission: Submission) -> Key:
    return (submission.unit_id, submission.id)


def _insert(connection: Connection, submissions: Sequence[Submission]) -> set[Key]:
    statement = _insert_responses(connection.dialect.name)
    rows = connection.execute(statement, [_row(item) for item in submissions])
    return {(unit_id, response_id) for unit_id, response_id in rows}


def _row(item: Submission) -> dict[str, object]:
    return {
        "unit_id": item.unit_id,
        "id": item.id,
        "counter_id": item.counter_id,
        "questionnaire": item.questionnaire,
        "channel": item.channel,
        "day": item.day.isoformat(),
        "week": str(Week.of(item.day)),
        "language": item.language,
        "status": item.status,
        "answers": _answers_json(item),
        "order_seed": item.order_seed,
        "active_seconds": item.active_seconds,
        "content_hash": item.content_hash,
    }


def _answers_json(item: Submission) -> str:
    # Canonical JSON without its checks: valid answers are ASCII codes and whole numbers.
    return json.dumps(item.answers, sort_keys=True, separators=(",", ":"))


def _raise_revisions(connection: Connection, new: Sequence[Submission]) -> None:
    raised = Counter((item.unit_id, item.counter_id, item.day) for item in new)
    if not raised:
        return
    rows = [
        {
            "unit_id": unit_id,
            "counter_id": counter_id,
            "day": day.isoformat(),
            "week": str(Week.of(day)),
            "revision": number,
        }
        for (unit_id, counter_id, day), number in sorted(raised.items())
    ]
    connection.execute(_raise_counter_days(connection.dialect.name), rows)


def _insert_remarks(connection: Connection, new: Sequence[Submission]) -> None:
    rows = [
        {"unit_id": i.unit_id, "response_id": i.id, "remark": i.remark, "salt": i.salt}
        for i in new
        if i.remark is not None
    ]
    if rows:
        connection.execute(schema.comment.insert(), rows)


def _stored(connection: Connection, submission: Submission, is_new: bool) -> tuple[str, date]:
    if is_new:
        return submission.content_hash, submission.day
    row = connection.execute(_BY_KEY, {"unit": submission.unit_id, "id": submission.id}).one()
    return row.content_hash, date.fromisoformat(row.day)


def _outcome(item: Submission, stored: tuple[str, date], is_new: bool) -> Outcome:
    content_hash, day = stored
    if item.content_hash != content_hash:
        return Outcome("conflict", day, content_hash)
    return Outcome("new" if is_new else "known", day, content_hash)


def _keep_conflicts(
    connection: Connection, pairs: Iterable[tuple[Submission, Outcome]], today: date
) -> None:
    rejected = [
        inbox.Rejected(
            unit_id=item.unit_id,
            id=item.id,
            body=item.body,
            kind=inbox.CONFLICT,
            problems=[Problem("store.conflict", "id")],
        )
        for item, outcome in pairs
        if outcome.kind == "conflict"
    ]
    inbox.keep(connection, rejected, today)


_BY_KEY = select(schema.response.c.content_hash, schema.response.c.day).where(
    schema.response.c.unit_id == bindparam("unit"), schema.response.c.id == bindparam("id")
)


# Building these costs more than running them, so they are built once.
@cache
def _insert_responses(dialect: str) -> Executable:
    table = schema.response
    insert = insert_for(dialect, table).on_conflict_do_nothing()
    return insert.returning(table.c.unit_id, table.c.id)


@cache
def _raise_counter_days(dialect: str) -> Executable:
    table = schema.counter_day
    insert = insert_for(dialect, table)
    return insert.on_conflict_do_update(
        index_elements=["unit_id", "counter_id", "day"],
        set_={"revision": table.c.revision + insert.excluded.revision},
    )
