"""Finished dossiers by unit, week and procedure group: what coverage and weights are made from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import schema

_week = schema.dossier_week
_count = schema.dossier_count


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
    wanted = [str(week) for week in weeks]
    groups: defaultdict[str, dict[str, int]] = defaultdict(dict)
    own = (_count.c.unit_id == unit_id, _count.c.week.in_(wanted))
    for row in connection.execute(select(_count).where(*own)):
        groups[row.week][row.procedure_group] = row.dossiers
    totals = select(_week).where(_week.c.unit_id == unit_id, _week.c.week.in_(wanted))
    rows = connection.execute(totals.order_by(_week.c.week))
    return {Week.parse(row.week): Dossiers(groups[row.week], row.total) for row in rows}
