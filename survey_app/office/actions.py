"""/office/<unit>/actions: what officials did, and the figures before and after."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from survey_app.accounts.access import ANY_ROLE, Visitor, covered_units, require
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain import actions as effects
from survey_app.domain.bulletin import Change, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.movement import Archive
from survey_app.domain.problem import Problem
from survey_app.domain.publication import open_archive
from survey_app.domain.weeks import Week, local_day
from survey_app.office.changes import (
    ChangeLine,
    Forest,
    forest,
    signed,
    signed_interval,
    within,
)
from survey_app.office.room import blueprint
from survey_app.store import accounts, frozen, questionnaires, units, vintages
from survey_app.store import actions as store
from survey_app.store.actions import Action
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services

OFFICIAL = "official"
LONGEST = 200


class ActionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What was done, from when on, and for which dimension."""

    words = StringField(_("What was done"))
    day = DateField(_("From which day on"))
    dimension = SelectField(_("Meant to improve"), choices=[], validate_choice=False)


@dataclass(frozen=True, slots=True)
class Told:
    """An action with what is said of its effect; `sides`: the published scores before and after, by name."""

    action: Action
    dimension: str
    effect: str
    warnings: tuple[str, ...] = ()
    picture: Forest | None = None
    sides: tuple[tuple[str, Figure], ...] = ()


@blueprint.get("/<unit_id>/actions", endpoint="actions")
def list_actions(unit_id: str) -> ResponseReturnValue:
    """The unit's actions, newest first, and the form for another."""
    person = require(*ANY_ROLE, unit=unit_id)
    return _page(person, unit_id, ActionForm(formdata=None))


@blueprint.post("/<unit_id>/actions")
def record_action(unit_id: str) -> ResponseReturnValue:
    """Keep an action."""
    person = require(OFFICIAL, unit=unit_id)
    form = ActionForm()
    problems = _problems(form)
    if problems:
        for problem in problems:
            form[problem.where].errors = [problem_text(problem)]
        return _page(person, unit_id, form), 422
    now = services().clock()
    with services().database.writing() as connection:
        made = store.record(
            connection,
            unit_id,
            form.day.data or date.min,
            form.dimension.data,
            _words(form),
            account_id=person.account_id,
            now=now,
        )
        _note(connection, person, "action.recorded", made)
    return redirect(url_for("office.actions", unit_id=unit_id))


@blueprint.post("/<unit_id>/actions/<action_id>/withdrawal")
def withdraw_action(unit_id: str, action_id: str) -> ResponseReturnValue:
    """Take an action out of the list: it was recorded by mistake."""
    person = require(OFFICIAL, unit=unit_id)
    with services().database.writing() as connection:
        listed = {action.id: action for action in store.actions(connection, unit_id)}
        if store.withdraw(connection, unit_id, action_id, services().clock()):
            _note(connection, person, "action.withdrawn", listed[action_id])
    return redirect(url_for("office.actions", unit_id=unit_id))


def _page(person: Visitor, unit_id: str, form: ActionForm) -> str:
    dimensions = load_scheme().dimensions
    form.dimension.choices = [
        SelectChoice(d.code, f"{d.code}. {d.names[language()]}") for d in dimensions
    ]
    with services().database.reading() as connection:
        found = units.get_unit(connection, unit_id)
        told = _told(connection, unit_id, store.actions(connection, unit_id))
        may_record = unit_id in covered_units(connection, person, (OFFICIAL,))
    return render_template(
        "office/actions.html", unit=found, told=told, form=form, may_record=may_record, most=LONGEST
    )


def _told(connection: Connection, unit_id: str, listed: list[Action]) -> list[Told]:
    closed = vintages.closed_weeks(connection, unit_id)
    if not listed:
        return []
    archive = _archive(connection, unit_id, closed)
    known = [effects.Action(a.id, a.day, a.words, a.dimension) for a in listed]
    return [
        _tell(action, effects.effect(one, known, archive, closed[-1]) if closed else None, archive)
        for action, one in zip(listed, known, strict=True)
    ]


def _archive(connection: Connection, unit_id: str, closed: list[Week]) -> Archive:
    scheme = load_scheme()
    weeks = frozen.week_psus(connection, unit_id, closed)
    versions = questionnaires.versions(connection)
    return open_archive(unit_id, weeks, versions, scheme, quality_rules())


def _tell(action: Action, found: effects.Effect | Problem | None, archive: Archive) -> Told:
    dimension = load_scheme().dimension(action.dimension)
    name = f"{dimension.code}. {dimension.names[language()]}"
    if found is None:
        return Told(action, name, "")
    if isinstance(found, Problem):
        return Told(action, name, problem_text(found))
    change = found.change
    words = gettext(
        "%(after)s against %(before)s: %(value)s (95%% confidence interval: %(interval)s).",
        after=formats.short_window(change.after),
        before=within(formats.short_window(change.before)),
        value=signed(change),
        interval=signed_interval(change),
    )
    # What holds for every action is said once, above them all.
    own = [one for one in found.warnings if one.code != "action.regression_to_mean"]
    return Told(
        action,
        name,
        words,
        warnings=tuple(map(problem_text, own)),
        picture=forest([ChangeLine(change.key, name, change, "", (), is_narrower=False)]),
        sides=_sides(change, archive),
    )


def _sides(change: Change, archive: Archive) -> tuple[tuple[str, Figure], ...]:
    """What was published for the two periods."""
    named = ((gettext("Before"), change.before), (gettext("After"), change.after))
    return tuple(
        (name, archive.figure(read_window(text).last_week, change.key)) for name, text in named
    )


def _problems(form: ActionForm) -> list[Problem]:
    problems = []
    if not 0 < len(_words(form)) <= LONGEST:
        problems.append(Problem("action.words", "words", {"most": LONGEST}))
    if form.day.data is None or form.day.data > local_day(services().clock()):
        problems.append(Problem("action.day", "day"))
    if form.dimension.data not in {d.code for d in load_scheme().dimensions}:
        problems.append(Problem("action.dimension", "dimension"))
    return problems


def _words(form: ActionForm) -> str:
    return " ".join((form.words.data or "").split())


def _note(connection: Connection, person: Visitor, event: str, action: Action) -> None:
    accounts.record_event(
        connection,
        services().clock(),
        event,
        account_id=person.account_id,
        unit_id=action.unit_id,
        detail={"action": action.id},
    )
