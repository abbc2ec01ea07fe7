"""Passwords: argon2id, NFC-normalised, long rather than contrived."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey_app.domain.problem import Problem

LEAST = 14
# More than anybody types: a bound on the work one request can ask for.
MOST = 256
# OWASP's floor for argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(_normal(password))


def verify(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        return _hasher.verify(password_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def verify_nothing(password: str) -> None:
    """Take as long as `verify` does: an unknown name must not answer sooner."""
    verify(_nobodys_hash(), password)


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made under other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check(password: str, login: str) -> list[Problem]:
    """What is wrong with a new password; at least 14 characters (NĐ 331/2026, level 2, no second factor)."""
    normal = _normal(password)
    problems = []
    if len(normal) < LEAST:
        problems.append(Problem("password.short", "password", {"least": LEAST}))
    if len(normal) > MOST:
        problems.append(Problem("password.long", "password", {"most": MOST}))
    if len(set(normal)) < 5 or (login and normal.lower().replace(login, "") == ""):
        problems.append(Problem("password.plain", "password"))
    return problems


def new_password() -> str:
    """A random one that can be read aloud: five groups of four letters and digits (about 100 bits)."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


def _normal(password: str) -> str:
    # Vietnamese keyboards differ in how they compose letters.
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())
