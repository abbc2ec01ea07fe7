"""The staff's PIN of a counter, against curious hands at its tablets.

A tablet checks it without a network, so it gets salt and hash. Whoever takes a tablet apart finds six digits from them within
days: behind the PIN stand sending, saving and disconnecting, and no answer.
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, select

from survey_app.store import schema
from survey_app.store.upsert import insert_into

DIGITS = 6
# A third of a second on a cheap tablet.
ROUNDS = 100_000
_SALT_BYTES = 16

_pin = schema.counter_pin


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a PIN is checked by: PBKDF2-HMAC-SHA-256 over `rounds`; salt and hash hexadecimal."""

    salt: str
    hash: str
    rounds: int

    def as_json(self) -> dict[str, str | int]:
        """As a tablet gets it."""
        return {"salt": self.salt, "hash": self.hash, "rounds": self.rounds}


def make_pin(connection: Connection, counter_id: str) -> str:
    """A new PIN, shown once; the one before is void as soon as a tablet hears of it."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, ROUNDS)
    values = {"salt": salt.hex(), "hash": hashed.hex(), "rounds": ROUNDS}
    insert = insert_into(connection, _pin).values(counter_id=counter_id, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["counter_id"], set_=values))
    return digits


def verifier_of(connection: Connection, counter_id: str) -> Verifier | None:
    """What the counter's tablets check a PIN by; None before the first."""
    row = connection.execute(select(_pin).where(_pin.c.counter_id == counter_id)).one_or_none()
    return Verifier(row.salt, row.hash, row.rounds) if row else None
