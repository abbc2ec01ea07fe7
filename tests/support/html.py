"""The rules every HTML page of the house keeps. `check` raises with all it finds."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

LABELLABLE = ("input", "select", "textarea")
WITHOUT_LABEL = frozenset({"hidden", "submit", "button", "image", "reset"})
READABLE_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data")
CITIZENS = ("/kiosk", "/q/")
Rule = Callable[["Document"], Iterator[str]]


class Document:
    """A parsed page, its request path, and what the rules ask of it."""

    def __init__(self, text: str, path: str, untranslated: frozenset[str] = frozenset()) -> None:
        self.path = path
        self.untranslated = untranslated
        self._parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = self._parser.parse(text)
        self.parse_errors = [
            f"line {position[0]}: {code}" for position, code, _ in self._parser.errors
        ]

    def all(self, *tags: str) -> list[Element]:
        """Every element with one of these tags, in document order; all without tags."""
        found = self.root.iter()
        # A comment is an element too, with a function for a tag.
        named: list[Element] = [e for e in found if not callable(e.tag)]
        return [e for e in named if not tags or e.tag in tags]

    def parent_chain(self, element: Element) -> Iterator[Element]:
        """The elements that hold `element`, innermost first."""
        parents = {child: parent for parent in self.root.iter() for child in parent}
        while element in parents:
            element = parents[element]
            yield element

    def visible_strings(self) -> list[str]:
        """What a person can read or hear: texts and spoken attributes, spaces folded; no code, which nobody translates."""
        strings = [a for e in self.all() for n in READABLE_ATTRIBUTES if (a := e.get(n))]
        for element in self.all():
            if element.tag not in {"script", "style", "template", "code"} and element.text:
                strings.append(element.text)
            strings.append(element.tail or "")
        return [folded for s in strings if (folded := " ".join(s.split()))]


def text_of(element: Element) -> str:
    """The element's whole text, spaces folded."""
    return " ".join("".join(element.itertext()).split())


def parses(page: Document) -> Iterator[str]:
    """The page is valid enough that no parser has to repair it."""
    yield from page.parse_errors


def has_one_heading_that_names_it(page: Document) -> Iterator[str]:
    """One h1, and the title starts with its words."""
    headings = page.all("h1")
    titles = page.all("title")
    if len(headings) != 1 or len(titles) < 1:
        yield f"{len(headings)} h1 and {len(titles)} title elements"
        return
    heading, title = text_of(headings[0]), text_of(titles[0])
    if not heading or not title.startswith(heading):
        yield f"title {title!r} does not start with the heading {heading!r}"


def names_its_language(page: Document) -> Iterator[str]:
    """<html lang> is one of ours."""
    language = page.root.get("lang")
    if language not in {"vi", "en"}:
        yield f"html lang is {language!r}"


def has_unique_ids(page: Document) -> Iterator[str]:
    """No id twice."""
    ids = Counter(e.get("id") for e in page.all() if e.get("id") is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1)


def refers_to_ids_that_exist(page: Document) -> Iterator[str]:
    """Labels, descriptions and fragments point somewhere."""
    ids = {e.get("id") for e in page.all()}
    for element in page.all():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (element.get(name) or "").split():
                if target not in ids:
                    yield f"{name}={target!r} points nowhere"
        fragment = element.get("href") or ""
        if fragment.startswith("#") and len(fragment) > 1 and fragment[1:] not in ids:
            yield f"href={fragment!r} points nowhere"


def labels_every_field(page: Document) -> Iterator[str]:
    """Every field a person fills in has a label."""
    labelled = {e.get("for") for e in page.all("label")}
    for field in page.all(*LABELLABLE):
        if field.tag == "input" and field.get("type") in WITHOUT_LABEL:
            continue
        named = field.get("id") in labelled or field.get("aria-label")
        wrapped = any(e.tag == "label" for e in page.parent_chain(field))
        if not (named or wrapped or field.get("aria-labelledby")):
            yield f"{field.tag} {field.get('name')!r} has no label"


def groups_radio_buttons(page: Document) -> Iterator[str]:
    """Radio buttons stand in a fieldset whose legend says something."""
    for field in page.all("input"):
        if field.get("type") != "radio":
            continue
        fieldset = next((e for e in page.parent_chain(field) if e.tag == "fieldset"), None)
        legend = fieldset.find("legend") if fieldset is not None else None
        if legend is None or not text_of(legend):
            yield f"radio {field.get('name')!r} has no fieldset with a legend"


def protects_its_forms(page: Document) -> Iterator[str]:
    """POST forms carry a CSRF token; citizens' pages have no session and none."""
    for form in page.all("form"):
        fields = {e.get("name") for e in form.iter("input")}
        if page.path.startswith(CITIZENS):
            if "csrf_token" in fields:
                yield "a citizen's form has a CSRF token, hence a session"
        elif (form.get("method") or "").lower() == "post" and "csrf_token" not in fields:
            yield f"form {form.get('action')!r} has no CSRF token"


def shows_no_msgid(page: Document) -> Iterator[str]:
    """Nobody reads an English msgid on a Vietnamese page."""
    if page.root.get("lang") == "vi":
        for string in page.visible_strings():
            if string in page.untranslated:
                yield f"untranslated: {string!r}"


def loads_nothing_foreign(page: Document) -> Iterator[str]:
    """Every address is our own."""
    for element in page.all():
        for name in ADDRESSES:
            address = element.get(name) or ""
            if urlsplit(address).netloc or address.startswith(("javascript:", "data:")):
                yield f"{element.tag} {name}={address!r}"


def keeps_the_policy(page: Document) -> Iterator[str]:
    """No inline style, script or handler: the content security policy would drop it."""
    for element in page.all():
        yield from (f"{element.tag} has {n}=" for n in element.attrib if n.startswith("on"))
        if element.get("style") is not None or element.tag == "style":
            yield f"{element.tag} has inline style"
        if element.tag == "script" and element.get("src") is None and not _is_data(element):
            yield "inline script"


def is_composed(page: Document) -> Iterator[str]:
    """Vietnamese letters are precomposed: the font has no combining marks."""
    for string in page.visible_strings():
        if not unicodedata.is_normalized("NFC", string):
            yield f"not NFC: {string!r}"


def has_no_unfilled_placeholder(page: Document) -> Iterator[str]:
    """No %(name)s or {{ name }} reached the reader."""
    for string in page.visible_strings():
        if re.search(r"%\(\w+\)[sd]|\{\{|\}\}|\{%|<lazy", string):
            yield f"unfilled placeholder: {string!r}"


def _is_data(script: Element) -> bool:
    return (script.get("type") or "") == "application/json"


RULES: tuple[Rule, ...] = (
    parses,
    has_one_heading_that_names_it,
    names_its_language,
    has_unique_ids,
    refers_to_ids_that_exist,
    labels_every_field,
    groups_radio_buttons,
    protects_its_forms,
    shows_no_msgid,
    loads_nothing_foreign,
    keeps_the_policy,
    is_composed,
    has_no_unfilled_placeholder,
)


def complaints(page: Document) -> list[str]:
    """Every rule the page breaks, with the place."""
    return [f"{rule.__name__}: {found}" for rule in RULES for found in rule(page)]


def check(page: Document) -> None:
    """Raise AssertionError with everything wrong with the page."""
    found = complaints(page)
    assert not found, f"{page.path}\n  " + "\n  ".join(found)
