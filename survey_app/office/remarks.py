"""/office/<unit>/<week>/remarks: what citizens wrote, cut off from everything else they said."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from survey_app.accounts.access import ANY_ROLE, Visitor, covered_units, require
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.weeks import Week
from survey_app.office.room import blueprint
from survey_app.store import accounts, remarks, units, vintages
from survey_app.store.remarks import Remark
from survey_app.web.services import services

MODERATORS = ("official", "administrator")
# Whoever reads what was hidden must not be who hid it.
CHECKERS = ("reviewer",)


@dataclass(frozen=True, slots=True)
class Powers:
    """What the person may do with the unit's remarks."""

    hide: bool
    read_hidden: bool


@blueprint.get("/<unit_id>/<week_text>/remarks", endpoint="remarks")
def list_remarks(unit_id: str, week_text: str) -> ResponseReturnValue:
    """The remarks of a closed week."""
    person = require(*ANY_ROLE, unit=unit_id)
    week = _parse(week_text)
    with services().database.reading() as connection:
        if week not in vintages.closed_weeks(connection, unit_id):
            abort(404)
        unit = units.get_unit(connection, unit_id)
        found = remarks.remarks(connection, unit_id, week)
        powers = _powers(connection, person, unit_id)
    listed = found or []
    return render_template(
        "office/remarks.html",
        unit=unit,
        week=week,
        is_thin=found is None,
        shown=[remark for remark in listed if not remark.is_hidden],
        hidden=[remark for remark in listed if remark.is_hidden],
        just_hidden=_just_hidden(listed),
        powers=powers,
        least=LIMITS.forms,
    )


@blueprint.post("/<unit_id>/<week_text>/remarks/<handle>/hiding")
def hide_remark(unit_id: str, week_text: str, handle: str) -> ResponseReturnValue:
    """Take a remark off the page; reviewers still read it."""
    person = require(*MODERATORS, unit=unit_id)
    _set_hidden(person, unit_id, _parse(week_text), handle, is_hidden=True)
    return redirect(url_for("office.remarks", unit_id=unit_id, week_text=week_text, hidden=handle))


@blueprint.post("/<unit_id>/<week_text>/remarks/<handle>/showing")
def show_remark(unit_id: str, week_text: str, handle: str) -> ResponseReturnValue:
    """Put a remark back: it was hidden by mistake, or a reviewer says it must be read."""
    person = require(*MODERATORS, *CHECKERS, unit=unit_id)
    _set_hidden(person, unit_id, _parse(week_text), handle, is_hidden=False)
    return redirect(url_for("office.remarks", unit_id=unit_id, week_text=week_text))


def _set_hidden(person: Visitor, unit_id: str, week: Week, handle: str, *, is_hidden: bool) -> None:
    now = services().clock()
    with services().database.writing() as connection:
        moment = now if is_hidden else None
        if not remarks.set_hidden(connection, unit_id, week, handle, moment):
            abort(404)
        accounts.record_event(
            connection,
            now,
            "remark.hidden" if is_hidden else "remark.shown",
            account_id=person.account_id,
            unit_id=unit_id,
            detail={"week": str(week), "remark": handle},
        )


def _powers(connection: Connection, person: Visitor, unit_id: str) -> Powers:
    return Powers(
        hide=unit_id in covered_units(connection, person, MODERATORS),
        read_hidden=unit_id in covered_units(connection, person, CHECKERS),
    )


def _just_hidden(listed: list[Remark]) -> str | None:
    asked = request.args.get("hidden")
    return next((one.handle for one in listed if one.is_hidden and one.handle == asked), None)


def _parse(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        abort(404)
