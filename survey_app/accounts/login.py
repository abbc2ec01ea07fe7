"""Logging in: five attempts, then a quarter of an hour's pause; nobody learns which names exist."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from survey_app.accounts import passwords
from survey_app.store import accounts as store
from survey_app.store.accounts import Account, Attempt
from survey_app.store.engine import Database

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)
IDLE_ACCOUNT = timedelta(days=45)


def normal_login(text: str) -> str:
    """A login as it is stored."""
    return text.strip().lower()


def log_in(database: Database, login: str, password: str, now: datetime) -> Account | None:
    """The account whose login and password these are, else None, whatever the reason.

    The attempt is counted before the password is looked at, in a transaction of its own: the slow hash holds no lock.
    """
    with database.writing() as connection:
        attempt = store.begin_attempt(
            connection,
            normal_login(login),
            now,
            most=MOST_FAILURES,
            seconds=int(LOCK.total_seconds()),
        )
    is_right = _is_right(attempt, password)
    if attempt is None:
        return None
    with database.writing() as connection:
        if is_idle(attempt.account, now):
            store.disable(connection, attempt.account.id, now)
            store.record_event(connection, now, "account.idle", account_id=attempt.account.id)
            return None
        if not is_right:
            _note_failure(connection, attempt, now)
            return None
        store.succeed(connection, attempt.account.id, now)
        if passwords.needs_rehash(attempt.password_hash):
            renewed = passwords.hash_password(password)
            store.replace_hash(connection, attempt.account.id, renewed)
    return attempt.account


def is_idle(account: Account, now: datetime) -> bool:
    """Whether nobody used the account for 45 days (NĐ 331/2026, level 2)."""
    return now.timestamp() - account.last_active > IDLE_ACCOUNT.total_seconds()


def is_locked(account: Account, now: datetime) -> bool:
    """Whether log-in is refused for a while after too many wrong passwords."""
    return account.locked_until is not None and account.locked_until > now.timestamp()


def _is_right(attempt: Attempt | None, password: str) -> bool:
    if len(password) > passwords.MOST:
        password = ""
    if attempt is None:
        passwords.verify_nothing(password)
        return False
    return passwords.verify(attempt.password_hash, password)


def _note_failure(connection: Connection, attempt: Attempt, now: datetime) -> None:
    account = attempt.account
    store.record_event(connection, now, "session.refused", account_id=account.id)
    if is_locked(account, now):
        detail = {"minutes": int(LOCK.total_seconds()) // 60}
        store.record_event(connection, now, "account.locked", account_id=account.id, detail=detail)
