"""The local authority: for one host alone, its keys for their owner alone, renewed in time and otherwise left as it is."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import verification

from survey_app.store import authority

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOSTS = ("192.168.1.10", "khaosat.mot-cua.vn")


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def signed_for(data_dir: Path, name: x509.GeneralName) -> x509.Certificate:
    """What a thief of the authority's key would make."""
    made = authority.files(data_dir)
    key = load_pem_private_key(made.authority_key.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    usage = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(certificate(made.authority).subject)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(issuer, critical=False)
        .sign(key, SHA256())
    )


def verify(data_dir: Path, leaf: x509.Certificate, name: x509.GeneralName) -> None:
    """As a strict client does; raises VerificationError."""
    assert isinstance(name, x509.DNSName | x509.IPAddress)
    store = verification.Store([certificate(authority.files(data_dir).authority)])
    policy = verification.PolicyBuilder().store(store).time(NOW)
    policy.build_server_verifier(name).verify(leaf, [])


def named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@pytest.mark.parametrize("host", HOSTS)
def test_the_certificate_is_good_for_the_host(tmp_path: Path, host: str) -> None:
    assert authority.renew(tmp_path, host, NOW)
    made = authority.files(tmp_path)
    verify(tmp_path, certificate(made.server), named(host))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.server, made.server_key)
    assert authority.host_of(made.authority) == host


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "other", ["192.168.1.11", "10.0.0.1", "2001:db8::1", "nganhang.vn", "khaosat.vn"]
)
def test_the_authority_vouches_for_nothing_else(tmp_path: Path, host: str, other: str) -> None:
    authority.renew(tmp_path, host, NOW)
    stolen = signed_for(tmp_path, named(other))
    with pytest.raises(verification.VerificationError):
        verify(tmp_path, stolen, named(other))


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    authority.renew(tmp_path, HOSTS[0], NOW)
    made = authority.files(tmp_path)
    assert [p.stat().st_mode & 0o777 for p in (made.authority_key, made.server_key)] == [0o600] * 2
    assert made.server.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(made.server.parent.iterdir()) == sorted(
        (made.authority, made.authority_key, made.server, made.server_key)
    )


def test_again_changes_nothing_until_thirty_days_before_the_end(tmp_path: Path) -> None:
    authority.renew(tmp_path, HOSTS[0], NOW)
    made = authority.files(tmp_path)
    before = {path: path.read_bytes() for path in made.server.parent.iterdir()}
    end = authority.ends_at(made.server)
    assert not authority.renew(tmp_path, HOSTS[0], end - timedelta(days=30))
    assert {path: path.read_bytes() for path in before} == before
    assert authority.renew(tmp_path, HOSTS[0], end - timedelta(days=29))
    assert authority.ends_at(made.server) > end
    changed = {path for path in before if path.read_bytes() != before[path]}
    assert changed == {made.server}


def test_another_host_is_refused(tmp_path: Path) -> None:
    authority.renew(tmp_path, HOSTS[0], NOW)
    with pytest.raises(authority.OtherHostError, match=r"192\.168\.1\.10"):
        authority.renew(tmp_path, HOSTS[1], NOW)


def test_a_tablet_gets_the_certificate_and_no_key(tmp_path: Path) -> None:
    authority.renew(tmp_path, HOSTS[0], NOW)
    made = authority.files(tmp_path)
    sent = authority.for_tablets(made.authority)
    assert x509.load_der_x509_certificate(sent) == certificate(made.authority)
    assert sent == certificate(made.authority).public_bytes(Encoding.DER)
