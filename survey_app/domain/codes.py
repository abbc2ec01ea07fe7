"""One-time codes on receipts: how they look, how long they live, when the way to them is open (docs/fleet.md).

A code proves a receipt, not a citizen: whoever holds the receipt can answer once.
"""

import hashlib
import ipaddress
import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from survey_app.domain.problem import Problem

VALID_DAYS = 14
# A page opened in the evening can be sent the next day.
TICKET_DAYS = 2
# Without 0 O 1 I L U: read from paper and typed by hand. 30 ** 10 > 2 ** 49 of them.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
MOST_AT_ONCE = 2_000
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan", ".home", ".test", ".arpa")
_UUID_VERSION = "4"


def read_code(text: str) -> str | None:
    """The code as stored: capitals, without blanks and hyphens; None for what is no code."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if _CODE.fullmatch(code) else None


def shown(code: str) -> str:
    """As printed beside the square: "ABCDE-23456"."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def last_day(made: date) -> date:
    """The last local day on which a code made on `made` can be exchanged: fourteen days, the first included."""
    return made + timedelta(days=VALID_DAYS - 1)


def form_id(ticket: str, content: str = "") -> str:
    """The id of the form that a ticket is for, a UUIDv4 in form.

    It follows from the ticket, so that one ticket makes one form however often it is sent; nothing that is stored of the ticket
    leads to it. `content` tells a second form with a spent ticket apart.
    """
    digits = list(hashlib.sha256(f"form\n{ticket}\n{content}".encode()).hexdigest()[:32])
    digits[12] = _UUID_VERSION
    digits[16] = "89ab"[int(digits[16], 16) % 4]
    text = "".join(digits)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def way_problems(public_url: str) -> list[Problem]:
    """Why citizens' phones cannot reach this server; nothing when they can."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return [Problem("codes.no_https", "public_url", {"address": public_url})]
    if not _is_public(host):
        return [Problem("codes.not_public", "public_url", {"address": public_url})]
    return []


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_NAMES)
