"""The catalogues are complete, current and well made: nobody ever sees a msgid."""

import re
import unicodedata

import pytest
from babel.messages.catalog import Message

from tests.support.catalogues import catalogue
from tools import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%%|\{\w+\}")
LANGUAGES = pytest.mark.parametrize("language", catalogues.LANGUAGES)


def strings(message: Message) -> list[str]:
    """The translation, each plural form of it."""
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def named(message: Message) -> str:
    return repr(sources(message)[0])


def edges(string: str) -> tuple[str, str]:
    """The spaces a string begins and ends with."""
    return string[: len(string) - len(string.lstrip())], string[len(string.rstrip()) :]


def test_extraction_leaves_no_difference() -> None:
    assert list(catalogues.stale()) == [], "Run: make catalogues"


@LANGUAGES
def test_every_message_is_translated(language: str) -> None:
    empty = [named(m) for m in catalogue(language) if m.id and not all(strings(m))]
    assert empty == []


@LANGUAGES
def test_no_message_is_a_guess_or_a_leftover(language: str) -> None:
    messages = catalogue(language)
    assert [named(m) for m in messages if m.id and m.fuzzy] == []
    assert list(messages.obsolete) == []


@LANGUAGES
def test_translations_keep_the_placeholders(language: str) -> None:
    """A plural form may drop the number ("one week"), never another name."""
    wrong = []
    for message in catalogue(language):
        wanted = {p for s in sources(message)[-1:] for p in PLACEHOLDER.findall(s)}
        singular = len(sources(message)) > 1
        for string in filter(None, strings(message)) if message.id else []:
            found = set(PLACEHOLDER.findall(string))
            if found - wanted or (wanted - found - ({"%(num)s"} if singular else set())):
                wrong.append(named(message))
    assert wrong == []


@LANGUAGES
def test_letters_are_precomposed_and_edges_clean(language: str) -> None:
    wrong = [
        named(m)
        for m in catalogue(language)
        for s in strings(m)
        if m.id
        and (
            not unicodedata.is_normalized("NFC", s) or edges(s) != edges(sources(m)[0]) or "  " in s
        )
    ]
    assert wrong == []


def test_english_is_its_own_translation() -> None:
    assert [named(m) for m in catalogue("en") if m.id and strings(m) != sources(m)] == []
