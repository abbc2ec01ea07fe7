"""The shell: what every page of every room stands in."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, render_template, request, send_from_directory
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from survey_app.config import Settings
from survey_app.web import (
    compression,
    errors,
    formats,
    headers,
    i18n,
    logging,
    problem_texts,
    transport,
)
from survey_app.web.i18n import lazy_gettext as _

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_FORM = 256 * 1024
# Citizens have no session and so no token: their posts are checked by content type, origin and a custom header.
WITHOUT_SESSION = frozenset({"api", "codes", "kiosk", "trust"})
CITIZENS = ("/api/", "/kiosk/", "/q/", "/trust/")


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the first page names it."""

    path: str
    label: LazyString
    purpose: LazyString


VENDOR = Path(__file__).parent / "vendor"

ROOMS = (
    Room(
        "/kiosk/",
        _("Survey form"),
        _("For citizens, on the tablet at the counter. Anonymous; no account."),
    ),
    Room(
        "/office/",
        _("The week's figures"),
        _("For leaders and staff of a unit: the last closed week on one page."),
    ),
    Room(
        "/evidence/",
        _("Evidence"),
        _("For reviewers: row files of closed weeks, and how to recompute the figures."),
    ),
    Room(
        "/admin/",
        _("Administration"),
        _("For administrators: units, counters, tablets and people."),
    ),
)

blueprint = Blueprint(
    "web", __name__, static_folder="static", static_url_path="/static", template_folder="templates"
)
csrf = CSRFProtect()


@blueprint.get("/")
def start() -> str:
    """The rooms, each with a line on whom it is for."""
    return render_template("web/start.html", rooms=ROOMS)


@blueprint.get("/vendor/<path:filename>")
def vendor(filename: str) -> Response:
    """Assets of others, shipped with the program."""
    return send_from_directory(VENDOR, filename)


def install(app: Flask, settings: Settings) -> None:
    """Give `app` languages, texts, error pages, headers and logs."""
    app.config.from_mapping(configuration(settings))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["demo"] = settings.demo
    i18n.install(app)
    formats.install(app)
    problem_texts.install(app)
    errors.install(app)
    compression.install(app)
    headers.install(app, settings)
    logging.install(app)
    transport.install(app)
    app.session_interface = OfficeSessions()
    csrf.init_app(app)
    app.before_request(check_token)
    app.register_blueprint(blueprint)


class OfficeSessions(SecureCookieSessionInterface):
    """Flask's session carries the token against forged forms; citizens' rooms have none to read or sign."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """No session, and so no cookie, where citizens are (the path is all that is known so early)."""
        if request.path.startswith(CITIZENS):
            return NullSession()
        return super().open_session(app, request)


def configuration(settings: Settings) -> dict[str, object]:
    """Flask's own settings; the cookie it names carries nothing but the token against forged forms."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": sorted({host, "localhost", "127.0.0.1"}),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "form_token",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def check_token() -> ResponseReturnValue | None:
    """Every post of a room with sessions carries the token; a room not named above is such a room."""
    if request.blueprint not in WITHOUT_SESSION and request.endpoint is not None:
        csrf.protect()
    return None
