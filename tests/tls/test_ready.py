"""READY where the tablet really trusts, and nowhere else; every other case says what is missing, to staff and fleet page.

Trust is real here: the authority stands in the store of the browser's user, the click through a warning is the browser's own.
"""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect
from sqlalchemy import select

from survey_app.store import fleet, kiosks, schema
from tests.kiosk.tablet import Tablet
from tests.tls.conftest import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.chaos(43),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
EXPIRED = timedelta(days=398)


def pair(page: Page, world: World) -> Tablet:
    """Type the six digits where the page for it stands open."""
    page.locator("#code").fill(world.pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    tablet = Tablet(page, f"{world.server.url}/kiosk/")
    tablet.expect_screen("welcome")
    return tablet


def go_past_the_warning(page: Page, address: str, warning: str) -> None:
    """What somebody does who does not read: "Advanced", then "Proceed"."""
    with pytest.raises(Error, match=warning):
        page.goto(address)
    page.locator("#details-button").click()
    with page.expect_navigation(url=address):
        page.locator("#proceed-link").click()


def missing(app: Flask) -> list[str]:
    """What the fleet page has of the tablet."""
    with app.extensions["survey_app"].database.reading() as connection:
        said = connection.scalar(select(schema.kiosk_beat.c.missing))
    return list(fleet.read_readiness(said)[0]) if said else []


def is_keyed(app: Flask) -> bool:
    with app.extensions["survey_app"].database.reading() as connection:
        [found] = kiosks.list_kiosks(connection)
    return found.kiosk.public_key is not None


def parts_shown(page: Page) -> list[str | None]:
    """Which parts staff are told of, once the first self-test is over."""
    page.get_by_text("Dành cho nhân viên").tap()
    page.locator('[data-part="trusted_tls"]').wait_for()
    return [part.get_attribute("data-part") for part in page.locator("[data-part]:visible").all()]


def wait_for_line(page: Page, words: str) -> None:
    expect(page.locator("[data-line]")).to_have_text(words, timeout=30_000)


def test_with_the_authority_installed_it_is_ready(world: World) -> None:
    world.server.start(world.certificates.make())
    page = world.chromium.open(world.trusting)
    page.goto(f"{world.server.url}/kiosk/connect")
    pair(page, world)
    wait_for_line(page, "sẵn sàng")
    page.clock.run_for(60_000)
    page.wait_for_load_state("networkidle")
    assert missing(world.app) == []
    assert is_keyed(world.app)


@pytest.mark.parametrize(
    ("age", "is_installed", "warning"),
    [
        (timedelta(0), False, "ERR_CERT_AUTHORITY_INVALID"),
        (EXPIRED, True, "ERR_CERT_DATE_INVALID"),
    ],
    ids=["untrusted", "expired"],
)
def test_past_the_browsers_warning_it_is_not_ready_and_says_why(
    world: World, age: timedelta, is_installed: bool, warning: str
) -> None:
    world.server.start(world.certificates.make(age=age))
    page = world.chromium.open(world.trusting if is_installed else world.doubting)
    go_past_the_warning(page, f"{world.server.url}/kiosk/connect", warning)
    assert page.evaluate("isSecureContext") is True
    pair(page, world)
    wait_for_line(page, "chưa sẵn sàng")
    assert parts_shown(page) == ["trusted_tls"]
    page.clock.run_for(60_000)
    page.wait_for_load_state("networkidle")
    assert {"trusted_tls", "worker", "offline_start"} <= set(missing(world.app))


@pytest.mark.parametrize("scheme", ["http"])
def test_over_plain_http_it_is_on_trial_and_says_why(world: World) -> None:
    world.server.start(None)
    page = world.chromium.open(world.doubting)
    page.goto(f"{world.server.url}/kiosk/connect")
    assert page.evaluate("isSecureContext") is False
    tablet = pair(page, world)
    wait_for_line(page, "chưa sẵn sàng")
    assert parts_shown(page) == ["trusted_tls"]
    assert {"trusted_tls", "worker", "device_key"} <= set(missing(world.app))
    assert not is_keyed(world.app)
    marked = page.get_by_text("CHẠY THỬ")
    expect(marked).to_be_visible()
    tablet.choose_language("vi")
    expect(marked).to_be_visible()
    tablet.press("begin")
    tablet.expect_screen("question")
    expect(marked).to_be_visible()
    tablet.rush()
    tablet.press("review")
    tablet.expect_screen("review")
    expect(marked).to_be_visible()
    tablet.send()
    tablet.expect_screen("thanks")
    expect(marked).to_be_visible()


def test_where_https_is_due_a_page_opened_over_http_names_the_right_address(world: World) -> None:
    world.server.start(None)
    page = world.chromium.open(world.doubting)
    in_the_open = world.server.url.replace("https://", "http://")
    page.goto(f"{in_the_open}/kiosk/connect")
    page.locator("#code").fill(world.pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    page.get_by_text("chưa được kết nối").wait_for()
    expect(page.locator("main")).to_contain_text(f"{world.server.url}/kiosk/")
