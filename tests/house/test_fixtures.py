"""What every other test stands on: databases, the network's absence, a browser with axe."""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from tests.support.clock import FakeClock
from tests.support.network import OutsideWorldError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import Watch


def test_each_test_gets_an_empty_database(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (letter TEXT)"))
        connection.execute(text("INSERT INTO visit VALUES ('ộ')"))
        assert connection.scalar(text("SELECT length(letter) FROM visit")) == 1
    engine.dispose()


def test_and_the_next_one_does_not_see_it(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (letter TEXT)"))
        assert connection.scalar(text("SELECT count(*) FROM visit")) == 0
    engine.dispose()


def test_the_outside_world_is_closed() -> None:
    with pytest.raises(OutsideWorldError), socket.socket() as outward:
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("example.org", 443)


def test_the_clock_stands_until_it_is_moved(clock: FakeClock) -> None:
    assert clock() == clock()
    assert clock().isoformat() == "2026-11-23T02:00:00+00:00"
    clock.set("2026-11-30 06:00")
    assert clock().isoformat() == "2026-11-29T23:00:00+00:00"
    clock.advance(minutes=16)
    assert clock().isoformat() == "2026-11-29T23:16:00+00:00"


@pytest.mark.browser
def test_axe_finds_a_field_without_a_name(
    browser_page: "Page", axe: Callable[["Page"], None]
) -> None:
    browser_page.set_content(
        "<!doctype html><html lang=vi><title>T</title><main><h1>T</h1><input></main></html>"
    )
    with pytest.raises(AssertionError, match="label"):
        axe(browser_page)


@pytest.mark.browser
def test_the_browser_stays_on_this_machine(browser_page: "Page", watch: "Watch") -> None:
    browser_page.set_content("<img src='https://outside.example/picture.png'>")
    browser_page.wait_for_load_state("load")
    assert "asked for https://outside.example/picture.png" in watch.complaints
    watch.complaints.clear()
