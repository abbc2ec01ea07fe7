"""Translations of questionnaires: PO files, one message for each text key.

msgctxt is "questionnaire-id:text-key", msgid the Vietnamese words, msgstr the translation. They stand in
`translations/<language>/LC_MESSAGES/questionnaire.po`.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from survey_app.domain.authoring import Catalogue, Catalogues, Entry

LANGUAGES = ("en",)


class CatalogueFileError(ValueError):
    """A PO file cannot be read, or does not say its language."""


def bundled_catalogues(questionnaire_id: str) -> Catalogues:
    """Every translation that ships with the program, by language."""
    return {language: _bundled(language).get(questionnaire_id, {}) for language in LANGUAGES}


def read_catalogue(raw: bytes, questionnaire_id: str) -> tuple[str, Catalogue]:
    """Language and entries of a PO file for one questionnaire; raises CatalogueFileError."""
    language, by_questionnaire = _parse(raw)
    return language, by_questionnaire.get(questionnaire_id, {})


@cache
def _bundled(language: str) -> dict[str, dict[str, Entry]]:
    path = _folder().joinpath(language, "LC_MESSAGES", "questionnaire.po")
    return _parse(path.read_bytes())[1]


def _folder() -> Traversable:
    try:
        return files("survey_app.translations")
    except ModuleNotFoundError:  # a bare checkout: beside the package
        return Path(__file__).parents[2] / "translations"


def _parse(raw: bytes) -> tuple[str, dict[str, dict[str, Entry]]]:
    try:
        catalog = read_po(BytesIO(raw), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueFileError(str(error)) from error
    if catalog.locale_identifier is None:
        raise CatalogueFileError("Language")
    found: dict[str, dict[str, Entry]] = {}
    for message in catalog:
        questionnaire_id, separator, key = (message.context or "").partition(":")
        if separator and not message.fuzzy:
            entry = Entry(str(message.id), str(message.string))
            found.setdefault(questionnaire_id, {})[key] = entry
    return catalog.locale_identifier, found
