"""/admin/dossiers: how many dossiers a unit finished, week by week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import StringField

from survey_app.accounts import require
from survey_app.accounts.access import Visitor
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR, note, own_units
from survey_app.domain.dossiers import TOTAL, read_dossiers
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.domain.weighted import Dossiers, declared_groups
from survey_app.store import dossiers, questionnaires, units, vintages
from survey_app.store.units import Unit
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services

# A quarter: whoever is later than that enters a week by its address.
LISTED_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Place:
    """A unit and the procedure groups its dossiers are counted by, with their names."""

    unit: Unit
    groups: Mapping[str, str]


@blueprint.get("/dossiers")
def all_dossiers() -> ResponseReturnValue:
    """The first unit of this administrator that has counters."""
    person = require(ADMINISTRATOR)
    with services().database.reading() as connection:
        own = _with_counters(connection, person)
    if not own:
        abort(404)
    return redirect(url_for("admin.dossiers", unit_id=own[0].id))


@blueprint.get("/dossiers/<unit_id>", endpoint="dossiers")
def dossiers_of(unit_id: str) -> ResponseReturnValue:
    """The last weeks, and the form for one of them: by default the oldest closed one without a report."""
    person = require(ADMINISTRATOR, unit=unit_id)
    text = request.args.get("week")
    return _page(person, unit_id, _ended(text) if text else None)


@blueprint.post("/dossiers/<unit_id>/<week_text>")
def report_dossiers(unit_id: str, week_text: str) -> ResponseReturnValue:
    """Keep a week's numbers, or say what is wrong with them."""
    person = require(ADMINISTRATOR, unit=unit_id)
    week = _ended(week_text)
    with services().database.reading() as connection:
        place = place_of(connection, unit_id)
    form = _form(place)
    cells = {key: str(form[key].data or "") for key in (*place.groups, TOTAL)}
    found = read_dossiers(cells, list(place.groups))
    if not isinstance(found, Dossiers):
        _place_errors(form, found)
        return _page(person, unit_id, week, form), 422
    with services().database.writing() as connection:
        keep(connection, person, unit_id, week, found)
    return redirect(url_for("admin.dossiers", unit_id=unit_id, said=str(week)))


def keep(
    connection: Connection, person: Visitor, unit_id: str, week: Week, found: Dossiers
) -> None:
    """Keep a week's numbers, and who reported them."""
    dossiers.report(connection, unit_id, week, found, services().clock())
    detail = {"week": str(week), "total": found.total, **found.by_group}
    note(connection, person, "dossiers.reported", unit_id, detail)


def _page(person: Visitor, unit_id: str, week: Week | None, form: FlaskForm | None = None) -> str:
    weeks = _last_weeks()
    with services().database.reading() as connection:
        own = _with_counters(connection, person)
        place = place_of(connection, unit_id)
        known = dossiers.reported(connection, unit_id, {*weeks, *([week] if week else [])})
        closed = {*vintages.closed_weeks(connection, unit_id)}
    waiting = [listed for listed in reversed(weeks) if listed in closed and listed not in known]
    chosen = week or (waiting[0] if waiting else weeks[0])
    return render_template(
        "admin/dossiers.html",
        place=place,
        units=own,
        weeks=weeks,
        known=known,
        week=chosen,
        form=form or _form(place, known.get(chosen)),
        saved=_saved(known),
        kept=request.args.get("kept", 0, type=int),
    )


def _saved(known: Mapping[Week, Dossiers]) -> Week | None:
    return next((week for week in known if str(week) == request.args.get("said")), None)


def place_of(connection: Connection, unit_id: str) -> Place:
    """The unit with its procedure groups; 404 when there is none."""
    unit = units.get_unit(connection, unit_id)
    if unit is None:
        abort(404)
    versions = questionnaires.versions(connection)
    groups = declared_groups(versions) if versions else ()
    names = {}
    for version in versions.values():
        for question in version.with_role("procedure"):
            said = {g: version.say(language(), f"{question.id}.choice.{g}") for g in groups}
            names.update({group: words for group, words in said.items() if words})
    return Place(unit, {group: names.get(group, group) for group in groups})


def _form(place: Place, known: Dossiers | None = None) -> FlaskForm:
    """One field a procedure group and one for the total; numbers as they are read."""
    labels = {**place.groups, TOTAL: gettext("All dossiers")}
    fields = {key: StringField(label) for key, label in labels.items()}
    made: FlaskForm = type("DossierForm", (FlaskForm,), fields)(data=_typed(known))
    return made


def _typed(known: Dossiers | None) -> dict[str, str]:
    if known is None:
        return {}
    numbers = {**known.by_group, TOTAL: known.total}
    return {key: formats.number(number) for key, number in numbers.items()}


def _place_errors(form: FlaskForm, problems: Sequence[Problem]) -> None:
    for problem in problems:
        field = form[problem.where]
        field.errors = [*field.errors, problem_text(problem)]


def _with_counters(connection: Connection, person: Visitor) -> list[Unit]:
    return [u for u in own_units(connection, person) if units.counters(connection, u.id)]


def _last_weeks() -> list[Week]:
    """Weeks that have ended, newest first."""
    weeks = [last_closed_week(services().clock())]
    while len(weeks) < LISTED_WEEKS:
        weeks.append(weeks[-1].previous())
    return weeks


def _ended(text: str) -> Week:
    try:
        week = Week.parse(text)
    except ValueError:
        abort(404)
    if week > _last_weeks()[0]:
        abort(404)
    return week
