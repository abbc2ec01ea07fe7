"""What a tablet fetches from cold to its first screen, as the browser counts it."""

from typing import TYPE_CHECKING

import pytest

from tests.kiosk.tablet import Tablet
from tests.support.browser import Wire
from tests.support.server import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
MOST_REQUESTS = 12
MOST_BYTES = 60_000
MOST_BYTES_WITH_FONT = 100_000


def test_the_first_screen_comes_with_few_requests_and_few_bytes(
    paired_page: "Page", live_server: LiveServer
) -> None:
    wire = Wire(paired_page.context.new_cdp_session(paired_page))
    Tablet(paired_page, f"{live_server.url}/kiosk/").open()
    paired_page.wait_for_load_state("networkidle")
    paired_page.evaluate("document.fonts.ready.then(() => 1)")
    fonts = sum(size for address, size in wire.bytes.items() if address.endswith(".woff2"))
    total = sum(wire.bytes.values())
    assert len(wire.addresses) == len(wire.bytes)
    assert fonts > 0
    assert len(wire.addresses) <= MOST_REQUESTS, sorted(wire.addresses.values())
    assert total - fonts <= MOST_BYTES, wire.bytes
    assert total <= MOST_BYTES_WITH_FONT, wire.bytes
    assert paired_page.evaluate("document.fonts.check('1em \"Be Vietnam Pro\"', 'Tiếng Việt')")
