"""Canonical JSON: one byte sequence for one value, in Python and in the browser.

Sorted keys (all keys are ASCII), no spaces, UTF-8, strings in Unicode NFC, integers only: a float
has more than one spelling
and is refused.
"""

import hashlib
import json
import unicodedata

# Built once: `json.dumps` with options builds an encoder at each call.
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode
_TYPE_ERROR = "canonical JSON holds null, booleans, integers, strings, lists and objects only"


def canonical_json(value: object) -> bytes:
    """Encode `value`; raises TypeError for floats and foreign types."""
    return _encode(_normal(value)).encode()


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _normal(value: object) -> object:
    match value:
        case str():  # first and without a copy where nothing can change: nearly all values are codes
            return value if value.isascii() else unicodedata.normalize("NFC", value)
        case None | bool() | int():
            return value
        case list() | tuple():
            return [_normal(item) for item in value]
        case dict():
            return {_key(key): _normal(item) for key, item in value.items()}
        case _:
            raise TypeError(_TYPE_ERROR)


def _key(key: object) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise TypeError(_TYPE_ERROR)
    return key
