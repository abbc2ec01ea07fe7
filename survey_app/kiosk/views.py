"""The citizen's form as a page, and what it becomes without JavaScript. With JavaScript the form goes to the API."""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from survey_app._version import __version__
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.submission import Sender, Submission
from survey_app.kiosk import notices, posted, recordings
from survey_app.kiosk.forms import TRANSLATE, carry
from survey_app.kiosk.identity import present_kiosk, require_own_origin
from survey_app.kiosk.page import Ticket, Visit, purpose
from survey_app.store import kiosks
from survey_app.store.intake import NotStored
from survey_app.store.kiosks import Kiosk
from survey_app.web.credential import give_credential
from survey_app.web.i18n import DEFAULT_LANGUAGE, gettext, language, speaking
from survey_app.web.services import services

RESPONSES = "/api/v1/responses"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
# Said in every language at once, before one is chosen: so it is no translation of the page.
INVITATION = {
    "vi": "Xin Ông/Bà cho ý kiến về việc phục vụ hôm nay",
    "en": "Please tell us how you were served today",
}
CLOSED = {
    "vi": "Máy này tạm thời chưa nhận phiếu được. Xin Ông/Bà báo giúp nhân viên.",
    "en": "This tablet cannot take forms just now. Please tell a member of staff.",
}

blueprint = Blueprint(
    "kiosk",
    __name__,
    url_prefix="/kiosk",
    static_folder="static",
    template_folder="templates",
)


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """The whole questionnaire, empty, with a new id."""
    kiosk = present_kiosk(services().database)
    if kiosk is None:
        return notices.not_connected()
    return show(new_visit(kiosk, posted.live_version(), Ticket.mint()))


@blueprint.post("/")
def answer() -> ResponseReturnValue:
    """The long form, sent without JavaScript: stored, or shown again with everything typed and what is wrong."""
    require_own_origin()
    kiosk = present_kiosk(services().database)
    # A form without script cannot be signed: from a tablet with a key it could come by a copied cookie.
    if kiosk is None or kiosk.public_key is not None:
        return notices.not_connected()
    visit = new_visit(kiosk, posted.version(), posted.ticket())
    if TRANSLATE in request.form:
        return show(visit)
    checked = posted.check(visit, _sender(kiosk))
    if isinstance(checked, list):
        elsewhere = carry(visit.form, visit.questionnaire, checked)
        return show(visit, elsewhere), HTTPStatus.UNPROCESSABLE_ENTITY
    return _store(visit, checked)


def _store(visit: Visit, submission: Submission) -> ResponseReturnValue:
    try:
        outcome = services().intake.submit(submission)
    except NotStored:
        words = gettext("The form could not be stored just now. Please send it again in a moment.")
        return show(visit, [words]), HTTPStatus.SERVICE_UNAVAILABLE
    if outcome.kind == "conflict":
        return notices.sent_before()
    return redirect(url_for("kiosk.thanks", lang=_lang()), HTTPStatus.SEE_OTHER)


@blueprint.get("/thanks")
def thanks() -> ResponseReturnValue:
    """Where the long form ends: says nothing of the answers."""
    return notices.thanks()


@blueprint.get("/audio/<spoken>/<name>")
def recording(spoken: str, name: str) -> ResponseReturnValue:
    """A screen read aloud."""
    kind = recordings.ENDINGS.get(Path(name).suffix)
    if spoken not in LANGUAGES or kind is None:
        abort(404)
    return send_from_directory(_recordings() / spoken, name, mimetype=kind)


@blueprint.get("/connect")
def connect() -> str:
    """Where staff type the six digits that the administrator reads out."""
    return render_template("kiosk/connect.html")


@blueprint.get("/pair/<token>")
def pair(token: str) -> str:
    """The one-use address: one button, so that a preview of the link does not use it up."""
    return render_template("kiosk/pair.html", token=token)


@blueprint.post("/pair/<token>")
def claim(token: str) -> ResponseReturnValue:
    """Use the address: this browser is now the counter's tablet."""
    parts = services()
    require_own_origin()
    with parts.database.writing() as connection:
        credential = kiosks.claim(connection, token, parts.clock())
    if credential is None:
        return notices.used_address()
    response = redirect(url_for("kiosk.start"), HTTPStatus.SEE_OTHER)
    give_credential(response, credential, parts.settings)
    return response


def new_visit(kiosk: Kiosk, questionnaire: Questionnaire, ticket: Ticket) -> Visit:
    """A visit to this tablet, filled with what was posted."""
    is_trial = kiosk.public_key is None
    return posted.visit(_sender(kiosk), questionnaire, ticket, is_trial=is_trial)


def _sender(kiosk: Kiosk) -> Sender:
    return Sender(kiosk.unit_id, kiosk.counter_id, "kiosk")


def show(visit: Visit, elsewhere: list[str] | None = None) -> str:
    """The questionnaire's page; `elsewhere`: complaints that belong to no field."""
    with speaking(DEFAULT_LANGUAGE):
        asleep = gettext("The survey rests. Touch the screen to wake it.")
        staff = Markup(_staff_screen(visit))  # noqa: S704  (our own template)
    return render_template(
        "kiosk/visit.html",
        staff=staff,
        asleep=asleep,
        visit=visit,
        summary=visit.complaints(elsewhere or []),
        invitation=INVITATION,
        closed=CLOSED,
        languages=LANGUAGES,
        responses=RESPONSES,
        purpose=purpose(),
        recordings=recordings.listed(visit.questionnaire, _recordings()),
        works_offline=services().settings.kiosk_offline,
        sealing_key=services().sealing.public_jwk,
        app_version=__version__,
    )


def _staff_screen(visit: Visit) -> str:
    return render_template(
        "kiosk/staff.html", visit=visit, languages=LANGUAGES, trust_address=_trust_address()
    )


def _trust_address() -> str:
    """Where a tablet learns over http to trust this installation's own authority; "" where there is none."""
    settings = services().settings
    host = urlsplit(settings.public_url).hostname
    return f"http://{host}:{settings.http_port}/trust/" if settings.http_port else ""


def _recordings() -> Path:
    return services().settings.data_dir / recordings.FOLDER


def _lang() -> str | None:
    return None if language() == "vi" else language()
