"""Bring the message catalogues up to date with the sources: `make catalogues`.

English msgids come from Python and Jinja below `survey_app`. A new msgid enters `translations/vi`
empty (the program then refuses to start until somebody translates it) and `translations/en` as
itself. Files carry neither line numbers nor dates, so that they change only when a message does.

`python -m tools.catalogues vi FILE.po …` takes in what a translator sent back.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "survey_app"
LANGUAGES = ("vi", "en")
NO_LINE = 0  # never written: line numbers would change the file with every edit
METHODS = [("**/vendor/**", "ignore"), ("**.py", "python"), ("**/templates/**", "jinja2")]
OPTIONS = {"**/templates/**": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def path_of(language: str) -> Path:
    """The catalogue file of a language."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """Every message of the sources, with the files it stands in."""
    template = Catalog(charset="utf-8")
    reading = "nothing"

    def note(name: str, _method: str, _options: dict[str, object]) -> None:
        nonlocal reading
        reading = name

    found = extract_from_dir(
        SOURCES,
        METHODS,
        OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        callback=note,
    )
    try:
        for name, _line, message, comments, context in found:
            place = (f"survey_app/{name}", NO_LINE)
            template.add(message, None, [place], auto_comments=comments, context=context)
    except TemplateSyntaxError as error:
        raise SystemExit(f"survey_app/{reading}:{error.lineno}: {error.message}") from error
    return template


def read(language: str) -> Catalog:
    """The catalogue as it stands; empty when there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog, before: Catalog | None = None) -> Catalog:
    """What the catalogue of `language` has to be: the template's messages, our translations.

    Translations come from `before`, by default the file as it stands.
    """
    before = read(language) if before is None else before
    after = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in _sorted(template):
        known = before.get(message.id, context=message.context)
        string = known.string if known is not None and not known.fuzzy else None
        after.add(
            message.id,
            string or (_itself(message) if language == "en" else None),
            [(name, NO_LINE) for name in sorted({name for name, _ in message.locations})],
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return after


def render(catalogue: Catalog) -> bytes:
    """The catalogue as a PO file: only what a translator needs, always in the same order."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, include_lineno=False)
    return _header(catalogue).encode() + buffer.getvalue()


def _header(catalogue: Catalog) -> str:
    # Babel's own header has the day of extraction and its version, which change without reason.
    lines = (
        f"Language: {catalogue.locale}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    quoted = "".join(f'"{line}\\n"\n' for line in lines)
    return f'msgid ""\nmsgstr ""\n{quoted}\n'


def _sorted(catalogue: Catalog) -> list[Message]:
    return sorted((m for m in catalogue if m.id), key=_key)


def _key(message: Message) -> tuple[str, str]:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return (first, message.context or "")


def _itself(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def stale() -> Iterator[str]:
    """Languages whose file differs from what the sources ask for."""
    template = extract()
    for language in LANGUAGES:
        path = path_of(language)
        now = path.read_bytes() if path.is_file() else b""
        if now != render(updated(language, template)):
            yield language


def taken_in(language: str, files: list[Path]) -> Catalog:
    """The catalogue with the translations of these PO files over its own."""
    catalogue = read(language)
    for path in files:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and _is_full(message):
                    catalogue.delete(message.id, context=message.context)
                    catalogue.add(message.id, message.string, context=message.context)
    return catalogue


def write(language: str, catalogue: Catalog) -> int:
    """Write the catalogue, say what waits for a translation; returns how many messages do."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(catalogue))
    empty = [str(m.id) for m in catalogue if m.id and not _is_full(m)]
    print(f"{language}: {len(catalogue)} messages, {len(empty)} without a translation")
    for message in empty:
        print(f"  {message!r}")
    return len(empty)


def main(arguments: list[str]) -> int:
    """Rewrite every catalogue, or take files into one; 1 while translations are missing."""
    template = extract()
    if arguments:
        language, *files = arguments
        before = taken_in(language, [Path(file) for file in files])
        return min(1, write(language, updated(language, template, before)))
    waiting = [write(language, updated(language, template)) for language in LANGUAGES]
    return 1 if any(waiting) else 0


def _is_full(message: Message) -> bool:
    string = message.string
    return bool(string) and (isinstance(string, str) or all(string or ()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
