"""The tablet loses its power with forms waiting: they are there when it comes back, also without the server."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from survey_app.store import kiosks
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.offline.test_privacy import kill_browser, launch
from tests.offline.test_sender import stored
from tests.support.visits import fill_in

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext

    from tests.support.browser import Watch
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


def test_right_after_pairing_it_is_still_paired(
    browser: "Browser",
    tmp_path: "Path",
    server: Server,
    pair_code: Callable[[], str],
    clock: "FakeClock",
    app: "Flask",
    count: Count,
) -> None:
    """The key is on the disk at once, the cookie half a minute later."""
    profile = tmp_path / "profile"
    page = launch(browser, profile).pages[0]
    page.clock.install(time=clock())
    page.goto(f"{server.url}/kiosk/connect")
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    Tablet(page, "", clock).expect_screen("welcome")
    kill_browser(profile)
    with launch(browser, profile) as context:
        tablet = open_tablet(context, server, clock)
        line(tablet, "sẵn sàng")
        fill_in(tablet)
        line(tablet, "sẵn sàng")
    assert count() == 1
    with app.extensions["survey_app"].database.reading() as connection:
        assert len(kiosks.list_kiosks(connection)) == 1


@pytest.mark.parametrize("page", ["", "setup"])
def test_a_cookie_that_is_gone_comes_back_by_the_key(
    paired: Tablet, watch: "Watch", page: str
) -> None:
    tablet = paired.page
    tablet.evaluate(
        """async () => {
          for (const found of await navigator.serviceWorker.getRegistrations()) await found.unregister();
        }"""
    )
    tablet.context.clear_cookies()
    tablet.goto(paired.url + page)
    tablet.locator('html[data-at="welcome"], [data-connected="true"]').wait_for()
    assert [cookie["name"] for cookie in tablet.context.cookies()] == ["kiosk"]
    watch.allow("401")


def test_where_no_cookie_is_kept_the_page_says_so_once(paired: Tablet, watch: "Watch") -> None:
    page = paired.page
    page.route("**/kiosk/sw.js", lambda route: route.fulfill(status=401))
    paired.page.evaluate(
        """async () => {
          for (const found of await navigator.serviceWorker.getRegistrations()) await found.unregister();
        }"""
    )
    page.context.clear_cookies()
    with page.expect_response("**/kiosk/sw.js"):
        page.goto(paired.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("chưa được kết nối")
    watch.allow("401")


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
