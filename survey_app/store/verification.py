"""Prove the store: recount everything from the forms and compare with what is stored.

Findings have codes "verify.…"; `where` names the form, counter-day or vintage. An empty list is the proof.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Row, select

from survey_app.domain.counting import Totals, Versions, count, form_count
from survey_app.domain.problem import Problem
from survey_app.domain.record import content_hash
from survey_app.domain.weeks import Week
from survey_app.store import schema, totals, vintages
from survey_app.store.forms import StoredForm, day_of, read_forms
from survey_app.store.frozen import Sums, Vintage, dump_sums, read_sums, read_vintages
from survey_app.store.psus import StoredPsu
from survey_app.store.questionnaires import versions as all_versions

Remarks = Mapping[str, tuple[str, str]]
_response = schema.response.c
_comment = schema.comment.c
_counter_day = schema.counter_day.c
_vintage = schema.vintage.c


def verify(connection: Connection) -> list[Problem]:
    """Every difference between what is stored and what the forms say."""
    versions = all_versions(connection)
    units = connection.scalars(select(schema.unit.c.id).order_by(schema.unit.c.id)).all()
    return [
        finding
        for unit_id in units
        for finding in [
            *_orphan_remarks(connection, unit_id),
            *_gaps(connection, unit_id),
            *_weeks(connection, unit_id, versions),
        ]
    ]


def _orphan_remarks(connection: Connection, unit_id: str) -> Iterator[Problem]:
    same = (_response.unit_id == _comment.unit_id) & (_response.id == _comment.response_id)
    query = select(_comment.response_id).where(
        _comment.unit_id == unit_id, ~select(_response.id).where(same).exists()
    )
    for response_id in connection.scalars(query):
        yield Problem("verify.remark_without_form", f"{unit_id}/{response_id}")


def _gaps(connection: Connection, unit_id: str) -> Iterator[Problem]:
    frozen = vintages.closed_weeks(connection, unit_id)
    week = frozen[0] if frozen else None
    while week is not None and week < frozen[-1]:
        if week not in frozen:
            yield Problem("verify.vintage_missing", f"{unit_id}/{week}")
        week = week.next()


def _weeks(connection: Connection, unit_id: str, versions: Versions) -> Iterator[Problem]:
    weeks: set[str] = set()
    for column in (_response, _counter_day, _vintage):
        own = select(column.week).where(column.unit_id == unit_id).distinct()
        weeks.update(connection.scalars(own))
    for week in sorted(weeks):
        forms = list(read_forms(connection, _response.unit_id == unit_id, _response.week == week))
        yield from _form_findings(forms, _remarks(connection, unit_id, week), versions)
        known = [form for form in forms if form.questionnaire in versions]
        yield from _counter_day_findings(connection, unit_id, week, known, versions)
        yield from _vintage_findings(connection, unit_id, week, known, versions)


def _remarks(connection: Connection, unit_id: str, week: str) -> Remarks:
    same = (_response.unit_id == _comment.unit_id) & (_response.id == _comment.response_id)
    query = select(schema.comment).join(schema.response, same)
    rows = connection.execute(query.where(_response.unit_id == unit_id, _response.week == week))
    return {row.response_id: (row.remark, row.salt) for row in rows}


def _form_findings(
    forms: Iterable[StoredForm], remarks: Remarks, versions: Versions
) -> Iterator[Problem]:
    for form in forms:
        where = f"{form.unit_id}/{form.id}"
        remark, salt = remarks.get(form.id, (None, None))
        if content_hash(form.content(remark, salt)) != form.content_hash:
            yield Problem("verify.form_altered", where)
        if str(Week.of(day_of(form))) != form.week:
            yield Problem("verify.week_not_of_day", where)
        if form.questionnaire not in versions:
            yield Problem("verify.unknown_version", where)


def _counter_day_findings(
    connection: Connection,
    unit_id: str,
    week: str,
    forms: Iterable[StoredForm],
    versions: Versions,
) -> Iterator[Problem]:
    by_key: defaultdict[tuple[str, str], list[StoredForm]] = defaultdict(list)
    for form in forms:
        by_key[form.counter_id, form.day].append(form)
    own = (_counter_day.unit_id == unit_id, _counter_day.week == week)
    rows = connection.execute(select(schema.counter_day).where(*own))
    stored = {(row.counter_id, row.day): row for row in rows}
    for counter_id, day in sorted(by_key.keys() | stored.keys()):
        where = f"{unit_id}/{counter_id}/{day}"
        row = stored.get((counter_id, day))
        code = _counter_day_code(row, by_key[counter_id, day], versions)
        if code is not None:
            yield Problem(code, where)


def _counter_day_code(
    row: Row[tuple[object, ...]] | None, forms: Sequence[StoredForm], versions: Versions
) -> str | None:
    if row is None:
        return "verify.counter_day_missing"
    if row.revision != len(forms):
        return "verify.forms_missing" if row.revision > len(forms) else "verify.forms_added"
    if row.revision != row.counted_revision:
        return None  # forms came since the last count; it is made anew before anybody reads it
    same = totals.load(row.totals) == _counted(forms, versions)
    return None if same else "verify.totals_differ"


def _vintage_findings(
    connection: Connection,
    unit_id: str,
    week: str,
    forms: Sequence[StoredForm],
    versions: Versions,
) -> Iterator[Problem]:
    stored = read_vintages(connection, unit_id, [week])
    numbers = [vintage.number for vintage in stored]
    sums = read_sums(connection, unit_id, week)
    where = f"{unit_id}/{week}"
    used = {form.first_vintage for form in forms if form.first_vintage is not None}
    if used - set(numbers) or numbers != list(range(1, len(numbers) + 1)):
        yield Problem("verify.vintage_missing", where)
    for vintage in stored:
        held = [
            form.as_of(vintage.number)
            for form in forms
            if (form.first_vintage or vintage.number + 1) <= vintage.number
        ]
        if not _equals(vintage, held, versions):
            yield Problem("verify.vintage_differs", where, {"number": vintage.number})
        elif _sums_differ(vintage, sums.get(vintage.number), versions):
            yield Problem("verify.sums_differ", where, {"number": vintage.number})


def _sums_differ(vintage: Vintage, sums: Sums | None, versions: Versions) -> bool:
    # Without any, figures are made from the counts.
    return sums is not None and sums != dump_sums(vintage.counts, versions)


def _equals(vintage: Vintage, forms: Sequence[StoredForm], versions: Versions) -> bool:
    by_day: defaultdict[date, list[StoredForm]] = defaultdict(list)
    for form in forms:
        by_day[day_of(form)].append(form)
    days = [day for psu in vintage.psus for day in psu.days]
    if sorted(days) != sorted(by_day) or vintage.forms != len(forms):
        return False
    return all(_same_psu(psu, by_day, versions) for psu in vintage.psus)


def _same_psu(
    psu: StoredPsu, by_day: Mapping[date, Sequence[StoredForm]], versions: Versions
) -> bool:
    totals_now = _counted([form for day in psu.days for form in by_day[day]], versions)
    return totals_now == psu.totals and form_count(totals_now) == psu.forms


def _counted(forms: Iterable[StoredForm], versions: Versions) -> Totals:
    return count((form.counted for form in forms), versions)
