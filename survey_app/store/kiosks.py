"""Tablets: a one-use invitation sets a tablet's credential, the credential says which counter it stands at.

Token and credential are random, leave this module once, and are stored as hashes only.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from survey_app.store import schema
from survey_app.store.engine import Database

# Name of the cookie that carries the credential.
COOKIE = "kiosk"
INVITATION_LIFE = timedelta(hours=24)
REMEMBERED_SECONDS = 5
_SECRET_BYTES = 32

_kiosk = schema.kiosk
_invitation = schema.kiosk_invitation


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A paired tablet; `public_key` as `domain.signing.DeviceKey.text`, None for one on trial, which has no key."""

    id: str
    unit_id: str
    counter_id: str
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class PairedKiosk:
    """A tablet as the fleet list shows it."""

    kiosk: Kiosk
    paired_at: datetime
    revoked: bool


def invite(connection: Connection, counter_id: str, now: datetime) -> str:
    """A token that pairs one tablet with the counter within 24 hours; raises LookupError for no such counter."""
    found = connection.scalar(select(schema.counter.c.id).where(schema.counter.c.id == counter_id))
    if found is None:
        raise LookupError(counter_id)
    token = secrets.token_urlsafe(_SECRET_BYTES)
    connection.execute(
        insert(_invitation).values(
            token_hash=_hash(token),
            counter_id=counter_id,
            created_at=int(now.timestamp()),
            expires_at=int((now + INVITATION_LIFE).timestamp()),
        )
    )
    return token


def claim(
    connection: Connection, token: str, now: datetime, public_key: str | None = None
) -> str | None:
    """Use a token: the new tablet's credential, or None when the token is unknown, used or expired."""
    moment = int(now.timestamp())
    used = connection.execute(
        update(_invitation)
        .where(
            _invitation.c.token_hash == _hash(token),
            _invitation.c.claimed_at.is_(None),
            _invitation.c.expires_at > moment,
        )
        .values(claimed_at=moment)
        .returning(_invitation.c.counter_id)
    ).one_or_none()
    return pair(connection, used.counter_id, now, public_key) if used else None


def authenticate(connection: Connection, credential: str) -> Kiosk | None:
    """The tablet that holds `credential`, None when it is unknown or withdrawn."""
    row = connection.execute(_BY_CREDENTIAL, {"hash": _hash(credential)}).one_or_none()
    return Kiosk(row.id, row.unit_id, row.counter_id, row.public_key) if row else None


def is_withdrawn(connection: Connection, credential: str) -> bool:
    """Whether `credential` was once valid and is no more."""
    query = select(_kiosk.c.id).where(
        _kiosk.c.credential_hash == _hash(credential), _kiosk.c.revoked_at.is_not(None)
    )
    return connection.scalar(query) is not None


def recognise(
    database: Database, credential: str, seconds: Callable[[], float] = time.monotonic
) -> Kiosk | None:
    """As `authenticate`, remembering a tablet for some seconds: a queue of forms asks once, not once a form.

    A withdrawal in this process counts at once, one from elsewhere (`survey-app kiosk revoke`) after `REMEMBERED_SECONDS`.
    """
    remembered = _recognised.setdefault(database, {})
    until, kiosk = remembered.get(credential, (0.0, None))
    if kiosk is not None and seconds() < until:
        return kiosk
    with database.reading() as connection:
        kiosk = authenticate(connection, credential)
    if kiosk is not None:
        remembered[credential] = (seconds() + REMEMBERED_SECONDS, kiosk)
    return kiosk


def find(connection: Connection, kiosk_id: str) -> PairedKiosk | None:
    """A tablet by its name, withdrawn or not; None where there is none."""
    row = connection.execute(select(_kiosk).where(_kiosk.c.id == kiosk_id)).one_or_none()
    return _paired(row) if row else None


def renew(connection: Connection, kiosk_id: str) -> str:
    """Another credential in the place of the tablet's own."""
    credential = secrets.token_urlsafe(_SECRET_BYTES)
    own = update(_kiosk).where(_kiosk.c.id == kiosk_id)
    connection.execute(own.values(credential_hash=_hash(credential)))
    _recognised.clear()
    return credential


def list_kiosks(connection: Connection) -> list[PairedKiosk]:
    """Every tablet ever paired, by counter and time."""
    order = (_kiosk.c.counter_id, _kiosk.c.paired_at, _kiosk.c.id)
    return [_paired(row) for row in connection.execute(select(_kiosk).order_by(*order))]


def revoke(connection: Connection, kiosk_id: str, now: datetime) -> bool:
    """Withdraw a tablet's credential; False when there is no such tablet, or no more."""
    live = (_kiosk.c.id == kiosk_id) & _kiosk.c.revoked_at.is_(None)
    moment = int(now.timestamp())
    _recognised.clear()
    return connection.execute(update(_kiosk).where(live).values(revoked_at=moment)).rowcount == 1


def pair(
    connection: Connection, counter_id: str, now: datetime, public_key: str | None = None
) -> str:
    """A new tablet for the counter; its credential. Without a key it is on trial."""
    credential = secrets.token_urlsafe(_SECRET_BYTES)
    unit_of = select(schema.counter.c.unit_id).where(schema.counter.c.id == counter_id)
    connection.execute(
        insert(_kiosk).values(
            id=secrets.token_hex(4),
            unit_id=connection.execute(unit_of).scalar_one(),
            counter_id=counter_id,
            credential_hash=_hash(credential),
            public_key=public_key,
            paired_at=int(now.timestamp()),
        )
    )
    return credential


def _paired(row: Row[Any]) -> PairedKiosk:
    return PairedKiosk(
        kiosk=Kiosk(row.id, row.unit_id, row.counter_id, row.public_key),
        paired_at=datetime.fromtimestamp(row.paired_at, UTC),
        revoked=row.revoked_at is not None,
    )


def _hash(secret: str) -> str:
    # Plain SHA-256: the secrets are random and long, there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_BY_CREDENTIAL = select(
    _kiosk.c.id, _kiosk.c.unit_id, _kiosk.c.counter_id, _kiosk.c.public_key
).where(_kiosk.c.credential_hash == bindparam("hash"), _kiosk.c.revoked_at.is_(None))

_recognised: WeakKeyDictionary[Database, dict[str, tuple[float, Kiosk]]] = WeakKeyDictionary()
