"""Below the oldest supported browsers the page stays a long form that works."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey_app.kiosk.bundle import STATIC, TOKENS
from tests.kiosk.test_without_javascript import fill
from tests.support.server import LiveServer

Rows = Callable[[], list[dict[str, Any]]]


@pytest.mark.browser
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "lacking",
    ["delete Object.hasOwn", "delete Array.prototype.at", "delete window.HTMLDialogElement"],
)
def test_an_older_browser_gets_the_long_form(
    paired_page: Page,
    live_server: LiveServer,
    rows: Rows,
    provoke: Callable[[str], None],
    lacking: str,
) -> None:
    page = paired_page
    page.add_init_script(lacking)
    page.goto(f"{live_server.url}/kiosk/")
    expect(page.locator("html.stepwise")).to_have_count(0)
    fill(page)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà")
    assert len(rows()) == 1
    provoke("The long form stays")


# What browsers learnt after the floor, and in which Chromium (MDN's tables): syntax and library of ECMAScript 2022 and
# later, the platform's own, CSS. What only improves, and is passed over where it is not known (text-wrap), is no need.
NEWER = {
    r"\bstatic \{": 94,
    r"#\w+ in \b": 94,  # from 91; with static blocks the last syntax of ECMAScript 2022
    r"\bimport [^;]+ (?:with|assert) \{": 123,
    r"\b(?:await )?using \w+ =": 134,
    r"\(\?[ims]*-?[ims]+:": 125,
    r"/[dgimsuy]*v[dgimsuy]*[;,.)]": 112,
    r"\bstructuredClone\b": 98,
    r"\.findLast(?:Index)?\(": 97,
    r"\bhasIndices\b": 94,
    r"\.(?:isWellFormed|toWellFormed)\(": 111,
    r"\bAbortSignal\.(?:timeout|any)\b": 103,
    r"\.(?:toSorted|toReversed|toSpliced|with)\(": 110,
    r"\b(?:Object|Map)\.groupBy\b": 117,
    r"\bPromise\.(?:withResolvers|try)\b": 119,
    r"\bArray\.fromAsync\b": 121,
    r"\bIterator\b|\.(?:values|keys|entries)\(\)\.(?:map|filter|take|drop|some|every|find|toArray)\(": 122,
    r"\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": 122,
    r"\b(?:fromBase64|toBase64|fromHex|toHex)\(": 140,
    r"\bResponse\.json\b": 105,
    r"\bRegExp\.escape\b": 136,
    r"\bURL\.(?:canParse|parse)\b": 120,
    r"\b(?:requestClose|showPicker|checkVisibility|startViewTransition|moveBefore)\(": 99,
    r"\bnavigator\.(?:userActivation|windowControlsOverlay)\b": 105,
    r"\bscheduler\.": 94,
    r"\binert\b": 102,
    r"\bpopover\b": 114,
    r"\bclosedby\b|\bcommandfor\b": 134,
    r":has\(": 105,
    r":(?:user-(?:in)?valid|modal|popover-open|autofill|open)\b": 110,
    r"@(?:layer|container|scope|starting-style|view-transition|font-palette-values)\b": 99,
    r"(?<![.\w])(?:color-mix|light-dark|oklch|oklab|lch|lab|hwb|linear|anchor|calc-size)\([^)]": 101,
    r"(?<![.\w])(?:round|mod|rem|sin|cos|pow|sqrt|hypot)\([^)]": 111,
    r"^\s+(?:field-sizing|scrollbar-gutter|translate|rotate|scale|offset-path|text-box): [^(]": 94,
    r"\bsubgrid\b": 117,
    r"^\s+&[\s:.\[>+~]": 112,
    r"\d(?:cqw|cqh|cqi|cqb|svh|lvh|svw|lvw|dvw|dvi|lh|rlh|ric|rex|rch)\b": 105,
    r"(?<!supports \(min-height: 100)(?<!  min-height: 100)dvh": 108,
}


@pytest.mark.parametrize("pattern", NEWER)
def test_no_source_needs_more_than_the_floor(pattern: str) -> None:
    sources = [*STATIC.glob("*.js"), *STATIC.glob("*.css"), TOKENS]
    found = [
        f"{path.name}: {match[0]} (Chromium {NEWER[pattern]})"
        for path in sources
        for match in re.finditer(pattern, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]
    assert found == []


@pytest.mark.parametrize(
    "words",
    [
        "class A { static { go(); } }",
        "const last = items.findLast((item) => item);",
        "items.toSorted()",
        "names.difference(others)",
        "const found = new Set(names).values().map(String);",
        'import data from "./a.json" with { type: "json" };',
        "/[\\p{L}--[a-z]]/v;",
        ".card:has(input:checked) {",
        "@container (min-width: 20rem) {",
        "  & .child {",
        "  height: 100svh;",
        "  color: light-dark(black, white);",
    ],
)
def test_what_is_newer_would_be_found(words: str) -> None:
    assert any(re.search(pattern, words, flags=re.MULTILINE) for pattern in NEWER)
