"""Which tablet is asking. Its credential is a cookie; citizens have no session and no token."""

from flask import abort, request

from survey_app.store import kiosks
from survey_app.store.engine import Database
from survey_app.store.kiosks import Kiosk


def present_kiosk(database: Database) -> Kiosk | None:
    """The tablet that sent this request, None when it is not paired."""
    credential = request.cookies.get(kiosks.COOKIE)
    if not credential:
        return None
    with database.reading() as connection:
        return kiosks.authenticate(connection, credential)


def require_own_origin() -> None:
    """Refuse a post that another site's page started; without a session this is what stands against forged forms."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        abort(403)
