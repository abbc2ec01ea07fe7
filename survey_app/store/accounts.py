"""Accounts, their grants and sessions, and what was done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from survey_app.store import schema
from survey_app.store.upsert import insert_missing

ROLES = ("administrator", "official", "reviewer")
_account = schema.account
_grant = schema.account_grant
_session = schema.session
_event = schema.audit_event


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on a unit and everything below it."""

    role: str
    unit_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in; moments are UTC seconds."""

    id: int
    login: str
    name: str
    grants: tuple[Grant, ...]
    created_at: int
    password_set_at: int
    last_login_at: int | None
    locked_until: int | None
    disabled_at: int | None

    @property
    def last_active(self) -> int:
        """What the rule on idle accounts counts from."""
        return max(self.last_login_at or 0, self.password_set_at, self.created_at)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A log-in attempt that was let through to the password: how many failed before it counts."""

    account: Account
    password_hash: str


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; moments are UTC seconds."""

    account: Account
    last_seen: int
    expires_at: int


class LoginTaken(ValueError):
    """Another account has this login."""


def add(connection: Connection, *, login: str, name: str, password_hash: str, now: datetime) -> int:
    """Store an account and return its number; raises LoginTaken."""
    moment = int(now.timestamp())
    values = {
        "login": login,
        "name": name,
        "password_hash": password_hash,
        "created_at": moment,
        "password_set_at": moment,
    }
    statement = insert(_account).values(values).returning(_account.c.id)
    try:
        with connection.begin_nested():
            return int(connection.execute(statement).scalar_one())
    except IntegrityError as error:
        raise LoginTaken(login) from error


def grant(connection: Connection, account_id: int, given: Grant, now: datetime) -> None:
    """Give a role on a unit; giving it twice changes nothing."""
    values = {"account_id": account_id, "role": given.role, "unit_id": given.unit_id}
    moment = {"granted_at": int(now.timestamp())}
    connection.execute(insert_missing(connection, _grant), {**values, **moment})


def list_accounts(connection: Connection) -> list[Account]:
    """Every account by login."""
    rows = connection.execute(select(_account).order_by(_account.c.login)).all()
    return [_read(connection, row) for row in rows]


def find(connection: Connection, login: str) -> Account | None:
    """The account with this login."""
    row = connection.execute(select(_account).where(_account.c.login == login)).one_or_none()
    return _read(connection, row) if row else None


def get(connection: Connection, account_id: int) -> Account | None:
    """The account with this number."""
    row = connection.execute(select(_account).where(_account.c.id == account_id)).one_or_none()
    return _read(connection, row) if row else None


def begin_attempt(
    connection: Connection, login: str, now: datetime, *, most: int, seconds: int
) -> Attempt | None:
    """Count an attempt before its password is looked at; None when the account is unknown, closed or locked.

    Counting first, in one statement, means that guesses sent at the same time cannot pass the limit together. The attempt that
    reaches `most` locks the account for `seconds`; `succeed` takes that back.
    """
    moment = int(now.timestamp())
    over = _account.c.locked_until.is_not(None)
    failures = case((over, 1), else_=_account.c.failures + 1)
    lock = case((failures >= most, moment + seconds), else_=None)
    free = ~over | (_account.c.locked_until <= moment)
    row = connection.execute(
        update(_account)
        .where(_account.c.login == login, _account.c.disabled_at.is_(None), free)
        .values(failures=failures, locked_until=lock)
        .returning(_account)
    ).one_or_none()
    return Attempt(_read(connection, row), row.password_hash) if row else None


def succeed(connection: Connection, account_id: int, now: datetime) -> None:
    """The password was right: forget the failures."""
    values = {"failures": 0, "locked_until": None, "last_login_at": int(now.timestamp())}
    connection.execute(update(_account).where(_account.c.id == account_id).values(values))


def set_password(
    connection: Connection, account_id: int, password_hash: str, now: datetime
) -> None:
    """A new password opens a closed or locked account again and ends its sessions."""
    values = {
        "password_hash": password_hash,
        "password_set_at": int(now.timestamp()),
        "failures": 0,
        "locked_until": None,
        "disabled_at": None,
    }
    connection.execute(update(_account).where(_account.c.id == account_id).values(values))
    end_sessions(connection, account_id)


def replace_hash(connection: Connection, account_id: int, password_hash: str) -> None:
    """The same password under today's parameters."""
    change = update(_account).where(_account.c.id == account_id)
    connection.execute(change.values(password_hash=password_hash))


def disable(connection: Connection, account_id: int, now: datetime) -> None:
    """Close an account and end its sessions."""
    change = update(_account).where(_account.c.id == account_id, _account.c.disabled_at.is_(None))
    connection.execute(change.values(disabled_at=int(now.timestamp())))
    end_sessions(connection, account_id)


def open_session(
    connection: Connection, token: str, account_id: int, now: datetime, *, seconds: int
) -> None:
    """Store a session that ends after `seconds` in any case; sessions that are over are cleared away."""
    moment = int(now.timestamp())
    connection.execute(delete(_session).where(_session.c.expires_at <= moment))
    connection.execute(
        insert(_session).values(
            token_hash=_hash(token),
            account_id=account_id,
            created_at=moment,
            last_seen=moment,
            expires_at=moment + seconds,
        )
    )


def read_session(connection: Connection, token: str) -> Session | None:
    """The session of a token with its account; None when there is none or the account is closed."""
    row = connection.execute(
        select(_session).where(_session.c.token_hash == _hash(token))
    ).one_or_none()
    account = get(connection, row.account_id) if row else None
    if row is None or account is None or account.disabled_at is not None:
        return None
    return Session(account, row.last_seen, row.expires_at)


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Note that the session is in use."""
    change = update(_session).where(_session.c.token_hash == _hash(token))
    connection.execute(change.values(last_seen=int(now.timestamp())))


def close_session(connection: Connection, token: str) -> None:
    """End one session."""
    connection.execute(delete(_session).where(_session.c.token_hash == _hash(token)))


def end_sessions(connection: Connection, account_id: int) -> None:
    """End every session of an account."""
    connection.execute(delete(_session).where(_session.c.account_id == account_id))


def record_event(
    connection: Connection,
    now: datetime,
    action: str,
    *,
    account_id: int | None,
    unit_id: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note who did what, when, concerning which unit; never an address, never a secret."""
    connection.execute(
        insert(_event).values(
            at=int(now.timestamp()),
            account_id=account_id,
            action=action,
            unit_id=unit_id,
            detail=json.dumps(detail or {}, ensure_ascii=False, sort_keys=True),
        )
    )


def _read(connection: Connection, row: Row[Any]) -> Account:
    order = (_grant.c.unit_id, _grant.c.role)
    query = select(_grant).where(_grant.c.account_id == row.id).order_by(*order)
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        grants=tuple(Grant(found.role, found.unit_id) for found in connection.execute(query)),
        created_at=row.created_at,
        password_set_at=row.password_set_at,
        last_login_at=row.last_login_at,
        locked_until=row.locked_until,
        disabled_at=row.disabled_at,
    )


def _hash(token: str) -> str:
    # Plain SHA-256: tokens are random and long, there is nothing to guess.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
