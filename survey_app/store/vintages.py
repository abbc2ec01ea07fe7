"""Closing weeks. A closed week is frozen as vintage 1; forms that come later enter numbered revisions, once a quarter.

Row files hold the newest vintage. Figures use a revision only where `domain.revision` admits it, from the closing on
that `figures_from` names, so that each can be made again as of any closing. Everything a vintage holds is counted from the
forms it names (`first_vintage` ≤ its number), so that it can be recounted and
proved at any later time. Closing again does nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from survey_app.domain.counting import (
    Versions,
    form_count,
)
from survey_app.domain.problem import Problem
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.quality import RuleSet
from survey_app.domain.revision import Published, admit
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.store import schema, timing
from survey_app.store.engine import Database
from survey_app.store.forms import (
    count_of_week,
    read_forms,
    units_with_forms,
)
from survey_app.store.frozen import (
    lacks_sums,
    read_vintages,
    store_sums,
    sum_missing,
    week_psus_for_writing,
)
from survey_app.store.psus import make_psus, psu_to_json
from survey_app.store.quality import Judge
from survey_app.store.questionnaires import versions as all_versions
from survey_app.store.rewriting import mark, rewrite_in_id_order, touch_week
from survey_app.store.totals import CountedDay, fresh_totals

_table = schema.vintage
_response = schema.response.c


@dataclass(frozen=True, slots=True)
class Closed:
    """A vintage that was just frozen; `forms` of every kind. `waits`: why figures do not use it yet."""

    unit_id: str
    week: Week
    number: int
    forms: int
    waits: Problem | None = None


def close_due(
    database: Database, now: datetime, rules: RuleSet | None = None, scheme: Scheme | None = None
) -> list[Closed]:
    """Freeze every week of every unit that has ended and is not frozen; one transaction a unit and week.

    With `rules` the week's forms are judged first. Without, nothing is flagged, but moments are destroyed all the same.
    `scheme`: what revisions are judged by; without it none enters the figures.
    """
    judge = Judge(rules) if rules is not None else None
    with database.reading() as connection:
        is_behind = lacks_sums(connection)
        due = [
            (unit_id, week)
            for unit_id in units_with_forms(connection)
            for week in _due_weeks(connection, unit_id, last_closed_week(now))
        ]
    if is_behind:
        with database.writing() as connection:
            sum_missing(connection)
    closed: list[Closed] = []
    for unit_id, week in due:
        with database.writing() as connection:
            closed += _close(connection, unit_id, week, now, judge, scheme)
    rewrite_in_id_order(database)
    return closed


def closed_weeks(connection: Connection, unit_id: str) -> list[Week]:
    """The unit's frozen weeks, in order."""
    query = select(_table.c.week).where(_table.c.unit_id == unit_id).distinct()
    return [Week.parse(week) for week in connection.scalars(query.order_by(_table.c.week))]


def number_in_figures(connection: Connection, unit_id: str, week: Week) -> int:
    """The vintage of the week that figures use, 0 before it is frozen."""
    own = (_table.c.unit_id == unit_id, _table.c.week == str(week))
    query = select(func.max(_table.c.number)).where(*own, _table.c.figures_from.is_not(None))
    return connection.scalar(query) or 0


def units_that_wait(
    connection: Connection, unit_ids: Iterable[str], weeks: Iterable[Week]
) -> set[str]:
    """Of the units those whose newest vintage of one of the weeks is not in the figures yet."""
    query = select(_table.c.unit_id, _table.c.week, _table.c.figures_from).where(
        _table.c.unit_id.in_(list(unit_ids)), _table.c.week.in_([str(week) for week in weeks])
    )
    rows = connection.execute(query.order_by(_table.c.number))
    newest = {(row.unit_id, row.week): row.figures_from for row in rows}
    return {unit_id for (unit_id, _), since in newest.items() if since is None}


def units_changed(
    connection: Connection,
    unit_ids: Iterable[str],
    weeks: Iterable[Week],
    days: Iterable[CountedDay],
) -> set[str]:
    """Of the units those whose counter-days `days` hold other forms, or other flags, than the weeks' first vintages.

    A later vintage exists wherever late forms or later flags were frozen; a counter-day may be counted anew before that.
    """
    query = select(_table.c.unit_id, _table.c.week, _table.c.number, _table.c.forms).where(
        _table.c.unit_id.in_(list(unit_ids)), _table.c.week.in_([str(week) for week in weeks])
    )
    rows = connection.execute(query).all()
    counted: Counter[tuple[str, str]] = Counter()
    for day in days:
        counted[day.unit_id, day.week] += form_count(day.totals)
    closed = Counter({(row.unit_id, row.week): row.forms for row in rows if row.number == 1})
    differ = {key[0] for key in {*counted, *closed} if counted[key] != closed[key]}
    return differ | {row.unit_id for row in rows if row.number > 1}


