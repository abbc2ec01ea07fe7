"""What a tablet keeps is sealed to the server: JWE compact, ECDH-ES with A256GCM (RFC 7516, RFC 7518 §4.6 and §5.3).

A tablet has the public half only: whoever takes it away reads no form, not even one made on it.
"""

import base64
import binascii
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from survey_app.store import keyfile

KEY_FILE = "sealing-key.pem"
ALGORITHM = "ECDH-ES"
ENCRYPTION = "A256GCM"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_NAMES = (ENCRYPTION.encode(), b"", b"")


class SealError(ValueError):
    """The text is not sealed to this server, or was altered."""


class Sealing:
    """Opens what was sealed to the installation's own key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def load(cls, data_dir: Path) -> "Sealing":
        """The key of DATA_DIR/sealing-key.pem; made at first use, readable by its owner alone."""
        path = data_dir / KEY_FILE
        if not path.exists():
            keyfile.keep(path, ec.generate_private_key(ec.SECP256R1()))
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise TypeError(f"{path} is not a P-256 key")
        return cls(key)

    @property
    def public_jwk(self) -> dict[str, str]:
        """The public half, as WebCrypto imports it."""
        return public_jwk(self._key.public_key())

    def unseal(self, sealed: str) -> bytes:
        """What was sealed; raises SealError."""
        try:
            header, key, nonce, content, tag = sealed.split(".")
            return self._open(header, key, _decode(nonce), _decode(content) + _decode(tag))
        except (ValueError, InvalidTag, binascii.Error) as error:
            raise SealError("not sealed to this server") from error

    def _open(self, header: str, key: str, nonce: bytes, content: bytes) -> bytes:
        named = json.loads(_decode(header))
        if not isinstance(named, dict) or key:
            raise SealError(ALGORITHM)
        if (named.get("alg"), named.get("enc")) != (ALGORITHM, ENCRYPTION) or "crit" in named:
            raise SealError(ALGORITHM)
        if len(nonce) != _NONCE_BYTES or len(content) < _TAG_BYTES:
            raise SealError(ENCRYPTION)
        secret = self._key.exchange(ec.ECDH(), _point(named.get("epk")))
        return AESGCM(derive(secret)).decrypt(nonce, content, header.encode("ascii"))


def seal(content: bytes, jwk: dict[str, str]) -> str:
    """Seal as a tablet does (kiosk/static/seal.js)."""
    own = ec.generate_private_key(ec.SECP256R1())
    header = _encode(
        json.dumps(
            {"alg": ALGORITHM, "enc": ENCRYPTION, "epk": public_jwk(own.public_key())}
        ).encode()
    )
    nonce = os.urandom(_NONCE_BYTES)
    key = derive(own.exchange(ec.ECDH(), _point(jwk)))
    closed = AESGCM(key).encrypt(nonce, content, header.encode("ascii"))
    parts = (nonce, closed[:-_TAG_BYTES], closed[-_TAG_BYTES:])
    return ".".join((header, "", *map(_encode, parts)))


def derive(
    secret: bytes, names: tuple[bytes, bytes, bytes] = _NAMES, size: int = _KEY_BYTES
) -> bytes:
    """The content key, `size` bytes: Concat KDF of RFC 7518 §4.6.2; `names`: algorithm and the two parties."""
    info = b"".join(len(name).to_bytes(4, "big") + name for name in names)
    info += (size * 8).to_bytes(4, "big")
    return ConcatKDFHash(SHA256(), size, info).derive(secret)


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A P-256 public key as a JWK."""
    point = key.public_numbers()
    x, y = (_encode(number.to_bytes(_KEY_BYTES, "big")) for number in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _point(jwk: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise SealError("epk")
    x, y = (int.from_bytes(_decode(str(jwk.get(name))), "big") for name in ("x", "y"))
    # Refuses a point that is not on the curve.
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
