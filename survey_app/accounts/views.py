"""/accounts/: log in, log out, change one's password."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from survey_app.accounts import access, people, sessions
from survey_app.accounts.forms import LoginForm, PasswordForm
from survey_app.accounts.login import log_in
from survey_app.web.i18n import gettext
from survey_app.web.problem_texts import problem_text
from survey_app.web.services import services

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The form; who is logged in already goes on."""
    target = access.local_path(request.args.get("next"))
    person = access.visitor()
    if person is not None:
        return redirect(target or home(person))
    return render_template("accounts/login.html", form=LoginForm(), target=target)


@blueprint.post("/login")
def submit_login() -> ResponseReturnValue:
    """One answer for every refusal: wrong name, wrong password, locked, closed."""
    form = LoginForm()
    target = access.local_path(request.args.get("next"))
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form, target=target), 422
    parts = services()
    given = (form.login.data or "", form.password.data or "")
    account = log_in(parts.database, *given, parts.clock())
    if account is None:
        refused = gettext(
            "Login name or password is wrong, or the account is locked. After 5 wrong "
            "attempts an account is locked for 15 minutes."
        )
        page = render_template("accounts/login.html", form=form, target=target, refused=refused)
        return page, 403
    person = access.Visitor(account.id, account.login, account.name, account.grants)
    response = redirect(target or home(person))
    sessions.begin(account, response)
    return response


@blueprint.post("/logout")
def logout() -> Response:
    """End the session on the server, not only in the browser."""
    person = access.visitor()
    response = redirect(url_for("accounts.login"))
    sessions.end(response)
    if person is not None:
        people.note(person, "session.closed")
    return response


@blueprint.get("/password")
def password() -> ResponseReturnValue:
    """The form for a new password."""
    access.require(*access.ANY_ROLE)
    return render_template("accounts/password.html", form=PasswordForm())


@blueprint.post("/password")
def submit_password() -> ResponseReturnValue:
    """Change it; every session of the account ends, this browser logs in again."""
    person = access.require(*access.ANY_ROLE)
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form), 422
    problems = people.change_own_password(person, form.old.data or "", form.new.data or "")
    if problems:
        form.new.errors = [problem_text(p) for p in problems if p.where == "password"]
        form.old.errors = [problem_text(p) for p in problems if p.where == "old"]
        return render_template("accounts/password.html", form=form), 422
    response = redirect(url_for("accounts.login"))
    sessions.end(response)
    return response


def home(person: access.Visitor) -> str:
    """Where a person's work begins."""
    rooms = person.rooms
    return url_for(rooms[0].endpoint) if rooms else url_for("web.start")
