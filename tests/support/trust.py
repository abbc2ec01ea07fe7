"""A Chromium that really trusts an authority: it stands in its user's own store (NSS), as after installing it by hand.

`certutil` is not at hand everywhere; the library it drives comes with Chromium. It runs in a process of its own:
`python -m tests.support.trust HOME CERTIFICATE.der`.
"""

import ctypes
import subprocess
import sys
from pathlib import Path

STORE = ".pki/nssdb"
# Trusted for servers, and for nothing else.
FLAGS = b"C,,"


class _Item(ctypes.Structure):
    _fields_ = (("type", ctypes.c_int), ("data", ctypes.c_char_p), ("length", ctypes.c_uint))


class _Trust(ctypes.Structure):
    _fields_ = (("server", ctypes.c_uint), ("mail", ctypes.c_uint), ("code", ctypes.c_uint))


def make_home(home: Path, certificate: bytes) -> Path:
    """A home folder whose Chromium trusts the authority (DER)."""
    home.mkdir(parents=True)
    file = home / "authority.der"
    file.write_bytes(certificate)
    command = [sys.executable, "-m", "tests.support.trust", str(home), str(file)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    return home


def _trust(home: Path, certificate: bytes) -> None:
    nss = ctypes.CDLL("libnss3.so")
    for name in ("PK11_GetInternalKeySlot", "CERT_NewTempCertificate", "CERT_GetDefaultCertDB"):
        getattr(nss, name).restype = ctypes.c_void_p
    store = home / STORE
    store.mkdir(parents=True)
    _must(nss.NSS_InitReadWrite(f"sql:{store}".encode()))
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    _must(nss.PK11_InitPin(slot, None, b""))
    database = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    item = _Item(0, certificate, len(certificate))
    made = nss.CERT_NewTempCertificate(database, ctypes.byref(item), None, 0, 1)
    loaded = ctypes.c_void_p(made)
    _must(nss.PK11_ImportCert(slot, loaded, ctypes.c_ulong(0), b"survey", 0))
    trust = _Trust()
    _must(nss.CERT_DecodeTrustString(ctypes.byref(trust), FLAGS))
    _must(nss.CERT_ChangeCertTrust(database, loaded, ctypes.byref(trust)))


def _must(status: int) -> None:
    if status != 0:
        raise OSError(f"NSS says {status}")


if __name__ == "__main__":
    _trust(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())
