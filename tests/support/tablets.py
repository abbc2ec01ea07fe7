"""A tablet with a device key, as the browser's WebCrypto makes it: signs what it posts (docs/kiosk-api.md)."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

EPOCH = "0123456789abcdef0123456789abcdef"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwk_of(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """The public half, as WebCrypto exports it."""
    point = key.public_key().public_numbers()
    x, y = (base64url(n.to_bytes(32, "big")) for n in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "ext": True, "key_ops": ["verify"]}


def sign(key: ec.EllipticCurvePrivateKey, stamp: int, path: str, body: bytes) -> str:
    """What stands in X-Kiosk-Signature; `stamp`: UTC seconds by the server's clock."""
    lines = ("survey-app-v1", "POST", path, str(stamp), hashlib.sha256(body).hexdigest())
    signed = key.sign("\n".join(lines).encode(), ec.ECDSA(SHA256()))
    r, s = decode_dss_signature(signed)
    return f"t={stamp},s={base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@dataclass
class KeyedTablet:
    """Speaks to the API as the page does. `offset`: server's clock minus the own one, as it has learnt it."""

    client: FlaskClient
    origin: str
    now: Callable[[], datetime]
    key: ec.EllipticCurvePrivateKey | None = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    offset: int = 0
    sequence: int = 0
    epoch: str = EPOCH

    @property
    def jwk(self) -> dict[str, Any] | None:
        """The public half."""
        return None if self.key is None else jwk_of(self.key)

    def signature(self, path: str, body: bytes) -> str:
        assert self.key is not None
        return sign(self.key, int(self.now().timestamp()) + self.offset, path, body)

    def post(self, path: str, value: object, **headers: str) -> TestResponse:
        body = json.dumps(value).encode()
        sent = {
            "Origin": self.origin,
            "X-Survey-App": "1",
            "Content-Type": "application/json",
            **({} if self.key is None else {"X-Kiosk-Signature": self.signature(path, body)}),
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        return self.client.post(path, base_url=self.origin, data=body, headers=sent)

    def pair(self, code: str) -> TestResponse:
        return self.post("/api/v1/pairing", {"code": code, "public_key": self.jwk})

    def beat(self, **members: Any) -> TestResponse:
        self.sequence += 1
        return self.post("/api/v1/heartbeat", {**self.heartbeat(), **members})

    def heartbeat(self) -> dict[str, Any]:
        return {
            "app_version": "0.1",
            "questionnaire": "",
            "epoch": self.epoch,
            "sequence": self.sequence,
            "created": 0,
            "acknowledged": 0,
            "queued": 0,
            "dead": 0,
            "sealed_off": 0,
            "oldest_queued_seconds": None,
            "canary": "ok",
            "device_time": int(self.now().timestamp()),
            "in_front": True,
            "missing": [],
            "battery": {"percent": 80, "charging": True},
            "done": [],
        }


def problem(response: TestResponse) -> str:
    """The code of an answer's only problem, whose words must be known."""
    (found,) = response.get_json()["problems"]
    assert not found["message"].endswith(f"({found['code']}).")
    return str(found["code"])
