"""Which tablet is asking. Its credential is a cookie; citizens have no session and no token."""

from datetime import timedelta

from flask import abort, request
from werkzeug.wrappers import Response

from survey_app.config import Settings
from survey_app.store import kiosks
from survey_app.store.engine import Database
from survey_app.store.kiosks import Kiosk

# Browsers keep no cookie longer than this.
LIFE = timedelta(days=400)


def present_kiosk(database: Database) -> Kiosk | None:
    """The tablet that sent this request, None when it is not paired."""
    credential = request.cookies.get(kiosks.COOKIE)
    if not credential:
        return None
    with database.reading() as connection:
        return kiosks.authenticate(connection, credential)


def give_credential(response: Response, credential: str, settings: Settings) -> None:
    """Set the tablet's cookie: not for scripts, not from other sites, over TLS where there is TLS."""
    response.set_cookie(
        kiosks.COOKIE,
        credential,
        max_age=LIFE,
        httponly=True,
        samesite="Strict",
        secure=settings.is_https,
    )


def require_own_origin() -> None:
    """Refuse a post that another site's page started; without a session this is what stands against forged forms."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        abort(403)
