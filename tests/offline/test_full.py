"""The tablet's own storage is full: a real quota, really filled (failures.md row 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.offline.test_sender import stored
from tests.support.visits import fill_in

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

pytestmark = [
    pytest.mark.browser,
    pytest.mark.chaos(17),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
SMALL, LARGE = 4_000_000, 400_000_000
# Random bytes, in ever smaller pieces, until not even the smallest finds room.
FILL = """async () => {
  const database = await new Promise((resolve) => {
    const open = indexedDB.open("survey-app");
    open.onsuccess = () => resolve(open.result);
  });
  const put = (size) => new Promise((resolve) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const transaction = database.transaction(["state"], "readwrite");
    transaction.objectStore("state").put(bytes, `filler ${crypto.randomUUID()}`);
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
  for (let size = 1_048_576; size >= 64; size /= 2) while (await put(size));
  database.close();
}"""


@dataclass
class Disk:
    """What the browser gives this site."""

    page: Page
    session: "CDPSession"
    origin: str

    def give(self, size: int) -> None:
        what = {"origin": self.origin, "quotaSize": size}
        self.session.send("Storage.overrideQuotaForOrigin", what)

    def fill(self) -> None:
        self.page.evaluate(FILL)


@pytest.fixture
def disk(browser_page: Page, server: Server) -> Disk:
    """A small one; asked for before the tablet, for Chromium remembers how much there was."""
    session = browser_page.context.new_cdp_session(browser_page)
    made = Disk(browser_page, session, server.url)
    made.give(SMALL)
    return made


@pytest.mark.parametrize("way", ["sent again", "left standing"])
def test_a_form_that_finds_no_room_stays_on_the_screen_until_there_is_some(
    disk: Disk, paired: Tablet, count: Callable[[], int], way: str
) -> None:
    paired.begin()
    paired.rush()
    disk.fill()
    paired.send()
    paired.expect_screen("failed")
    expect(paired.screen).to_contain_text("Máy chưa lưu được các câu trả lời")
    assert stored(paired.page)["queue"] == []
    disk.give(LARGE)
    if way == "sent again":
        paired.press("again")
    else:
        paired.wait(60_000)
    paired.expect_screen("thanks")
    paired.wait(13_000)
    line(paired, "sẵn sàng")
    assert count() == 1


def test_a_full_tablet_takes_no_forms_says_so_and_goes_on_when_there_is_room(
    disk: Disk, paired: Tablet, count: Callable[[], int]
) -> None:
    page = paired.page
    said = page.get_by_text("Máy này tạm thời chưa nhận phiếu được")
    expect(said).to_be_hidden()
    disk.fill()
    paired.wait(60_000)
    expect(said).to_be_visible()
    expect(page.locator("a[data-language]").first).to_be_hidden()
    expect(page.locator("[data-line]")).to_contain_text("chưa sẵn sàng")
    page.get_by_text("Dành cho nhân viên").tap()
    expect(page.locator('[data-part="storage"]')).to_contain_text("giải phóng")
    disk.give(LARGE)
    paired.wait(60_000)
    expect(said).to_be_hidden()
    fill_in(paired)
    line(paired, "sẵn sàng")
    assert count() == 1
