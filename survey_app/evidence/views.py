"""/evidence/: for reviewers of a unit, of closed weeks only; every file taken is in the audit trail."""

from collections.abc import Iterator, Sequence
from secrets import SystemRandom

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import Connection

from survey_app.accounts import Visitor, require
from survey_app.accounts.access import covered_units
from survey_app.content import load_scheme
from survey_app.domain.rowfile_cells import DIALECTS, Dialect, write
from survey_app.domain.rowfile_codebook import codebook_lines, question_entries
from survey_app.domain.rowfile_columns import Layout
from survey_app.evidence.columns import fixed_columns
from survey_app.evidence.selection import (
    NoSuchChoiceError,
    Selection,
    marked,
    row_file_name,
    select,
)
from survey_app.store.accounts import record_event
from survey_app.store.questionnaires import versions
from survey_app.store.rows import ClosedWeek, closed_weeks, row_file
from survey_app.store.units import Unit, list_units
from survey_app.web.services import services

ROLE = "reviewer"
CSV = "text/csv; charset=utf-8"

blueprint = Blueprint(
    "evidence",
    __name__,
    url_prefix="/evidence",
    static_folder="static",
    template_folder="templates",
)


@blueprint.get("/")
def index() -> str:
    """Choose a row file; see what it holds and how to recompute from it."""
    person = require(ROLE)
    with services().database.reading() as connection:
        units = _units(connection, person)
        closed = closed_weeks(connection, [unit.id for unit in units])
        published = list(versions(connection).values())
    selection = _selection(closed) if closed else None
    return render_template(
        "evidence/index.html",
        units=[unit for unit in units if unit.id in {each.unit_id for each in closed}],
        weeks=sorted({each.week for each in closed}, reverse=True),
        selection=selection,
        versions=published,
    )


@blueprint.get("/rows.csv")
def rows() -> Response:
    """The row file, streamed; the audit trail says who took which weeks before the first byte goes."""
    person = require(ROLE)
    dialect = _dialect()
    with services().database.reading() as connection:
        units = {unit.id: unit for unit in _units(connection, person)}
        closed = closed_weeks(connection, units)
        layout = Layout(tuple(versions(connection).values()), demo=services().settings.demo)
    if not closed:
        abort(404)
    selection = _selection(closed)
    _audit(person, selection, dialect)
    codes = {unit.id: unit.code for unit in units.values()}
    name = f"{row_file_name(selection, codes)}_{dialect.name}"
    body = row_file(services().database, selection.weeks, layout, dialect, SystemRandom())
    return _attachment(body, CSV, name, ".csv")


@blueprint.get("/codebook")
def codebook() -> str:
    """What each column and code means, version by version."""
    require(ROLE)
    with services().database.reading() as connection:
        published = list(versions(connection).values())
    return render_template(
        "evidence/codebook.html",
        columns=fixed_columns(),
        versions=[(version, question_entries(version)) for version in published],
        schemes={v.structure.scheme: load_scheme(v.structure.scheme) for v in published},
    )


@blueprint.get("/codebook.csv")
def codebook_file() -> Response:
    """The codebook as a table."""
    require(ROLE)
    dialect = _dialect()
    with services().database.reading() as connection:
        published = list(versions(connection).values())
    body = write(codebook_lines(published), dialect)
    return _attachment(body, CSV, f"bang-ma_{dialect.name}", ".csv")


@blueprint.get("/questionnaire/<digits>.json")
def questionnaire(digits: str) -> Response:
    """A published version as it was hashed: what `score --questionnaire` takes."""
    require(ROLE)
    with services().database.reading() as connection:
        found = [v for v in versions(connection).values() if v.hash[:12] == digits]
    if not found:
        abort(404)
    name = f"{found[0].structure.id}_{digits}"
    return _attachment(iter([found[0].canonical]), "application/json", name, ".json")


def _units(connection: Connection, person: Visitor) -> list[Unit]:
    """Units the reviewer covers; to ask for another is forbidden."""
    covered = covered_units(connection, person, (ROLE,))
    if not set(request.args.getlist("unit")) <= covered:
        abort(403)
    return [unit for unit in list_units(connection) if unit.id in covered]


def _selection(closed: Sequence[ClosedWeek]) -> Selection:
    """What the address asks for."""
    asked = request.args
    try:
        return select(closed, asked.getlist("unit"), asked.get("from"), asked.get("to"))
    except NoSuchChoiceError:
        abort(404)


def _dialect() -> Dialect:
    dialect = DIALECTS.get(request.args.get("dialect", "excel"))
    if dialect is None:
        abort(404)
    return dialect


def _audit(person: Visitor, selection: Selection, dialect: Dialect) -> None:
    detail = {
        "from": str(selection.first),
        "to": str(selection.last),
        "dialect": dialect.name,
        "rows": selection.rows,
    }
    now = services().clock()
    with services().database.writing() as connection:
        for unit in selection.units:
            record_event(
                connection,
                now,
                "rows.exported",
                account_id=person.account_id,
                unit_id=unit,
                detail=detail,
            )


def _attachment(body: Iterator[bytes], media_type: str, name: str, ending: str) -> Response:
    response = Response(body, content_type=media_type)
    name = marked(name, ending, demo=services().settings.demo)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
