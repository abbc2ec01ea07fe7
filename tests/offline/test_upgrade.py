"""A new version of the tablet's own database meets a queue, and a second tab that holds the old one open (failures.md 16)."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from survey_app.kiosk import bundle
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import line
from tests.offline.test_queue import outage
from tests.offline.test_sender import stored
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.chaos(16),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]
Upgrade = Callable[[Page], None]
VERSION = (
    """async () => (await indexedDB.databases()).find(({name}) => name === "survey-app").version"""
)
# A tab of no concern, or of a program so old that it does not let go when it is asked to.
HOLD = """() => new Promise((resolve) => {
  const open = indexedDB.open("survey-app");
  open.onsuccess = () => { window.held = open.result; resolve(); };
})"""


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """`upgrade(page)`: the server has a program whose database has one store more, and the page takes it."""

    def serve_and_take(page: Page) -> None:
        script = bundle.content("kiosk.js")
        newer = script.replace("const VERSION = 1;", "const VERSION = 2;")
        newer = newer.replace("state: null };", "state: null, later: null };")
        assert newer.count("VERSION = 2") == newer.count("later: null") == 1
        real = bundle.content
        monkeypatch.setattr(
            bundle, "content", lambda name: newer if name == "kiosk.js" else real(name)
        )
        with page.expect_event("load"):
            page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")

    return serve_and_take


def test_while_a_tab_does_not_let_go_nobody_is_taken_in_and_nothing_is_lost(
    paired: Tablet, app: Flask, count: Count, upgrade: Upgrade
) -> None:
    with outage(app):
        fill_in(paired, 2)
        holder = paired.page.context.new_page()
        holder.goto(paired.url.replace("/kiosk/", "/healthz"))
        holder.evaluate(HOLD)
        upgrade(paired.page)
        expect(paired.page.locator("html")).to_have_attribute("data-closed", "")
        holder.close()
        with paired.page.expect_event("load"):
            paired.page.reload()
        expect(paired.page.locator("html")).not_to_have_attribute("data-closed", "")
        paired.begin()
        paired.rush()
        paired.send()
        paired.expect_screen("thanks")
        assert paired.page.evaluate(VERSION) == 2
        assert len(stored(paired.page)["queue"]) == 3
    paired.wait(345_000)
    line(paired, "sẵn sàng")
    assert count() == 3