def forms_this_week(connection: Connection, unit_id: str, week: Week) -> int:
    """Forms of every kind that came for `week` so far. Show it rounded only."""
    return count_of_week(connection, unit_id, str(week))


def _due_weeks(connection: Connection, unit_id: str, last: Week) -> list[Week]:
    week = _first_due(connection, unit_id)
    due = []
    while week <= last:
        due.append(week)
        week = week.next()
    return due


def _first_due(connection: Connection, unit_id: str) -> Week:
    frozen = connection.scalar(select(func.max(_table.c.week)).where(_table.c.unit_id == unit_id))
    if frozen is not None:
        return Week.parse(frozen).next()
    first = select(func.min(_response.week)).where(_response.unit_id == unit_id)
    return Week.parse(connection.execute(first).scalar_one())


def _close(
    connection: Connection,
    unit_id: str,
    week: Week,
    now: datetime,
    judge: Judge | None = None,
    scheme: Scheme | None = None,
) -> list[Closed]:
    if _last_number(connection, unit_id, str(week)):
        return []  # another process was quicker
    versions = all_versions(connection)
    doubted = judge.close(connection, unit_id, week, versions) if judge else []
    closed = [_freeze(connection, unit_id, str(week), now, versions)]
    _enter(connection, closed[0], week)
    if week == week.quarter.last_week:
        late = _late_weeks(connection, unit_id, week)
        if judge is not None:
            for text in late:
                judge.judge_late(connection, unit_id, text, versions)
        revised = sorted({*late, *doubted})
        made = [_freeze(connection, unit_id, text, now, versions) for text in revised]
        closed += _admit(connection, unit_id, week, made, versions, scheme)
    timing.destroy(connection, unit_id, str(week))
    mark(connection)
    return closed


def _admit(
    connection: Connection,
    unit_id: str,
    closing: Week,
    made: Sequence[Closed],
    versions: Versions,
    scheme: Scheme | None,
) -> list[Closed]:
    """Let those revisions into the figures that disclose nothing, and say of the others why they wait."""
    if scheme is None or not made:
        return list(made)
    closed = [week for week in closed_weeks(connection, unit_id) if week < closing]
    weeks = week_psus_for_writing(connection, unit_id, closed)
    stored = read_vintages(connection, unit_id, [str(one.week) for one in made])
    revised = {vintage.week: vintage.counts for vintage in stored}  # the newest comes last
    published = Published(unit_id, weeks, sorted(weeks), versions, scheme)
    verdicts = admit(published, revised)
    for one in made:
        if verdicts[one.week] is None:
            _enter(connection, one, closing)
    return [replace(one, waits=verdicts[one.week]) for one in made]


def _enter(connection: Connection, one: Closed, closing: Week) -> None:
    """From the closing of `closing` on figures use the vintage."""
    own = (_table.c.unit_id == one.unit_id, _table.c.week == str(one.week))
    entered = update(_table).where(*own, _table.c.number == one.number)
    connection.execute(entered.values(figures_from=str(closing)))


def _late_weeks(connection: Connection, unit_id: str, week: Week) -> list[str]:
    query = select(_response.week).where(
        _response.unit_id == unit_id,
        _response.week < str(week),
        _response.first_vintage.is_(None),
    )
    return list(connection.scalars(query.distinct().order_by(_response.week)))


def _freeze(
    connection: Connection, unit_id: str, week: str, now: datetime, versions: Versions
) -> Closed:
    number = _last_number(connection, unit_id, week) + 1
    in_week = (_response.unit_id == unit_id, _response.week == week)
    fresh = update(schema.response).where(*in_week, _response.first_vintage.is_(None))
    connection.execute(fresh.values(first_vintage=number))
    timing.mix_seconds(connection, unit_id, week)
    touch_week(connection, unit_id, week)
    fresh_totals(connection, unit_id, week)
    # What this transaction has not marked is not in the vintage, even if it was committed a moment ago.
    held = read_forms(connection, *in_week, _response.first_vintage <= number)
    earlier = read_vintages(connection, unit_id, [week])
    psus = make_psus(
        [form.as_of(number) for form in held], versions, earlier[-1].psus if earlier else ()
    )
    forms = sum(psu.forms for psu in psus)
    totals = tuple(PsuTotals(psu.label, psu.totals) for psu in psus)
    counts = WeekCounts(Week.parse(week), number, totals)
    connection.execute(
        insert(_table).values(
            unit_id=unit_id,
            week=week,
            number=number,
            closed_at=int(now.timestamp()),
            forms=forms,
            psus=json.dumps([psu_to_json(psu) for psu in psus], separators=(",", ":")),
        )
    )
    store_sums(connection, unit_id, counts, versions)
    return Closed(unit_id, counts.week, number, forms)


def _last_number(connection: Connection, unit_id: str, week: str) -> int:
    query = select(func.max(_table.c.number))
    found = connection.scalar(query.where(_table.c.unit_id == unit_id, _table.c.week == week))
    return found or 0
