"""A tablet that was READY, and whose server it trusts no longer: told apart from a network that is gone, and no form lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from survey_app.store import authority, schema
from tests.kiosk.tablet import Tablet
from tests.support.visits import fill_in
from tests.tls.conftest import HOST, SERVER_TIME, World
from tests.tls.test_ready import EXPIRED, pair, wait_for_line

pytestmark = [
    pytest.mark.browser,
    pytest.mark.chaos(43),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
NOW = datetime.fromisoformat(SERVER_TIME)
UNTRUSTED = "chưa sẵn sàng · máy không tin chứng chỉ của máy chủ"
Say = Callable[[timedelta], None]


@pytest.fixture
def say(world: World, tmp_path: Path) -> Say:
    """`say(left)`: the server tells its tablets of a certificate that ends so far from now; it shows them another one."""

    def tell(left: timedelta) -> None:
        folder = tmp_path / f"said-{left.days}"
        authority.renew(folder, HOST, NOW + left - authority.SERVER_LIFE)
        parts = world.app.extensions["survey_app"]
        settings = replace(parts.settings, tls_certificate=authority.files(folder).server)
        world.app.extensions["survey_app"] = replace(parts, settings=settings)

    return tell


def ready_tablet(world: World) -> Tablet:
    world.server.start(world.certificates.make())
    page = world.chromium.open(world.trusting)
    page.goto(f"{world.server.url}/kiosk/connect")
    tablet = pair(page, world)
    expect(page.locator("[data-line]")).to_have_text(re.compile("^sẵn sàng"), timeout=30_000)
    return tablet


def come_back(world: World, home: Path) -> Tablet:
    """The next morning; the page starts from what the tablet keeps."""
    page = world.chromium.open(home)
    tablet = Tablet(page, f"{world.server.url}/kiosk/")
    tablet.open()
    return tablet


def told(page: Page) -> list[str]:
    """What staff read under the line."""
    summary = page.get_by_text("Dành cho nhân viên")
    if page.locator("details[open]").count() == 0:
        summary.tap()
    return [line.inner_text() for line in page.locator(".staff [data-missing] li:visible").all()]


def count(app: Flask) -> int:
    with app.extensions["survey_app"].database.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(schema.response)) or 0)


def test_an_authority_taken_off_the_tablet_is_named_and_installed_again_all_is_sent(
    world: World,
) -> None:
    ready_tablet(world)
    tablet = come_back(world, world.doubting)
    wait_for_line(tablet.page, UNTRUSTED)
    [words] = told(tablet.page)
    assert "chứng chỉ đã bị gỡ khỏi máy" in words
    assert "không bấm bỏ qua cảnh báo" in words
    fill_in(tablet)
    expect(tablet.page.locator("[data-line]")).to_have_text(f"{UNTRUSTED} · còn 1 phiếu chưa gửi")
    assert count(world.app) == 0
    tablet = come_back(world, world.trusting)
    wait_for_line(tablet.page, "sẵn sàng")
    assert count(world.app) == 1


def test_a_certificate_that_has_ended_is_named_with_its_day(world: World, say: Say) -> None:
    say(timedelta(days=10))
    tablet = ready_tablet(world)
    world.server.start(world.certificates.make(age=EXPIRED))
    tablet = come_back(world, world.trusting)
    page = tablet.page
    page.clock.set_system_time(NOW + timedelta(days=11))
    page.clock.run_for(60_000)
    wait_for_line(page, UNTRUSTED)
    expect(page.locator('[data-certificate="ended"]')).to_contain_text("đã hết hạn ngày 03/12/2026")
    assert len(told(page)) == 1


def test_it_is_said_two_weeks_before(world: World, say: Say) -> None:
    say(timedelta(days=15))
    tablet = ready_tablet(world)
    page = tablet.page
    assert told(page) == []
    say(timedelta(days=13))
    page.clock.run_for(60_000)
    wait_for_line(page, "sẵn sàng · chứng chỉ của máy chủ hết hạn ngày 06/12/2026")
    [words] = told(page)
    assert "đến ngày 06/12/2026" in words


def test_no_network_is_called_no_network(world: World) -> None:
    tablet = ready_tablet(world)
    world.server.stop()
    tablet.page.clock.run_for(300_000)
    wait_for_line(tablet.page, "sẵn sàng · mất mạng")
    assert told(tablet.page) == []


def test_with_a_wrong_date_the_date_is_named_first(world: World) -> None:
    ready_tablet(world)
    tablet = come_back(world, world.doubting)
    tablet.page.clock.set_system_time(datetime(2031, 11, 24, tzinfo=UTC))
    tablet.page.clock.run_for(60_000)
    wait_for_line(tablet.page, "chưa sẵn sàng · mất mạng")
    [words] = told(tablet.page)
    assert "Sai ngày giờ máy" in words
