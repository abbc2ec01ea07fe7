"""/admin/codes: one-time codes for citizens' own phones, to print on receipts or to cut out, and the sheet for the wall."""

from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.accounts import require
from survey_app.accounts.access import Visitor
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR, note, own_units
from survey_app.domain.codes import MOST_AT_ONCE, last_day, way_problems
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import local_day
from survey_app.store import codes as store
from survey_app.store.codes import Usage
from survey_app.store.units import Unit
from survey_app.web import sheets
from survey_app.web.services import services


@dataclass(frozen=True, slots=True)
class UnitCodes:
    """A unit that takes code forms, and how many of its codes were used."""

    unit: Unit
    usage: Usage


@blueprint.get("/codes")
def codes() -> ResponseReturnValue:
    """Units with their codes; why there are none, where phones cannot reach the server."""
    return _page(require(ADMINISTRATOR), [])


@blueprint.post("/codes")
def make_codes() -> ResponseReturnValue:
    """New codes as a sheet or as a feed; they are shown in this answer and never again."""
    require(ADMINISTRATOR)
    unit_id = request.form.get("unit", "")
    person = require(ADMINISTRATOR, unit=unit_id)
    if way_problems(services().settings.public_url):
        abort(404)
    number = request.form.get("number", type=int, default=0)
    if not 1 <= number <= MOST_AT_ONCE:
        problem = Problem("codes.number", "number", {"most": MOST_AT_ONCE})
        return _page(person, [problem]), 422
    made = _make(person, unit_id, number)
    return _feed(made) if request.form.get("as") == "feed" else _sheet(person, unit_id, made)


@blueprint.get("/codes/wall/<unit_id>")
def wall(unit_id: str) -> ResponseReturnValue:
    """The sheet for the wall: an address without a code, whose forms are counted apart and never scored."""
    require(ADMINISTRATOR)
    person = require(ADMINISTRATOR, unit=unit_id)
    public_url = services().settings.public_url
    if way_problems(public_url):
        abort(404)
    unit = _unit(person, unit_id)
    address = f"{public_url}/q/unit/{unit.code}"
    return render_template(
        "admin/wall.html", unit=unit, address=address, square=sheets.square(address)
    )


def _make(person: Visitor, unit_id: str, number: int) -> list[str]:
    parts = services()
    today = local_day(parts.clock())
    with parts.database.writing() as connection:
        try:
            made = store.make_codes(connection, unit_id, number, today)
        except LookupError:
            abort(404)
        note(connection, person, "codes.made", unit_id, {"number": len(made)})
    return made


def _feed(made: list[str]) -> Response:
    parts = services()
    expires = last_day(local_day(parts.clock())).isoformat()
    response = Response(sheets.feed(parts.settings.public_url, made, expires), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="codes.csv"'
    return response


def _sheet(person: Visitor, unit_id: str, made: list[str]) -> str:
    parts = services()
    return render_template(
        "admin/sheet.html",
        unit=_unit(person, unit_id),
        slips=sheets.slips(parts.settings.public_url, made),
        expires=last_day(local_day(parts.clock())),
    )


def _unit(person: Visitor, unit_id: str) -> Unit:
    with services().database.reading() as connection:
        found = [unit for unit in own_units(connection, person) if unit.id == unit_id]
    return found[0] if found else abort(404)


def _page(person: Visitor, problems: list[Problem]) -> str:
    parts = services()
    today = local_day(parts.clock())
    with parts.database.reading() as connection:
        own = [unit for unit in own_units(connection, person) if unit.kind == "ward"]
        used = store.usage(connection, [unit.id for unit in own], today)
    nothing = Usage(0, 0, 0)
    return render_template(
        "admin/codes.html",
        units=[UnitCodes(unit, used.get(unit.id, nothing)) for unit in own],
        problems=[*way_problems(parts.settings.public_url), *problems],
        is_open=not way_problems(parts.settings.public_url),
        most=MOST_AT_ONCE,
    )
