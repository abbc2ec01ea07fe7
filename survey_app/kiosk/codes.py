"""/q/: the form on a citizen's own phone, by the code on a receipt or by the square on the wall.

A code is exchanged for a ticket (store/codes.py), and the page goes on with the ticket alone. Everything works without script;
there is no session and no cookie. Without a public address every page here says that it is closed.
"""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from survey_app.domain.codes import form_id, read_code, way_problems
from survey_app.domain.order import FILE_ORDER, seed_of
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.submission import Sender, Submission
from survey_app.domain.weeks import local_day
from survey_app.kiosk import code_notices as notices
from survey_app.kiosk import posted
from survey_app.kiosk.forms import TRANSLATE, carry
from survey_app.kiosk.identity import require_own_origin
from survey_app.kiosk.page import Ticket, Visit
from survey_app.kiosk.views import LANGUAGES
from survey_app.store import codes, units
from survey_app.store.intake import NotStored
from survey_app.web.i18n import gettext, language
from survey_app.web.services import services

BUCKET = "codes"
CODE = "code"
OPEN = "open"
# Attempts to draw an id with a given module; each has one chance in a few.
_MOST_DRAWS = 400

blueprint = Blueprint("codes", __name__, url_prefix="/q", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Way:
    """How the form came here: its unit's online counter, the channel, and the ticket (empty for the square on the wall)."""

    sender: Sender
    ticket: str


@blueprint.before_request
def require_way() -> ResponseReturnValue | None:
    """404 with the reason where phones cannot reach this server; posts come from our own pages, and not too fast."""
    parts = services()
    if way_problems(parts.settings.public_url):
        return notices.closed()
    if request.method == "POST":
        require_own_origin()
        if parts.limits.codes.take(BUCKET, parts.clock()):
            return notices.busy()
    return None


@blueprint.get("/")
def start() -> str:
    """Where to enter a code by hand."""
    return render_template("kiosk/code_entry.html", wrong=False)


@blueprint.post("/")
def enter() -> ResponseReturnValue:
    """A code typed by hand leads to its page."""
    code = read_code(request.form.get("code", ""))
    if code is None:
        page = render_template("kiosk/code_entry.html", wrong=True)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return _see("codes.welcome", code=code)


@blueprint.get("/<code>")
def welcome(code: str) -> ResponseReturnValue:
    """One button, so that a preview of the link does not use the code up."""
    if read_code(code) is None:
        return notices.used_code(None)
    return render_template("kiosk/code_welcome.html", code=code)


@blueprint.post("/<code>")
def exchange(code: str) -> ResponseReturnValue:
    """The code becomes a ticket; from here on nobody knows which code it was."""
    parts = services()
    known = read_code(code)
    with parts.database.writing() as connection:
        today = local_day(parts.clock())
        ticket = codes.exchange(connection, known, today) if known else None
        unit_id = codes.unit_of(connection, known) if known else None
    if ticket is None:
        return notices.used_code(unit_id)
    return _see("codes.form", ticket=ticket)


@blueprint.get("/form/<ticket>")
def form(ticket: str) -> ResponseReturnValue:
    """The long form of a ticket; opened again it is the same empty form."""
    found = _ticket(ticket)
    if found is None or found.spent:
        return notices.used_code(found.unit_id if found else None)
    way = Way(_sender(found.unit_id, CODE), ticket)
    return _page(
        _visit(way, posted.live_version(), Ticket(form_id(ticket), Ticket.mint().salt)), way, []
    )


@blueprint.post("/form/<ticket>")
def answer(ticket: str) -> ResponseReturnValue:
    """The form of a ticket; with a spent or unknown one it is kept as uncoded: apart, flagged, never scored."""
    found = _ticket(ticket)
    unit_id = found.unit_id if found else request.form.get("visit-unit", "")
    visit_ticket = Ticket(form_id(ticket), request.form.get("visit-salt", ""))
    way = Way(_sender(unit_id, CODE), ticket)
    visit = _visit(way, posted.version(), visit_ticket)
    if TRANSLATE in request.form:
        return _page(visit, way, [])
    checked = posted.check(visit, way.sender)
    if isinstance(checked, list):
        return _again(visit, way, checked)
    if found is not None and (not found.spent or _is_stored(checked)):
        return _store(visit, way, checked)
    return _store_uncoded(visit, way, checked)


@blueprint.get("/unit/<unit_code>")
def open_form(unit_code: str) -> ResponseReturnValue:
    """The open channel of a unit: anybody, any number of times; counted apart and never scored."""
    way = Way(_sender(_unit_id(unit_code), OPEN), "")
    return _page(_visit(way, posted.live_version(), Ticket.mint()), way, [])


@blueprint.post("/unit/<unit_code>")
def answer_open(unit_code: str) -> ResponseReturnValue:
    """A form of the open channel."""
    way = Way(_sender(_unit_id(unit_code), OPEN), "")
    visit = _visit(way, posted.version(), posted.ticket())
    if TRANSLATE in request.form:
        return _page(visit, way, [])
    checked = posted.check(visit, way.sender)
    if isinstance(checked, list):
        return _again(visit, way, checked)
    return _store(visit, way, checked)


@blueprint.get("/thanks")
def thanks() -> ResponseReturnValue:
    """Where every way ends: says nothing of the answers."""
    return notices.thanks()


def _store(visit: Visit, way: Way, submission: Submission) -> ResponseReturnValue:
    parts = services()
    try:
        outcome = parts.intake.submit(submission)
    except NotStored:
        words = gettext("The form could not be stored just now. Please send it again in a moment.")
        return _page(visit, way, [words]), HTTPStatus.SERVICE_UNAVAILABLE
    if outcome.kind == "conflict":
        return notices.sent_before()
    if way.ticket:
        with parts.database.writing() as connection:
            codes.spend_ticket(connection, way.ticket)
    return _see("codes.thanks")


def _store_uncoded(visit: Visit, way: Way, coded: Submission) -> ResponseReturnValue:
    sender = Sender(way.sender.unit_id, way.sender.counter_id, OPEN)
    # The order it was shown in stays unsaid: that seed is part of the first form's id.
    second = _second_ticket(visit, way, coded)
    renamed = replace(visit, ticket=second, order_seed=FILE_ORDER)
    checked = posted.check(renamed, sender)
    if isinstance(checked, list):
        return _again(visit, way, checked)
    answered = _store(renamed, Way(sender, ""), checked)
    with services().database.writing() as connection:
        if codes.is_stored(connection, checked):
            codes.flag_uncoded(connection, checked)
    return answered


def _second_ticket(visit: Visit, way: Way, coded: Submission) -> Ticket:
    """An id for a second form, always the same for the same form, of the module that was asked."""
    module = visit.questionnaire.module_of(visit.ticket.id)
    for draw in range(_MOST_DRAWS):
        drawn = form_id(way.ticket, f"{draw}{coded.content_hash}")
        if visit.questionnaire.module_of(drawn) == module:
            return Ticket(drawn, visit.ticket.salt)
    raise LookupError(module)


def _visit(way: Way, questionnaire: Questionnaire, ticket: Ticket) -> Visit:
    return posted.visit(way.sender, questionnaire, ticket, order_seed=seed_of(ticket.id))


def _sender(unit_id: str, channel: str) -> Sender:
    with services().database.reading() as connection:
        counter = codes.online_counter(connection, unit_id)
    return Sender(unit_id, counter, channel) if counter else abort(404)


def _unit_id(unit_code: str) -> str:
    today = local_day(services().clock())
    with services().database.reading() as connection:
        found = [
            unit.id
            for unit in units.list_units(connection)
            if unit.code == unit_code and (unit.valid_to is None or unit.valid_to >= today)
        ]
    return found[-1] if found else abort(404)


def _ticket(ticket: str) -> codes.Ticket | None:
    parts = services()
    with parts.database.reading() as connection:
        return codes.find_ticket(connection, ticket, local_day(parts.clock()))


def _is_stored(form: Submission) -> bool:
    with services().database.reading() as connection:
        return codes.is_stored(connection, form)


def _again(visit: Visit, way: Way, problems: list[Problem]) -> ResponseReturnValue:
    elsewhere = carry(visit.form, visit.questionnaire, problems)
    return _page(visit, way, elsewhere), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(visit: Visit, way: Way, elsewhere: list[str]) -> str:
    return render_template(
        "kiosk/phone.html",
        visit=visit,
        way=way,
        languages=LANGUAGES,
        summary=visit.complaints(elsewhere),
    )


def _see(endpoint: str, **values: str) -> Response:
    # Vietnamese is said by saying nothing.
    named: dict[str, Any] = {**values, "lang": None if language() == "vi" else language()}
    return redirect(url_for(endpoint, **named), HTTPStatus.SEE_OTHER)
