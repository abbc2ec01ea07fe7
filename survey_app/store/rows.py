"""Responses of closed weeks for the row file. Each week is read in a transaction of its own and let go before the next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from sqlalchemy import Connection, func, select

from survey_app.domain.rowfile import FileRow, file_lines
from survey_app.domain.rowfile_cells import Dialect, write
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.forms import StoredForm, read_forms
from survey_app.store.frozen import Vintage, read_vintages

_vintage = schema.vintage.c
_response = schema.response.c


@dataclass(frozen=True, slots=True)
class ClosedWeek:
    """The newest vintage of a unit's week; `forms` of every kind, a line each in the row file."""

    unit_id: str
    week: Week
    number: int
    forms: int


def closed_weeks(connection: Connection, unit_ids: Iterable[str]) -> list[ClosedWeek]:
    """Every closed week of the units, by week and unit."""
    mine = _vintage.unit_id.in_(sorted(unit_ids))
    newest = (
        select(_vintage.unit_id, _vintage.week, func.max(_vintage.number).label("number"))
        .where(mine)
        .group_by(_vintage.unit_id, _vintage.week)
        .subquery()
    )
    same = (
        (_vintage.unit_id == newest.c.unit_id)
        & (_vintage.week == newest.c.week)
        & (_vintage.number == newest.c.number)
    )
    columns = (_vintage.unit_id, _vintage.week, _vintage.number, _vintage.forms)
    query = select(*columns).join(newest, same).order_by(_vintage.week, _vintage.unit_id)
    return [
        ClosedWeek(row.unit_id, Week.parse(row.week), row.number, row.forms)
        for row in connection.execute(query)
    ]


def week_rows(connection: Connection, closed: ClosedWeek) -> list[FileRow]:
    """The forms the vintage holds; one that came later is not among them."""
    vintages = _until(connection, closed)
    labels = {day.isoformat(): psu.label for psu in vintages[-1].psus for day in psu.days}
    forms = read_forms(
        connection,
        _response.unit_id == closed.unit_id,
        _response.week == str(closed.week),
        _response.first_vintage <= closed.number,
    )
    return [_row(form.as_of(closed.number), labels[form.day], vintages) for form in forms]


def row_file(
    database: Database,
    chosen: Sequence[ClosedWeek],
    layout: Layout,
    dialect: Dialect,
    random: Random,
) -> Iterator[bytes]:
    """The file of the chosen weeks, encoded, a few hundred lines a chunk; the header comes before any week is read.

    What counts is the vintage number chosen, so a week that gets a revision meanwhile stays as it was.
    """
    return write(file_lines(_weeks(database, chosen), layout, random), dialect)


def _weeks(database: Database, chosen: Sequence[ClosedWeek]) -> Iterator[list[FileRow]]:
    ordered = sorted(chosen, key=lambda closed: (closed.week, closed.unit_id))
    for _, group in groupby(ordered, key=lambda closed: closed.week):
        with database.reading() as connection:
            rows = [row for closed in group for row in week_rows(connection, closed)]
        yield rows


def _until(connection: Connection, closed: ClosedWeek) -> list[Vintage]:
    """The week's vintages up to the chosen one."""
    vintages = read_vintages(connection, closed.unit_id, [str(closed.week)])
    return [found for found in vintages if found.number <= closed.number]


def _row(form: StoredForm, label: str, vintages: Sequence[Vintage]) -> FileRow:
    counted = form.counted
    first = _entered(form.first_vintage, vintages)
    flag = _entered(form.flagged_from, vintages)
    return FileRow(
        questionnaire=counted.questionnaire,
        unit=form.unit_id,
        week=form.week,
        psu=label,
        channel=counted.channel,
        complete=counted.complete,
        flagged=bool(flag),
        answers=counted.answers,
        first_vintage=first,
        flag_vintage=flag,
    )


def _entered(number: int | None, vintages: Sequence[Vintage]) -> str:
    """The closing that brought what is in vintage `number` into the figures; "" while it waits."""
    later = (v.figures_from for v in vintages if number is not None and v.number >= number)
    return next((str(week) for week in later if week is not None), "")
