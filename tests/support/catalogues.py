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
    messages = (m for m in catalogue("vi") if m.id and isinstance(m.id, str))
    return frozenset(" ".join(m.id.split()) for m in messages if m.string != m.id)
