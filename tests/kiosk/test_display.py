"""Larger letters and high contrast: on every screen, for one visit, and nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.tablet import Tablet
from tests.kiosk.test_leaving import traces
from tests.kiosk.test_reach import every_screen, measure

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Check = Callable[[Page], None]
SIZES = ((1280, 800), (390, 844), (800, 1280))
ROOT = "() => [document.documentElement.dataset.text, document.documentElement.dataset.contrast]"


def prefer(tablet: Tablet, *values: str) -> None:
    tablet.wait()
    tablet.page.locator('[data-do="openDisplay"]').tap()
    for value in values:
        tablet.page.locator(f'#display input[value="{value}"] + label').tap()
    tablet.page.get_by_role("button", name="Xong").tap()


def looks(tablet: Tablet) -> list[str | None]:
    found: list[str | None] = tablet.page.evaluate(ROOT)
    return found


@pytest.fixture
def forgiven(provoke: Callable[[str], None]) -> Any:
    """The walk provokes one failed request."""
    yield
    provoke("Failed to load resource")


@pytest.mark.usefixtures("forgiven")
@pytest.mark.parametrize("values", [("large",), ("largest", "high")], ids=str)
def test_every_screen_stays_whole_and_axe_clean(
    tablet: Tablet, axe: Check, values: tuple[str, ...]
) -> None:
    page = tablet.page
    prefer(tablet, *values)

    def look() -> None:
        where = tablet.question or tablet.screen.get_attribute("data-screen")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found = measure(page)
            assert (found["sideways"] <= 0, found["low"]) == (True, []), (where, width)
        axe(page)

    every_screen(tablet, look)


def test_they_are_offered_on_every_screen_and_their_own_is_axe_clean(
    tablet: Tablet, axe: Check
) -> None:
    offer = tablet.page.locator('[data-do="openDisplay"]')
    expect(offer).to_be_visible()
    tablet.wait()
    offer.tap()
    dialog = tablet.page.get_by_role("dialog", name="Dễ đọc hơn")
    for usual in ("Chữ vừa", "Chữ đen, nền sáng"):
        expect(dialog.get_by_role("radio", name=usual)).to_be_checked()
    axe(tablet.page)
    for width, height in SIZES:
        tablet.page.set_viewport_size({"width": width, "height": height})
        assert measure(tablet.page)["sideways"] <= 0
    tablet.page.get_by_role("button", name="Xong").tap()
    tablet.begin()
    expect(offer).to_be_visible()
    tablet.rush()
    expect(offer).to_be_visible()
    tablet.press("review")
    expect(offer).to_be_visible()
    tablet.send()
    tablet.expect_screen("thanks")
    expect(offer).to_be_visible()


def test_they_change_nothing_of_the_answers(tablet: Tablet) -> None:
    tablet.begin()
    tablet.choose("land")
    tablet.expect_question("stage")
    prefer(tablet, "largest", "high")
    assert looks(tablet) == ["largest", "high"]
    tablet.expect_question("stage")
    tablet.press("back")
    expect(tablet.screen.locator('input[value="land"]')).to_be_checked()


def leave_by_thanks(tablet: Tablet) -> None:
    tablet.rush()
    tablet.send()
    tablet.expect_screen("thanks")
    tablet.wait(13_000)


def leave_by_erasing(tablet: Tablet) -> None:
    tablet.choose("land")
    tablet.press_exit()
    tablet.erase()


def leave_by_walking_away(tablet: Tablet) -> None:
    tablet.wait(52_000)


def leave_by_reload(tablet: Tablet) -> None:
    tablet.page.reload()


@pytest.mark.parametrize(
    "leave", [leave_by_thanks, leave_by_erasing, leave_by_walking_away, leave_by_reload]
)
def test_the_next_person_finds_the_usual_look(
    tablet: Tablet, leave: Callable[[Tablet], None]
) -> None:
    prefer(tablet, "large", "high")
    tablet.begin()
    leave(tablet)
    tablet.expect_screen("welcome")
    assert looks(tablet) == [None, None]
    assert tablet.page.locator("input:checked").count() == 0
    assert traces(tablet.page)["stored"] == 0


def test_who_only_changed_the_look_and_went_leaves_the_usual_one(tablet: Tablet) -> None:
    prefer(tablet, "largest")
    tablet.wait(52_000)
    tablet.expect_screen("welcome")
    assert looks(tablet) == [None, None]


# Words of the answers that stand in two lines, and tools that stand on other words.
SPOILT = """() => {
  const shown = (e) => e.getClientRects().length > 0;
  const broken = [...document.querySelectorAll("main label span")].filter(shown).flatMap((span) => {
    const text = span.firstChild;
    return [...text.data.matchAll(/[^ \\s]+/g)].filter(({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      return range.getClientRects().length > 1;
    }).map(([word]) => word);
  });
  const box = (e) => e.getBoundingClientRect();
  const words = [...document.querySelectorAll(".invitation p, .invitation h1")].filter(shown);
  const tools = [...document.querySelectorAll(".tool")].filter(shown);
  const covered = tools.filter((tool) => document.documentElement.dataset.at === "welcome" &&
    words.some((e) => box(tool).bottom > box(e).top + 1)).map((e) => e.innerText);
  return [...broken, ...covered];
}"""


@pytest.mark.parametrize("width", [390, 800])
def test_with_the_largest_letters_words_stay_whole_and_apart(tablet: Tablet, width: int) -> None:
    page = tablet.page
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate("document.documentElement.dataset.text = 'largest'")
    assert page.evaluate(SPOILT) == []
    tablet.begin()
    page.evaluate("document.documentElement.dataset.text = 'largest'")
    while tablet.question != "remark":
        assert page.evaluate(SPOILT) == [], tablet.question
        tablet.choose(tablet.screen.locator("input").first.input_value())
