"""One-time codes on paper: a feed for the office's own printing, and sheets of QR squares to cut out."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup

from survey_app.domain.codes import shown


@dataclass(frozen=True, slots=True)
class Slip:
    """One code as printed."""

    code: str
    address: str
    square: Markup


def address_of(public_url: str, code: str) -> str:
    """What the square says."""
    return f"{public_url}/q/{code}"


def square(address: str) -> Markup:
    """A QR code as inline SVG without style attributes, error correction M."""
    drawn = segno.make(address, error="m", micro=False)
    picture = drawn.svg_inline(border=4, svgclass="qr", lineclass=None, omitsize=True)
    # segno writes the SVG from the modules alone: nothing of the address stands in it as text.
    return Markup(picture.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 see above


def slips(public_url: str, codes: Sequence[str]) -> list[Slip]:
    """What a sheet shows."""
    addresses = [address_of(public_url, code) for code in codes]
    return [
        Slip(shown(code), address, square(address))
        for code, address in zip(codes, addresses, strict=True)
    ]


def feed(public_url: str, codes: Sequence[str], expires: str) -> str:
    """CSV `code,address,expires_day`, one line a code."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("code", "address", "expires_day"))
    writer.writerows((shown(code), address_of(public_url, code), expires) for code in codes)
    return file.getvalue()
