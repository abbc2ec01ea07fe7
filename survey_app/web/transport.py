"""How a request came: over TLS (ended here or by a proxy on this machine), from this very machine, or in the open.

Rooms with passwords are not served in the open: whoever listens in the office's Wi-Fi would read them.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, request
from flask.typing import ResponseReturnValue

from survey_app.web import errors
from survey_app.web.errors import Words
from survey_app.web.i18n import lazy_gettext as _

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WITH_PASSWORDS = frozenset({"accounts", "admin", "evidence", "office"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1"})
# What a proxy adds to what it passes on.
_PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")
OPEN = Words(
    _("This page needs a protected connection"),
    _(
        "Over http everybody in the network could read your password. Please open the page by its "
        "https address, or on the server itself. If there is no https address yet, the operator "
        "runs “survey-app tls”."
    ),
)


class LocalProxy:
    """Believes X-Forwarded-Proto from a proxy on this machine, and from nobody else."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Serve one request."""
        said = environ.get("HTTP_X_FORWARDED_PROTO")
        if said == "https" and _is_loopback(environ.get("REMOTE_ADDR")):
            environ["wsgi.url_scheme"] = "https"
        return self._app(environ, start_response)


def install(app: Flask) -> None:
    """Refuse the rooms with passwords in the open."""
    app.wsgi_app = LocalProxy(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap it
    app.before_request(_refuse_in_the_open)


def _refuse_in_the_open() -> ResponseReturnValue | None:
    if request.blueprint not in WITH_PASSWORDS or request.is_secure or _is_from_here():
        return None
    return errors.page(HTTPStatus.FORBIDDEN, OPEN)


def _is_from_here() -> bool:
    is_passed_on = any(name in request.headers for name in _PASSED_ON)
    name = request.host.rsplit(":", 1)[0]
    return _is_loopback(request.remote_addr) and name in LOOPBACK_NAMES and not is_passed_on


def _is_loopback(address: object) -> bool:
    return isinstance(address, str) and (address.startswith("127.") or address == "::1")
