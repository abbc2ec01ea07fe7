"""/admin/people: who may log in, and with which role."""

from datetime import datetime

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from sqlalchemy import Connection

from survey_app.accounts import passwords, require
from survey_app.accounts import people as rules
from survey_app.accounts.access import Visitor, covered_units
from survey_app.accounts.login import is_idle, is_locked
from survey_app.admin.forms import ROLES, GrantForm, PersonForm
from survey_app.admin.room import blueprint
from survey_app.admin.views import ADMINISTRATOR, own_units
from survey_app.domain.problem import Problem
from survey_app.store import accounts as store
from survey_app.store.accounts import Account
from survey_app.web.i18n import lazy_gettext as _
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Everybody this administrator looks after."""
    person = require(ADMINISTRATOR)
    now = services().clock()
    with services().database.reading() as connection:
        listed = [a for a in store.list_accounts(connection) if _is_own(connection, person, a)]
        names = {unit.id: unit.name for unit in own_units(connection, person)}
    states = {account.id: _state(account, now) for account in listed}
    return render_template(
        "admin/people.html", accounts=listed, states=states, units=names, roles=ROLES
    )


@blueprint.get("/people/new")
def new_person() -> ResponseReturnValue:
    """The form for a new person."""
    person = require(ADMINISTRATOR)
    return _new_page(person, PersonForm())


@blueprint.post("/people/new")
def add_person() -> ResponseReturnValue:
    """Make the account; its password is shown in this answer and never again."""
    person = require(ADMINISTRATOR)
    form = PersonForm()
    if not form.validate_on_submit():
        return _new_page(person, form), 422
    password = passwords.new_password()
    try:
        with services().database.writing() as connection:
            _require_own_unit(connection, person, form.grant.unit_id)
            account_id = rules.create(
                connection,
                services().clock(),
                login=form.login.data or "",
                name=form.name.data or "",
                password=password,
                grants=[form.grant],
                by=person.account_id,
            )
    except rules.Refused as refused:
        _place_errors(form, refused.problems)
        return _new_page(person, form), 422
    return _password_page(account_id, password)


@blueprint.get("/people/<int:account_id>")
def one_person(account_id: int) -> ResponseReturnValue:
    """One account: its roles, and what can be done with it."""
    person = require(ADMINISTRATOR)
    return _person_page(person, account_id)


@blueprint.post("/people/<int:account_id>/roles")
def give_role(account_id: int) -> ResponseReturnValue:
    """A further role."""
    person = require(ADMINISTRATOR)
    _own_account(person, account_id)
    given = GrantForm().grant
    try:
        with services().database.writing() as connection:
            _require_own_unit(connection, person, given.unit_id)
            rules.give(connection, services().clock(), account_id, given, by=person.account_id)
    except rules.Refused as refused:
        return _person_page(person, account_id, problems=refused.problems), 422
    return redirect(url_for("admin.one_person", account_id=account_id))


@blueprint.post("/people/<int:account_id>/closing")
def close_person(account_id: int) -> ResponseReturnValue:
    """Disable the account; it is logged out everywhere."""
    person = require(ADMINISTRATOR)
    _own_account(person, account_id)
    try:
        with services().database.writing() as connection:
            rules.close(connection, services().clock(), account_id, by=person.account_id)
    except rules.Refused as refused:
        return _person_page(person, account_id, problems=refused.problems), 422
    return redirect(url_for("admin.one_person", account_id=account_id))


@blueprint.post("/people/<int:account_id>/password")
def new_password(account_id: int) -> ResponseReturnValue:
    """A new password, shown in this answer and never again; it opens a closed account."""
    person = require(ADMINISTRATOR)
    _own_account(person, account_id)
    password = passwords.new_password()
    with services().database.writing() as connection:
        now = services().clock()
        rules.set_password(connection, now, account_id, password, by=person.account_id)
    return _password_page(account_id, password)


def _new_page(person: Visitor, form: PersonForm) -> str:
    with services().database.reading() as connection:
        form.offer(own_units(connection, person))
    return render_template("admin/new_person.html", form=form)


def _person_page(person: Visitor, account_id: int, problems: list[Problem] | None = None) -> str:
    account = _own_account(person, account_id)
    form = GrantForm(formdata=None)
    with services().database.reading() as connection:
        own = own_units(connection, person)
    form.offer(own)
    return render_template(
        "admin/person.html",
        account=account,
        state=_state(account, services().clock()),
        form=form,
        problems=problems or [],
        roles=ROLES,
        units={unit.id: unit.name for unit in own},
        is_self=account.id == person.account_id,
    )


def _password_page(account_id: int, password: str) -> str:
    with services().database.reading() as connection:
        account = store.get(connection, account_id)
    return render_template("admin/password.html", account=account, password=password)


def _own_account(person: Visitor, account_id: int) -> Account:
    with services().database.reading() as connection:
        account = store.get(connection, account_id)
        if account is None:
            abort(404)
        if not _is_own(connection, person, account):
            abort(403)
    return account


def _is_own(connection: Connection, person: Visitor, account: Account) -> bool:
    """An administrator of one ward must not touch whoever has a role elsewhere."""
    allowed = covered_units(connection, person, (ADMINISTRATOR,))
    return all(grant.unit_id in allowed for grant in account.grants)


def _require_own_unit(connection: Connection, person: Visitor, unit_id: str) -> None:
    if unit_id not in covered_units(connection, person, (ADMINISTRATOR,)):
        raise rules.Refused([Problem("account.unit", "unit", {"unit": unit_id})])


def _place_errors(form: PersonForm, problems: list[Problem]) -> None:
    fields = {"unit": form.unit, "role": form.role}
    for problem in problems:
        field = fields.get(problem.where, form.login)
        field.errors = [*field.errors, problem_text(problem)]


def _state(account: Account, now: datetime) -> LazyString:
    if account.disabled_at is not None:
        return _("closed")
    if is_idle(account, now):
        return _("closed: not used for 45 days")
    return _("locked for 15 minutes") if is_locked(account, now) else _("open")
