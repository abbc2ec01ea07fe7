"""Which tablet sends, and whether it proves its key (docs/kiosk-api.md)."""

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import g, request

from survey_app.api.refusal import Refusal, refuse
from survey_app.domain import signing
from survey_app.domain.problem import Problem
from survey_app.domain.rates import Buckets
from survey_app.domain.signing import DeviceKey, Stamped
from survey_app.store import kiosks
from survey_app.store.kiosks import Kiosk
from survey_app.web.services import services

_HALF = 32


def check_kiosk(body: bytes) -> Kiosk:
    """The tablet that sends `body`; raises Refusal without a valid credential, or without the key it was paired with."""
    parts = services()
    credential = request.cookies.get(kiosks.COOKIE, "")
    kiosk = kiosks.recognise(parts.database, credential)
    if kiosk is None:
        raise _not_paired(credential)
    now = int(parts.clock().timestamp())
    g.server_time = now
    if kiosk.public_key is not None:
        _check_signature(DeviceKey.from_text(kiosk.public_key), body, now)
    return kiosk


def check_key(kiosk_id: str, body: bytes) -> Kiosk:
    """The tablet of that name, if it signed `body`; raises Refusal for any other. Its credential is not looked at."""
    parts = services()
    with parts.database.reading() as connection:
        found = kiosks.find(connection, kiosk_id)
    if found is None or found.kiosk.public_key is None:
        raise refuse(401, "request.no_credential")
    now = int(parts.clock().timestamp())
    g.server_time = now
    _check_signature(DeviceKey.from_text(found.kiosk.public_key), body, now)
    if found.revoked:
        raise refuse(401, "device.revoked")
    return found.kiosk


def check_pace(buckets: Buckets, kiosk: Kiosk, now: datetime, number: int = 1) -> None:
    """Raise Refusal where this tablet, never its address, asks too often."""
    wait = buckets.take(kiosk.id, now, number)
    if wait:
        raise Refusal(429, [Problem("device.too_fast")], {"Retry-After": str(wait)})


def is_on_curve(key: DeviceKey) -> bool:
    """Whether the key is a point of P-256."""
    try:
        _public_key(key)
    except ValueError:
        return False
    return True


def _not_paired(credential: str) -> Refusal:
    with services().database.reading() as connection:
        withdrawn = bool(credential) and kiosks.is_withdrawn(connection, credential)
    return refuse(401, "device.revoked" if withdrawn else "request.no_credential")


def _check_signature(key: DeviceKey, body: bytes, now: int) -> None:
    stamped = signing.read_header(request.headers.get(signing.HEADER))
    if stamped is None or not _is_signed(key, stamped, body):
        raise refuse(401, "device.bad_signature")
    if not stamped.is_fresh(now):
        raise refuse(401, "device.stale_signature", server_time=now)


def _is_signed(key: DeviceKey, stamped: Stamped, body: bytes) -> bool:
    path = request.full_path if request.query_string else request.path
    message = signing.message(request.method, path, stamped.stamp, body)
    r = int.from_bytes(stamped.signature[:_HALF], "big")
    s = int.from_bytes(stamped.signature[_HALF:], "big")
    try:
        _public_key(key).verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _public_key(key: DeviceKey) -> ec.EllipticCurvePublicKey:
    x, y = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
