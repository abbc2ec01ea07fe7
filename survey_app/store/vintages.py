"""Closing weeks. A closed week is frozen as vintage 1; forms that come later enter numbered revisions, once a quarter.

Everything a vintage holds is counted from the forms it names (`first_vintage` ≤ its number), so that it can be recounted and
proved at any later time. Closing again does nothing.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, insert, select, update

from survey_app.domain.counting import (
    Totals,
    Versions,
    count,
    form_count,
    totals_from_json,
    totals_to_json,
)
from survey_app.domain.psu import PsuTotals, WeekCounts, merge_days
from survey_app.domain.quality import RuleSet
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.store import schema, timing
from survey_app.store.engine import Database
from survey_app.store.forms import (
    StoredForm,
    count_of_week,
    day_of,
    read_forms,
    units_with_forms,
)
from survey_app.store.quality import Judge
from survey_app.store.questionnaires import versions as all_versions
from survey_app.store.rewriting import mark, rewrite_in_id_order, touch_week
from survey_app.store.totals import fresh_totals

_LABEL_BYTES = 4
# Five units with all that a bulletin draws on; up to 600 kB each.
_MOST_PARSED = 260
_table = schema.vintage
_response = schema.response.c


@dataclass(frozen=True, slots=True)
class Closed:
    """A vintage that was just frozen; `forms` of every kind."""

    unit_id: str
    week: Week
    number: int
    forms: int


@dataclass(frozen=True, slots=True)
class Vintage:
    """A stored vintage: its sampling units by label, each with its days, forms and totals."""

    week: Week
    number: int
    closed_at: datetime
    forms: int
    psus: tuple["StoredPsu", ...]


@dataclass(frozen=True, slots=True)
class StoredPsu:
    """One sampling unit of a vintage. The days are the server's; only the label leaves it."""

    label: str
    days: tuple[date, ...]
    forms: int
    totals: Totals


def close_due(database: Database, now: datetime, rules: RuleSet | None = None) -> list[Closed]:
    """Freeze every week of every unit that has ended and is not frozen; one transaction a unit and week.

    With `rules` the week's forms are judged first. Without, nothing is flagged, but moments are destroyed all the same.
    """
    judge = Judge(rules) if rules is not None else None
    with database.reading() as connection:
        due = [
            (unit_id, week)
            for unit_id in units_with_forms(connection)
            for week in _due_weeks(connection, unit_id, last_closed_week(now))
        ]
    closed: list[Closed] = []
    for unit_id, week in due:
        with database.writing() as connection:
            closed += _close(connection, unit_id, week, now, judge)
    rewrite_in_id_order(database)
    return closed


def closed_weeks(connection: Connection, unit_id: str) -> list[Week]:
    """The unit's frozen weeks, in order."""
    query = select(_table.c.week).where(_table.c.unit_id == unit_id).distinct()
    return [Week.parse(week) for week in connection.scalars(query.order_by(_table.c.week))]


def week_psus(
    connection: Connection, unit_id: str, weeks: Iterable[Week]
) -> dict[Week, WeekCounts]:
    """The newest vintage of each of the weeks; weeks that are not frozen are left out."""
    columns = select(_table.c.week, _table.c.number, _table.c.closed_at, _table.c.forms)
    wanted = _table.c.week.in_([str(week) for week in weeks])
    rows = connection.execute(
        columns.where(_table.c.unit_id == unit_id, wanted).order_by(_table.c.week, _table.c.number)
    )
    newest = {row.week: (unit_id, *row) for row in rows}  # in order of their numbers
    known = _parsed.setdefault(connection.engine, {})
    if len(known) > _MOST_PARSED:
        known.clear()
    found = {key: known[key] for key in newest.values() if key in known}
    missing = [week for week, key in newest.items() if key not in found]
    for vintage in read_vintages(connection, unit_id, missing) if missing else ():
        key = newest[str(vintage.week)]
        if key[2] == vintage.number:
            found[key] = known[key] = _week_counts(vintage)
    return {found[key].week: found[key] for key in newest.values() if key in found}


# Vintages never change. Beside its name a key holds what tells a restored database from the one before.
_VintageKey = tuple[str, str, int, int, int]
_parsed: WeakKeyDictionary[Engine, dict[_VintageKey, WeekCounts]] = WeakKeyDictionary()


