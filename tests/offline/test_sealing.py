"""Sealed on the tablet, opened on the server: JWE ECDH-ES with A256GCM."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey_app.domain.record import Content, content_hash
from survey_app.store.sealing import SealError, Sealing, derive, seal
from tests.kiosk.tablet import Tablet

VECTORS = Path(__file__).parents[1] / "vectors" / "canonical.json"
CANONICAL = """async (cases) => {
  const {canonicalJson, hashOf} = await import("/kiosk/static/canonical.js");
  return Promise.all(cases.map(async ({value}) => {
    const text = canonicalJson(value);
    return [text, await hashOf(text)];
  }));
}"""
HASHED = """async (body) => {
  const {contentHash} = await import("/kiosk/static/canonical.js");
  return contentHash(body);
}"""
SEALED = """async ([text, key]) => {
  const {seal} = await import("/kiosk/static/seal.js");
  return seal(text, key);
}"""


@pytest.fixture
def sealing(tmp_path: Path) -> Sealing:
    return Sealing.load(tmp_path)


def test_the_key_is_derived_as_the_standard_says() -> None:
    """RFC 7518, appendix C."""
    secret = bytes.fromhex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4")
    derived = bytes([86, 170, 141, 234, 248, 35, 109, 32, 92, 34, 40, 205, 113, 167, 16, 26])
    assert derive(secret, (b"A128GCM", b"Alice", b"Bob"), size=16) == derived


def test_the_key_stays_the_same_and_its_owners(tmp_path: Path, sealing: Sealing) -> None:
    sealed = seal(b"{}", sealing.public_jwk)
    assert Sealing.load(tmp_path).unseal(sealed) == b"{}"
    assert (tmp_path / "sealing-key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("part", [0, 2, 3, 4])
def test_an_altered_part_opens_nothing(sealing: Sealing, part: int) -> None:
    parts = seal(b'{"id": 1}', sealing.public_jwk).split(".")
    parts[part] = ("B" if parts[part][0] == "A" else "A") + parts[part][1:]
    with pytest.raises(SealError):
        sealing.unseal(".".join(parts))


@pytest.mark.parametrize("text", ["", "a.b.c.d.e", "....", "é.é.é.é.é", "e30..AAAA.AAAA.AAAA"])
def test_what_is_not_sealed_opens_nothing(sealing: Sealing, text: str) -> None:
    with pytest.raises(SealError):
        sealing.unseal(text)


def test_sealed_to_another_server_opens_nothing(sealing: Sealing, tmp_path: Path) -> None:
    other = Sealing.load(tmp_path / "other")
    with pytest.raises(SealError):
        sealing.unseal(seal(b"{}", other.public_jwk))


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_tablet_writes_and_hashes_as_the_server_does(paired: Tablet) -> None:
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
    found = paired.page.evaluate(CANONICAL, cases)
    assert found == [[case["canonical"], case["sha256"]] for case in cases]


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("remark", [None, "Ghế ngồi chờ hơi ít."])
def test_the_tablet_knows_the_hash_of_its_receipt(paired: Tablet, remark: str | None) -> None:
    salt = "0" * 32 if remark else None
    words = ("questionnaire", "unit", "counter", "channel", "language", "status")
    body: dict[str, Any] = {name: name for name in words}
    body |= {"id": "i", "answers": {"b": "x", "a": ["y"]}, "remark": remark, "salt": salt}
    assert paired.page.evaluate(HASHED, body) == content_hash(Content(**body))


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_server_opens_what_the_tablet_sealed(paired: Tablet, app: Flask) -> None:
    sealing = app.extensions["survey_app"].sealing
    words = '{"remark": "Tốt lắm."}'
    sealed = paired.page.evaluate(SEALED, [words, sealing.public_jwk])
    assert sealing.unseal(sealed).decode() == words
    assert sealed != paired.page.evaluate(SEALED, [words, sealing.public_jwk])
