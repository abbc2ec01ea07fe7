"""The tablet loses its power with forms waiting: they are there when it comes back, also without the server."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, fill_in, line
from tests.offline.test_privacy import kill_browser, launch
from tests.offline.test_sender import stored

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from tests.support.clock import FakeClock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]
# Resolves after the next form is kept, with the promise that its transaction asked of the disk.
DURABILITY = """() => new Promise((resolve) => {
  const {add} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (...values) {
    IDBObjectStore.prototype.add = add;
    const {transaction} = this;
    transaction.addEventListener("complete", () => resolve(transaction.durability));
    return add.apply(this, values);
  };
})"""


def open_tablet(context: "BrowserContext", server: Server, clock: "FakeClock") -> Tablet:
    page = context.pages[0]
    page.clock.install(time=clock())
    tablet = Tablet(page, f"{server.url}/kiosk/", clock)
    tablet.open()
    return tablet


def test_forms_outlive_it_and_the_page_starts_without_the_server(
    browser: "Browser",
    tmp_path: "Path",
    server: Server,
    pair_code: Callable[[], str],
    clock: "FakeClock",
    count: Count,
) -> None:
    profile = tmp_path / "profile"
    with launch(
        browser, profile
    ) as context:  # closed once: Chromium writes a new cookie half a minute late
        page = context.pages[0]
        page.clock.install(time=clock())
        page.goto(f"{server.url}/kiosk/connect")
        page.locator("#code").fill(pair_code())
        page.get_by_role("button", name="Kết nối máy này").tap()
        line(Tablet(page, "", clock), "sẵn sàng")
    server.stop()
    fill_in(open_tablet(launch(browser, profile), server, clock), 2)
    kill_browser(profile)
    with launch(browser, profile) as context:
        tablet = open_tablet(context, server, clock)
        assert len(stored(tablet.page)["queue"]) == 2
        line(tablet, "sẵn sàng · mất mạng · còn 2 phiếu chưa gửi")
        fill_in(tablet)
        server.start()
        line(tablet, "sẵn sàng")
        assert count() == 3


def test_a_form_is_on_the_disk_before_the_thanks(paired: Tablet) -> None:
    paired.page.evaluate(f"() => {{ window.durability = ({DURABILITY})(); }}")
    paired.begin()
    paired.rush()
    paired.send()
    paired.expect_screen("thanks")
    assert paired.page.evaluate("window.durability") == "strict"


def test_no_answer_asks_the_browser_to_clear_anything(paired: Tablet) -> None:
    """One such header, and the queue is gone."""
    headers: list[str] = []
    paired.page.context.on("response", lambda answer: headers.extend(answer.headers))
    paired.page.reload()
    fill_in(paired)
    line(paired, "sẵn sàng")
    paired.page.goto(paired.url + "setup")
    paired.page.goto(paired.url + "connect")
    assert "content-security-policy" in headers
    assert "clear-site-data" not in headers