def read_vintages(connection: Connection, unit_id: str, weeks: Sequence[str]) -> list[Vintage]:
    """All vintages of the weeks, by week and number."""
    query = select(_table).where(_table.c.unit_id == unit_id, _table.c.week.in_(weeks))
    rows = connection.execute(query.order_by(_table.c.week, _table.c.number))
    return [
        Vintage(
            week=Week.parse(row.week),
            number=row.number,
            closed_at=datetime.fromtimestamp(row.closed_at, UTC),
            forms=row.forms,
            psus=tuple(_psu_from_json(item) for item in json.loads(row.psus)),
        )
        for row in rows
    ]


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
    connection: Connection, unit_id: str, week: Week, now: datetime, judge: Judge | None = None
) -> list[Closed]:
    if _last_number(connection, unit_id, str(week)):
        return []  # another process was quicker
    versions = all_versions(connection)
    doubted = judge.close(connection, unit_id, week, versions) if judge else []
    closed = [_freeze(connection, unit_id, str(week), now, versions)]
    if week == week.quarter.last_week:
        late = _late_weeks(connection, unit_id, week)
        if judge is not None:
            for text in late:
                judge.judge_late(connection, unit_id, text, versions)
        revised = sorted({*late, *doubted})
        closed += [_freeze(connection, unit_id, text, now, versions) for text in revised]
    timing.destroy(connection, unit_id, str(week))
    mark(connection)
    return closed


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
    psus = make_psus([form.as_of(number) for form in held], versions)
    forms = sum(psu.forms for psu in psus)
    connection.execute(
        insert(_table).values(
            unit_id=unit_id,
            week=week,
            number=number,
            closed_at=int(now.timestamp()),
            forms=forms,
            psus=json.dumps([_psu_to_json(psu) for psu in psus], separators=(",", ":")),
        )
    )
    return Closed(unit_id, Week.parse(week), number, forms)


def make_psus(forms: Sequence[StoredForm], versions: Versions) -> list[StoredPsu]:
    """Sampling units of a week's forms, sorted by fresh random labels.

    Days are merged by their complete forms: partial ones are never scored, and do not make a sampling unit any larger.
    """
    by_day: defaultdict[date, list[StoredForm]] = defaultdict(list)
    for form in forms:
        by_day[day_of(form)].append(form)
    complete = {day: sum(f.status == "complete" for f in own) for day, own in by_day.items()}
    groups = merge_days(complete)
    labels = _labels(len(groups))
    psus = [
        psu_of(label, days, by_day, versions) for label, days in zip(labels, groups, strict=True)
    ]
    return sorted(psus, key=lambda psu: psu.label)


def psu_of(
    label: str,
    days: tuple[date, ...],
    by_day: Mapping[date, Sequence[StoredForm]],
    versions: Versions,
) -> StoredPsu:
    """The sampling unit of `days`."""
    totals = count((form.counted for day in days for form in by_day.get(day, ())), versions)
    return StoredPsu(label, days, form_count(totals), totals)


def _labels(number: int) -> list[str]:
    labels: set[str] = set()
    while len(labels) < number:
        labels.add(secrets.token_hex(_LABEL_BYTES))
    return list(labels)


def _last_number(connection: Connection, unit_id: str, week: str) -> int:
    query = select(func.max(_table.c.number))
    found = connection.scalar(query.where(_table.c.unit_id == unit_id, _table.c.week == week))
    return found or 0


def _week_counts(vintage: Vintage) -> WeekCounts:
    psus = tuple(PsuTotals(psu.label, psu.totals) for psu in vintage.psus)
    return WeekCounts(vintage.week, vintage.number, psus)


def _psu_to_json(psu: StoredPsu) -> dict[str, object]:
    return {
        "label": psu.label,
        "days": [day.isoformat() for day in psu.days],
        "forms": psu.forms,
        "totals": totals_to_json(psu.totals),
    }


def _psu_from_json(item: dict[str, Any]) -> StoredPsu:
    return StoredPsu(
        label=item["label"],
        days=tuple(date.fromisoformat(day) for day in item["days"]),
        forms=item["forms"],
        totals=totals_from_json(item["totals"]),
    )
