"""For everyone: axe on every screen, large targets, no sideways scrolling, one screen without scrolling."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Check = Callable[[Page], None]

# Sideways overflow, downward overflow, every visible target lower than 96 CSS px, letters below 24 px, and what a screen reader
# meets after something that stands below it or to its right: it goes by the order of the document.
MEASURE = """() => {
  const shown = (e) => e.getClientRects().length > 0;
  const targets = [...document.querySelectorAll('a, button, label, textarea')].filter(shown);
  const hidden = (e) => e.closest('.visually-hidden') !== null;
  return {
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    down: document.documentElement.scrollHeight - window.innerHeight,
    low: targets
      .filter((e) => !hidden(e) && e.getBoundingClientRect().height < 96)
      .map((e) => e.outerHTML.slice(0, 80)),
    small: [...document.querySelectorAll('main *')]
      .filter((e) => shown(e) && !hidden(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
      .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 24)
      .map((e) => e.outerHTML.slice(0, 80)),
    astray: targets
      .filter((e) => !hidden(e))
      .map((e) => [e, e.getBoundingClientRect()])
      .filter(([, box], index, all) => {
        const before = all[index - 1]?.[1];
        return before && (box.bottom <= before.top || (box.top < before.bottom && box.right <= before.left));
      })
      .map(([e]) => e.outerHTML.slice(0, 80)),
  };
}"""


def every_screen(tablet: Tablet, look: Callable[[], None], language: str = "vi") -> None:
    """Walk through a visit with every conditional question, and look at each screen."""
    page = tablet.page
    look()
    tablet.choose_language(language)
    look()
    tablet.press("begin")
    tablet.expect_screen("question")
    while tablet.question != "remark":
        look()
        tablet.answer({"stage": "returned"}, until=_next(tablet))
    look()
    tablet.press("review")
    tablet.expect_screen("review")
    look()
    tablet.press_exit()
    page.get_by_role("dialog").wait_for()
    look()
    page.locator('[data-do="stay"]').tap()
    page.route("**/api/v1/responses", lambda route: route.abort())
    tablet.send()
    tablet.expect_screen("failed")
    look()
    page.unroute("**/api/v1/responses")
    tablet.press("again")
    tablet.expect_screen("thanks")
    look()


def _next(tablet: Tablet) -> str:
    tablet.choose(
        "returned"
        if tablet.question == "stage"
        else tablet.screen.locator("input").first.input_value()
    )
    return str(tablet.question)


def measure(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


@pytest.fixture
def forgiven(provoke: Callable[[str], None]) -> Any:
    """The walk provokes one failed request."""
    yield
    provoke("Failed to load resource")


@pytest.mark.usefixtures("forgiven")
def test_axe_finds_nothing_on_any_screen(tablet: Tablet, axe: Check) -> None:
    every_screen(tablet, lambda: axe(tablet.page))


@pytest.mark.usefixtures("forgiven")
@pytest.mark.parametrize(
    ("width", "height", "language", "scrolls"),
    [
        (800, 1280, "vi", False),
        (1280, 800, "vi", False),
        (800, 1280, "en", False),
        (1280, 800, "en", False),
        (390, 844, "vi", True),
    ],
)
def test_targets_are_large_and_screens_fit(
    tablet: Tablet, width: int, height: int, language: str, scrolls: bool
) -> None:
    tablet.page.set_viewport_size({"width": width, "height": height})

    def look() -> None:
        found = measure(tablet.page)
        where = tablet.question or tablet.screen.get_attribute("data-screen")
        assert found["low"] == [], where
        assert found["small"] == [], where
        # The buttons of the summary stay in sight while its rows pass below them.
        assert where == "review" or found["astray"] == [], where
        assert found["sideways"] <= 0, where
        # The summary is as long as the answers are many; its buttons stay in sight.
        assert scrolls or where == "review" or found["down"] <= 0, where

    every_screen(tablet, look, language)


@pytest.mark.usefixtures("forgiven")
@pytest.mark.parametrize(("width", "height"), [(800, 1280), (1280, 800), (390, 844)])
def test_text_at_200_per_cent_scrolls_down_only(tablet: Tablet, width: int, height: int) -> None:
    page = tablet.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    def look() -> None:
        where = tablet.question or tablet.screen.get_attribute("data-screen")
        assert measure(page)["sideways"] <= 0, where

    every_screen(tablet, look)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_zoomed_to_200_per_cent_on_a_phone_scrolls_down_only(
    tablet: Tablet, language: str
) -> None:
    tablet.page.set_viewport_size({"width": 195, "height": 422})
    tablet.begin(language)
    while tablet.question != "remark":
        assert measure(tablet.page)["sideways"] <= 0, tablet.question
        tablet.answer({}, until=_next(tablet))
    assert measure(tablet.page)["sideways"] <= 0


def test_the_long_form_is_axe_clean_and_fits(tablet: Tablet, axe: Check) -> None:
    # Axe itself needs scripts, so the long form is made by keeping only ours away.
    page = tablet.page
    page.route("**/kiosk.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    assert page.locator("fieldset").nth(5).is_visible()
    axe(page)
    assert measure(page)["sideways"] <= 0


def test_reduced_motion_moves_nothing(tablet: Tablet) -> None:
    name = "e => getComputedStyle(e).animationName"
    tablet.begin()
    assert tablet.screen.evaluate(name) == "none"
    tablet.page.emulate_media(reduced_motion="no-preference")
    assert tablet.screen.evaluate(name) == "arrive"


def test_the_pairing_and_other_pages_are_axe_clean(
    tablet: Tablet, axe: Check, invitation: str, provoke: Callable[[str], None]
) -> None:
    page = tablet.page
    for address in ("thanks", f"pair/{invitation}"):
        page.goto(tablet.url + address)
        axe(page)
        assert measure(page)["low"] == []
    page.context.clear_cookies()
    page.goto(tablet.url)
    axe(page)
    provoke("Failed to load resource")
