"""Languages: English msgids, Vietnamese by default, catalogues read from PO files at start.

PO files are read directly (about 30 ms), so nothing has to be compiled for a wheel, an editable
install or a bare checkout.
"""

from contextlib import AbstractContextManager
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as lazy_gettext
from flask_babel import ngettext as _ngettext

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
_CATALOGUE = "LC_MESSAGES/messages.po"


class CatalogueError(RuntimeError):
    """A catalogue is missing or incomplete: the server must not start and show msgids."""


def catalogue_folder() -> Path:
    """Where translations live: installed as a package, in a bare checkout beside survey_app."""
    try:
        package = import_module("survey_app.translations")
        return Path(str(package.__file__)).parent
    except ModuleNotFoundError:
        return Path(__file__).parents[2] / "translations"


@cache
def catalogue(language: str) -> Catalog:
    """The parsed messages of a language; raises CatalogueError when there are none."""
    path = catalogue_folder() / language / _CATALOGUE
    if not path.is_file():
        raise CatalogueError(f"The catalogue {language}/{_CATALOGUE} is missing.")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing_messages(language: str) -> list[str]:
    """Msgids without a usable translation."""
    return [str(m.id) for m in catalogue(language) if m.id and (m.fuzzy or not _is_full(m.string))]


def require_complete(language: str = DEFAULT_LANGUAGE) -> None:
    """Refuse a missing or incomplete catalogue; raises CatalogueError naming the first msgids."""
    missing = missing_messages(language)
    if missing:
        shown = ", ".join(repr(m) for m in missing[:5])
        raise CatalogueError(
            f"The catalogue {language} lacks {len(missing)} translations ({shown}). "
            f"Complete translations/{language}/{_CATALOGUE}."
        )


@cache
def translations(language: str) -> Translations:
    """Compiled in memory from the PO file."""
    buffer = BytesIO()
    write_mo(buffer, catalogue(language))
    buffer.seek(0)
    return Translations(fp=buffer)


def gettext(msgid: str, **values: object) -> str:
    """A message in the language of the page, its places filled."""
    return str(_gettext(msgid, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """A message about `num` things; %(num)s stands for the number."""
    return str(_ngettext(singular, plural, num, **values))


def translate(language: str, msgid: str) -> str:
    """One message outside a request."""
    return str(translations(language).gettext(msgid))


def speaking(language: str) -> AbstractContextManager[None]:
    """Make what stands in the block in another language than the request's."""
    block: AbstractContextManager[None] = force_locale(language)
    return block


def language() -> str:
    """The language of the page being made."""
    return str(get_locale() or DEFAULT_LANGUAGE)


class PoDomain(Domain):  # type: ignore[misc]  # Flask-Babel ships no types
    """Flask-Babel's message domain, read from PO files."""

    def get_translations(self) -> Translations:
        """The current locale's messages."""
        return translations(language())


def install(app: Flask) -> None:
    """Wire Flask-Babel: Vietnamese unless the page chose otherwise (`g.language`, else ?lang=)."""
    babel = Babel(app, locale_selector=_select, default_locale=DEFAULT_LANGUAGE)
    babel.domain_instance = PoDomain()
    app.jinja_env.globals["language"] = language


def _select() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen = g.get("language") or request.args.get("lang", DEFAULT_LANGUAGE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def _is_full(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
