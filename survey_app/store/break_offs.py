"""How many visits ended where: by unit, counter, week, version, module and question. Nothing of whose they were."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from survey_app.domain.breakoff import BreakOff
from survey_app.domain.submission import Submission
from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.upsert import insert_into

_table = schema.break_off


def keep(connection: Connection, new: Iterable[Submission]) -> None:
    """Count what forms that were just stored tell of; a form that is sent again tells nothing new."""
    starts = Counter(
        (form.unit_id, form.counter_id, str(Week.of(form.day)), form.questionnaire, end)
        for form in new
        for end in form.break_offs
    )
    rows = [
        {
            "unit_id": unit_id,
            "counter_id": counter_id,
            "week": week,
            "questionnaire": questionnaire,
            "module": end.module,
            "question": end.question,
            "starts": number,
        }
        for (unit_id, counter_id, week, questionnaire, end), number in sorted(starts.items())
    ]
    if rows:
        insert = insert_into(connection, _table)
        added = {"starts": _table.c.starts + insert.excluded.starts}
        key = list(_table.primary_key.columns)
        connection.execute(insert.on_conflict_do_update(index_elements=key, set_=added), rows)


def of_weeks(
    connection: Connection, unit_id: str, weeks: Iterable[Week]
) -> dict[str, Counter[BreakOff]]:
    """Break-offs of all counters of the unit in the weeks, by version."""
    wanted = _table.c.week.in_([str(week) for week in weeks])
    columns = (_table.c.questionnaire, _table.c.module, _table.c.question)
    query = select(*columns, func.sum(_table.c.starts).label("starts"))
    query = query.where(_table.c.unit_id == unit_id, wanted).group_by(*columns)
    found: dict[str, Counter[BreakOff]] = {}
    for row in connection.execute(query):
        ends = found.setdefault(row.questionnaire, Counter())
        ends[BreakOff(row.module, row.question)] += int(row.starts)
    return found
