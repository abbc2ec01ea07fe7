"""Error pages. They touch neither session nor database, so that they work when those do not."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from survey_app.domain.problem import Problem
from survey_app.web.i18n import lazy_gettext as _

RETRY_AFTER_SECONDS = 30
# Paths that machines ask for: they get JSON.
FOR_MACHINES = ("/api/", "/healthz", "/readyz", "/metrics")


# Rooms without accounts, and where each of them starts; their template is the kiosk's.
FOR_CITIZENS = {"/kiosk/": "kiosk.start", "/q/": "codes.start", "/trust/": "trust.start"}
# What an error may say beside its page.
KEPT = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: what happened, and what the reader can do."""

    title: LazyString
    advice: LazyString


PAGES = {
    400: Words(
        _("The request could not be read"),
        _("Please go back, load the page again and repeat the last step."),
    ),
    401: Words(_("You are not logged in"), _("Please log in and open the page again.")),
    403: Words(
        _("This page is not open to you"),
        _("Your account has no role for this unit. Please ask the administrator of the survey."),
    ),
    404: Words(
        _("There is no such page"),
        _("The address may be mistyped or out of date. Please start from the first page."),
    ),
    405: Words(
        _("This page cannot do that"),
        _("Please go back and use the buttons of the page."),
    ),
    409: Words(
        _("This has been changed meanwhile"),
        _("Please load the page again and look at what has changed."),
    ),
    413: Words(_("Too much was sent at once"), _("Please shorten the text and send it again.")),
    415: Words(
        _("This kind of content is not accepted"),
        _("Please go back and use the form of the page."),
    ),
    429: Words(_("Too many attempts"), _("Please wait a few minutes and try again.")),
    500: Words(
        _("Something went wrong on our side"),
        _("Nothing that was already confirmed is lost. Please try again in a few minutes."),
    ),
    503: Words(
        _("The service is resting for a moment"),
        _("Nothing that was already confirmed is lost. Please try again in a few minutes."),
    ),
}
# Nobody is logged in there.
NOT_OPEN = Words(
    _("This page cannot be opened in this way"), _("Please start again from the first page.")
)
PAGES_FOR_CITIZENS = {**PAGES, 401: NOT_OPEN, 403: NOT_OPEN}
STALE_FORM = Words(
    _("This form is out of date"),
    _("For your safety a form is valid for one visit. Please load the page again and repeat it."),
)


def install(app: Flask) -> None:
    """Answer every error by a page, or by JSON where a machine asks."""
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(OperationalError, unavailable)


def answer(error: HTTPException) -> ResponseReturnValue:
    """The answer to an error that has a status code; redirects pass as they are."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    status = error.code or 500
    if isinstance(error, SecurityError):  # a foreign host: not even addresses can be built
        return Response(f"{words_for(status).title}\n", status, content_type="text/plain")
    body, status = page(status, words_for(status))
    kept = {name: value for name, value in error.get_headers() if name in KEPT}
    return body, status, kept


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """A post without the token of this browser."""
    return page(400, STALE_FORM)


def unavailable(error: OperationalError) -> ResponseReturnValue:
    """The disk is full, or the database is away: nothing was written, and what is asked again later can succeed."""
    _log.error("the database cannot be written or reached", exc_info=error)
    body, status = page(503, words_for(503))
    return body, status, {"Retry-After": str(RETRY_AFTER_SECONDS)}


def words_for(status: int) -> Words:
    """The words of a status; those of its class where it has none of its own."""
    pages = PAGES_FOR_CITIZENS if request.path.startswith(tuple(FOR_CITIZENS)) else PAGES
    return pages.get(status) or pages[500 if status >= 500 else 400]


def page(status: int, words: Words) -> tuple[Response | str, int]:
    """An error as its reader can use it."""
    if request.path.startswith(FOR_MACHINES):
        problem = Problem(f"http.{status}")
        return jsonify(problems=[{**problem.as_json(), "message": str(words.title)}]), status
    for room, start in FOR_CITIZENS.items():
        if request.path.startswith(room):
            back = url_for(start)
            return render_template(
                "kiosk/error.html", words=words, status=status, start=back
            ), status
    return render_template("web/error.html", words=words, status=status), status
