"""Passwords: what is accepted, how it is kept."""

import unicodedata

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.accounts import passwords


def codes(password: str, login: str = "an") -> list[str]:
    return [problem.code for problem in passwords.check(password, login)]


def test_the_hash_is_argon2id_with_nineteen_mebibytes() -> None:
    parameters = extract_parameters(passwords.hash_password("một hai ba bốn"))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost == 19 * 1024


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=15, deadline=None)
def test_composition_does_not_matter(password: str) -> None:
    password = password.encode("utf-8", "replace").decode()
    kept = passwords.hash_password(unicodedata.normalize("NFD", password))
    assert passwords.verify(kept, unicodedata.normalize("NFC", password))
    assert not passwords.verify(kept, password + "x")


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("mười bốn ký tự", []),
        ("mười ba ký tự", ["password.short"]),
        (unicodedata.normalize("NFD", "mười ba ký tự"), ["password.short"]),
        ("a" * 14, ["password.plain"]),
        ("nguyenvananh" * 2, ["password.plain"]),
        ("một hai ba bốn " * 20, ["password.long"]),
    ],
)
def test_what_is_accepted(password: str, expected: list[str]) -> None:
    assert codes(password, "nguyenvananh") == expected


def test_a_made_password_is_accepted_and_never_the_same() -> None:
    made = {passwords.new_password() for _ in range(20)}
    assert len(made) == 20
    assert all(codes(password) == [] for password in made)


def test_a_broken_hash_opens_nothing() -> None:
    assert not passwords.verify("not a hash", "một hai ba bốn")
