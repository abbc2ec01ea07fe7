"""The message catalogues, read for tests."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def catalogue(language: str) -> Catalog:
    """Every message of `language`, obsolete ones kept apart in `.obsolete`."""
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated_strings() -> frozenset[str]:
    """Msgids that a Vietnamese page must not show: those whose translation differs."""
    if not (ROOT / "translations" / "vi" / "LC_MESSAGES" / "messages.po").is_file():
        return frozenset()
    return frozenset(
        " ".join(message.id.split())
        for message in catalogue("vi")
        if isinstance(message.id, str) and message.id and message.string != message.id
    )
