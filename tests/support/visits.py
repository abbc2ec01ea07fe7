"""A citizen's whole visit at a tablet in Chromium."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.kiosk.tablet import Tablet


def fill_in(tablet: "Tablet", visits: int = 1) -> None:
    """Come, answer, be thanked, go."""
    for _ in range(visits):
        tablet.begin()
        tablet.rush()
        tablet.send()
        tablet.expect_screen("thanks")
        tablet.wait(13_000)
        tablet.expect_screen("welcome")
