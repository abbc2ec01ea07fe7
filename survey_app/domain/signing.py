"""What a tablet's device key signs, and how its header is read (docs/kiosk-api.md). No cryptography here."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

# Seconds that a request's stamp may differ from the server's clock.
WINDOW_SECONDS = 300
HEADER = "X-Kiosk-Signature"
_VERSION = "survey-app-v1"
_HEADER = re.compile(r"t=(?P<stamp>[0-9]{1,12}),s=(?P<signature>[A-Za-z0-9_-]{86})")
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Stamped:
    """A signature header, read: UTC seconds by the server's clock as the tablet knows it, and the 64 bytes r‖s."""

    stamp: int
    signature: bytes

    def is_fresh(self, now: int) -> bool:
        """Whether the stamp lies within the window around `now`, UTC seconds."""
        return abs(self.stamp - now) <= WINDOW_SECONDS


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The public half of a tablet's P-256 key: two coordinates of 32 bytes each."""

    x: bytes
    y: bytes

    @classmethod
    def from_jwk(cls, jwk: object) -> "DeviceKey | None":
        """The key of a public JWK, None for anything else; whether the point is on the curve is not checked here."""
        if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
            return None
        x, y = jwk.get("x"), jwk.get("y")
        if "d" in jwk or not _is_coordinate(x) or not _is_coordinate(y):
            return None
        return cls(_decode(str(x)), _decode(str(y)))

    @classmethod
    def from_text(cls, text: str) -> "DeviceKey":
        """The inverse of `text`."""
        x, y = text.split(".")
        return cls(_decode(x), _decode(y))

    @property
    def text(self) -> str:
        """As stored: base64url of x and y with a point between."""
        return ".".join(_encode(part) for part in (self.x, self.y))


def read_header(value: str | None) -> Stamped | None:
    """`t=<seconds>,s=<base64url of 64 bytes>`; None for anything else."""
    found = _HEADER.fullmatch(value or "")
    if found is None:
        return None
    return Stamped(int(found["stamp"]), _decode(found["signature"]))


def message(method: str, path: str, stamp: int, body: bytes) -> bytes:
    """What the signature covers: five lines. `path` is path and query as sent."""
    digest = hashlib.sha256(body).hexdigest()
    return "\n".join((_VERSION, method, path, str(stamp), digest)).encode()


def _is_coordinate(value: object) -> bool:
    if not isinstance(value, str) or not _COORDINATE.fullmatch(value):
        return False
    try:
        return len(_decode(value)) == 32
    except binascii.Error:
        return False


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
