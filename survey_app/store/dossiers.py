"""Finished dossiers by unit, week and procedure group: what coverage and weights are made from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import schema

_week = schema.dossier_week
_count = schema.dossier_count


def _in_span(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    span = table.c.week.between(bindparam("first"), bindparam("last"))
    return table.c.unit_id == bindparam("unit"), span


# Built once: building one takes longer than it takes the database to answer it.
_GROUPS = select(_count.c.week, _count.c.procedure_group, _count.c.dossiers).where(
    *_in_span(_count)
)
_TOTALS = select(_week.c.week, _week.c.total).where(*_in_span(_week)).order_by(_week.c.week)


def report(
    connection: Connection, unit_id: str, week: Week, dossiers: Dossiers, now: datetime
) -> None:
    """Keep a week's numbers in place of those reported before."""
    place = {"unit_id": unit_id, "week": str(week)}
    for table in (_count, _week):
        own = (table.c.unit_id == unit_id, table.c.week == str(week))
        connection.execute(delete(table).where(*own))
    reported_at = int(now.timestamp())
    connection.execute(insert(_week).values(**place, total=dossiers.total, reported_at=reported_at))
    rows = [
        {**place, "procedure_group": group, "dossiers": number}
        for group, number in dossiers.by_group.items()
    ]
    if rows:
        connection.execute(insert(_count), rows)


def reported(connection: Connection, unit_id: str, weeks: Iterable[Week]) -> dict[Week, Dossiers]:
    """The weeks' reports; weeks without one are left out."""
    by_text = {str(week): week for week in weeks}
    span = {"unit": unit_id, "first": min(by_text, default=""), "last": max(by_text, default="")}
    groups: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for week, group, number in connection.execute(_GROUPS, span):
        groups[week][group] = number
    rows = connection.execute(_TOTALS, span)
    return {by_text[week]: Dossiers(groups[week], total) for week, total in rows if week in by_text}
