"""Receipts: the server's word, to the tablet only, that a form is stored.

Ed25519 is deterministic: a replay of the same form is signed to the same receipt, and no receipt has to be kept.
"""

import base64
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from survey_app.domain.canonical import canonical_json
from survey_app.store import keyfile

KEY_FILE = "receipt-key.pem"


@dataclass(frozen=True, slots=True)
class Receipt:
    """id and content hash of a stored form, its local day, and the signature over the three."""

    id: str
    content_hash: str
    day: str
    signature: str

    def as_json(self) -> dict[str, str]:
        """The receipt as the API sends it."""
        return {
            "id": self.id,
            "content_hash": self.content_hash,
            "day": self.day,
            "signature": self.signature,
        }


class Signer:
    """Signs receipts with the installation's own key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def load(cls, data_dir: Path) -> "Signer":
        """The key of DATA_DIR/receipt-key.pem; made at first use, readable by its owner alone."""
        path = data_dir / KEY_FILE
        if not path.exists():
            keyfile.keep(path, Ed25519PrivateKey.generate())
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path} is not an Ed25519 key")
        return cls(key)

    def receipt(self, response_id: str, content_hash: str, day: date) -> Receipt:
        """The receipt of a stored form: base64url over canonical JSON {content_hash, day, id}."""
        message = signed_bytes(response_id, content_hash, day.isoformat())
        signature = base64.urlsafe_b64encode(self._key.sign(message)).decode().rstrip("=")
        return Receipt(response_id, content_hash, day.isoformat(), signature)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that check a receipt."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_bytes(response_id: str, content_hash: str, day: str) -> bytes:
    """What a receipt's signature covers."""
    return canonical_json({"id": response_id, "content_hash": content_hash, "day": day})
