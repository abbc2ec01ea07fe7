"""A bank card tells the tablet how large its screen is; then everything to touch has 16 mm."""

import pytest
from playwright.sync_api import expect

from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, enter_staff_room

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
CARD = 85.60
WIDTH = 700  # of the card on this screen, in pixels: 16 mm are then 131
LEAST = 16 * WIDTH / CARD
LOWEST = """() => Math.min(...[...document.querySelectorAll("main :is(.button, label, textarea)")]
  .filter((e) => e.getClientRects().length > 0 && !e.classList.contains("visually-hidden"))
  .map((e) => e.getBoundingClientRect().height))"""


def measure(tablet: Tablet, pin: str, width: int) -> None:
    page = tablet.page
    enter_staff_room(page, pin)
    page.get_by_role("button", name="Kích thước màn hình").tap()
    slider = page.get_by_role("slider", name="Chiều rộng của khung")
    slider.fill(str(width - 1))
    page.get_by_role("button", name="Rộng hơn").tap()
    box = page.locator("[data-card]").bounding_box()
    assert box
    assert box["width"] == pytest.approx(width, abs=0.5)


def test_what_is_touched_has_sixteen_millimetres_then(paired: Tablet, pin: str) -> None:
    measure(paired, pin, WIDTH)
    paired.page.get_by_role("button", name="Lưu số đo này").tap()
    paired.begin()
    for question in ("procedure", "stage"):
        paired.expect_question(question)
        assert paired.page.evaluate(LOWEST) >= LEAST - 0.1
        paired.choose("refused")


def test_the_tablet_remembers_it_without_the_server(
    paired: Tablet, pin: str, server: Server
) -> None:
    measure(paired, pin, WIDTH)
    paired.page.get_by_role("button", name="Lưu số đo này").tap()
    server.stop()
    paired.page.reload()
    paired.expect_screen("welcome")
    expect(paired.page.locator("html")).to_have_attribute(
        "style", "--sixteen-millimetres: 130.8px;"
    )


def test_it_can_be_forgotten(paired: Tablet, pin: str) -> None:
    measure(paired, pin, WIDTH)
    paired.page.get_by_role("button", name="Lưu số đo này").tap()
    measure_again = paired.page.get_by_role("button", name="Kích thước màn hình")
    measure_again.tap()
    paired.page.get_by_role("button", name="Bỏ số đo").tap()
    paired.begin()
    assert 96 <= paired.page.evaluate(LOWEST) <= 101
