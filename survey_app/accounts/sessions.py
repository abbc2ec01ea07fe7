"""Sessions: a random token in a cookie, a row in the database, an end after fifteen idle minutes."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from flask import request, session
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from survey_app.store import accounts as store
from survey_app.store.accounts import Account
from survey_app.web.services import services

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
# Noting each request would be a write each; so much sooner a session may end.
TOUCH_EVERY = timedelta(seconds=30)


def begin(account: Account, response: Response) -> None:
    """Open a session under a new token; what this browser had before is over."""
    end(response)
    now = services().clock()
    token = secrets.token_urlsafe(32)
    with services().database.writing() as connection:
        seconds = int(LONGEST.total_seconds())
        store.open_session(connection, token, account.id, now, seconds=seconds)
        store.record_event(connection, now, "session.opened", account_id=account.id)
    response.set_cookie(cookie_name(), token, secure=_is_https(), httponly=True, samesite="Lax")


def end(response: Response) -> None:
    """Close this browser's session, if it has one, and forget its form token."""
    token = request.cookies.get(cookie_name())
    session.clear()
    if token:
        with services().database.writing() as connection:
            store.close_session(connection, token)
        response.delete_cookie(cookie_name(), secure=_is_https(), httponly=True, samesite="Lax")


def current() -> Account | None:
    """Who is logged in on this browser; asking counts as use."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    now = services().clock()
    with services().database.reading() as connection:
        found = store.read_session(connection, token)
    if found is None or not _is_open(found, now):
        return None
    if now.timestamp() - found.last_seen >= TOUCH_EVERY.total_seconds():
        _touch(token, now)
    return found.account


def _touch(token: str, now: datetime) -> None:
    # On a full disk pages can still be read; the session then ends so much sooner.
    with suppress(OperationalError), services().database.writing() as connection:
        store.touch_session(connection, token, now)


def cookie_name() -> str:
    """Under https the name binds the cookie to this host and to secure transport."""
    return "__Host-visit" if _is_https() else "visit"


def _is_open(found: store.Session, now: datetime) -> bool:
    moment = now.timestamp()
    return found.expires_at > moment and moment - found.last_seen < IDLE.total_seconds()


def _is_https() -> bool:
    return services().settings.is_https
