"""/admin/dossiers/<unit>/table: the numbers of many weeks at once, pasted from a spreadsheet or as a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import FileField, TextAreaField

from survey_app.accounts import require
from survey_app.admin.dossiers import Place, keep, place_of
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR
from survey_app.domain.dossier_table import WEEK, LineProblem, read_table
from survey_app.domain.dossiers import TOTAL
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.domain.weighted import Dossiers
from survey_app.web.i18n import gettext
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services


class TableForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The lines, or a file with them."""

    lines = TextAreaField(_("Lines"))
    file = FileField(_("Or a CSV file"))


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, and where; `line` 0: with the whole."""

    line: int
    words: str


@blueprint.get("/dossiers/<unit_id>/table")
def dossier_table(unit_id: str) -> ResponseReturnValue:
    """The form, with the line of column names to begin with."""
    require(ADMINISTRATOR, unit=unit_id)
    place = _place(unit_id)
    form = TableForm(formdata=None, data={"lines": "\t".join(_headings(place)) + "\n"})
    return _page(place, form, [])


@blueprint.post("/dossiers/<unit_id>/table")
def report_table(unit_id: str) -> ResponseReturnValue:
    """Keep every week of it, or none: then what is wrong stands line by line beside what was sent."""
    person = require(ADMINISTRATOR, unit=unit_id)
    place, form = _place(unit_id), TableForm()
    text = _sent(form)
    if text is None:
        return _page(place, form, [Complaint(0, problem_text(Problem("dossiers.not_text")))]), 422
    form.lines.data = text
    found = _read(text, place)
    if not isinstance(found, dict):
        return _page(place, form, [_complaint(one, place) for one in found]), 422
    with services().database.writing() as connection:
        for week, dossiers in found.items():
            keep(connection, person, unit_id, week, dossiers)
    return redirect(url_for("admin.dossiers", unit_id=unit_id, kept=len(found)))


def _place(unit_id: str) -> Place:
    with services().database.reading() as connection:
        return place_of(connection, unit_id)


def _sent(form: TableForm) -> str | None:
    """The file's text where there is one, else what was typed; None when the file is no text."""
    sent = request.files.get("file")
    body = sent.read() if sent else b""
    if not body:
        return form.lines.data or ""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _read(text: str, place: Place) -> dict[Week, Dossiers] | list[LineProblem]:
    names = {WEEK: (gettext("Week"),), TOTAL: (gettext("All dossiers"),)}
    return read_table(text, place.groups, last_closed_week(services().clock()), names)


def _page(place: Place, form: TableForm, complaints: Sequence[Complaint]) -> str:
    return render_template(
        "admin/dossier_table.html",
        place=place,
        form=form,
        complaints=complaints,
        headings=_headings(place),
    )


def _headings(place: Place) -> list[str]:
    return [gettext("Week"), *place.groups.values(), gettext("All dossiers")]


def _complaint(found: LineProblem, place: Place) -> Complaint:
    own = {WEEK: gettext("Week"), TOTAL: gettext("All dossiers")}
    column = own.get(found.column) or place.groups.get(found.column, "")
    words = problem_text(found.problem)
    return Complaint(found.line, f"{column}: {words}" if column else words)
