"""A certificate authority of this installation's own, for tablets in a local network (RFC 5280).

It can vouch for one host and nothing else (name constraints, §4.2.1.10), so that whoever steals its key can imitate this
server, but no bank. Its certificate is installed on each tablet by hand; its key never leaves the data folder.
"""

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = "tls"
AUTHORITY_LIFE = timedelta(days=3650)
# Browsers take no server's certificate for longer than this from public authorities; ours keeps to it too.
SERVER_LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
# A tablet whose clock is slow by less than a day must not find the certificate "not valid yet".
_SLOW_CLOCK = timedelta(days=1)
_EVERY_IPV4 = ipaddress.ip_network("0.0.0.0/0")
_EVERY_IPV6 = ipaddress.ip_network("::/0")
# No real name ends with it (RFC 6761): to permit names below it is to permit none.
_NO_NAME = "invalid"


class OtherHostError(ValueError):
    """The authority was made for another host, for which alone tablets trust it."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the parts lie, all below DATA_DIR/tls."""

    authority_key: Path
    authority: Path
    server_key: Path
    server: Path


def files(data_dir: Path) -> Files:
    """The four files of an installation."""
    folder = data_dir / FOLDER
    return Files(
        authority_key=folder / "authority-key.pem",
        authority=folder / "authority.pem",
        server_key=folder / "server-key.pem",
        server=folder / "server.pem",
    )


def renew(data_dir: Path, host: str, now: datetime) -> bool:
    """Make authority and certificate for `host` where missing or about to end; whether anything was made.

    Raises OtherHostError where the authority there is for another host.
    """
    found = files(data_dir)
    found.authority.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not found.authority.exists()
    if is_new:
        _make_authority(found, host, now)
    elif host_of(found.authority) != host:
        raise OtherHostError(host_of(found.authority))
    if is_new or not found.server.exists() or ends_at(found.server) - now < RENEW_BEFORE:
        _make_server(found, host, now)
        return True
    return False


def ends_at(certificate: Path) -> datetime:
    """The end of a certificate's life, the first one of the file; raises ValueError for something else."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def end_of(certificate: Path | None) -> datetime | None:
    """The end of the server's own certificate; None where a proxy has it, or nothing can be read."""
    try:
        return ends_at(certificate) if certificate else None
    except (OSError, ValueError):
        return None


def host_of(certificate: Path) -> str:
    """The host that the authority is for, as its name says it."""
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    return str(loaded.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value)


def for_tablets(authority: Path) -> bytes:
    """The authority's certificate as Android takes it (DER)."""
    loaded = x509.load_pem_x509_certificate(authority.read_bytes())
    return loaded.public_bytes(Encoding.DER)


def fingerprint(authority: Path) -> str:
    """SHA-256 of the certificate in groups of two, as Android shows it."""
    digest = x509.load_pem_x509_certificate(authority.read_bytes()).fingerprint(SHA256())
    return digest.hex(":").upper()


def _make_authority(found: Files, host: str, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Khảo sát một cửa {host}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, host),
        ]
    )
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        _builder(name, name, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(_constraints(host), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    _write_key(found.authority_key, key)
    _write(found.authority, certificate.public_bytes(Encoding.PEM), 0o644)


def _make_server(found: Files, host: str, now: datetime) -> None:
    authority = x509.load_pem_x509_certificate(found.authority.read_bytes())
    signer = _read_key(found.authority_key)
    # One key for all certificates: whoever starts between two writes never finds a pair that does not fit.
    if not found.server_key.exists():
        _write_key(found.server_key, ec.generate_private_key(ec.SECP256R1()))
    key = _read_key(found.server_key)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    certificate = (
        _builder(name, authority.subject, key.public_key(), now, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(signer, SHA256())
    )
    _write(found.server, certificate.public_bytes(Encoding.PEM), 0o644)


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCK)
        .not_valid_after(now + life)
    )


def _constraints(host: str) -> x509.NameConstraints:
    """The one host. A kind of name that is not mentioned would be free, so each other kind is closed."""
    address = _address(host)
    if address is None:
        everything = [x509.IPAddress(_EVERY_IPV4), x509.IPAddress(_EVERY_IPV6)]
        return x509.NameConstraints([x509.DNSName(host)], everything)
    own = x509.IPAddress(ipaddress.ip_network(address))
    other = _EVERY_IPV6 if address.version == 4 else _EVERY_IPV4
    return x509.NameConstraints([own, x509.DNSName(_NO_NAME)], [x509.IPAddress(other)])


def _general_name(host: str) -> x509.GeneralName:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} is not an elliptic key")
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(path, pem, 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all: a server that starts meanwhile reads the old file or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
