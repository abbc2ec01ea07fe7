"""Between two people: the countdown, the rest, and what the browser itself keeps (failures.md rows 29, 30, 38)."""

import contextlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Error, expect
from sqlalchemy import select

from survey_app.store import schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.support.browser import TABLET, flags
from tools.ensure_browser import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.support.clock import FakeClock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
CHECKED = "[data-question] input:checked"
FOCUS = """() => [
  scrollY, document.activeElement.tagName, getSelection().toString().length, JSON.stringify(history.state),
]"""
REMARK = "Ghế ngồi chờ hơi ít, xin thêm quạt."


def forms(app: Flask) -> list[Any]:
    with app.extensions["survey_app"].database.reading() as connection:
        return list(connection.execute(select(schema.response)))


@pytest.mark.chaos(38)
def test_who_walks_away_leaves_an_unfinished_form_and_an_empty_screen(
    paired: Tablet, app: Flask
) -> None:
    paired.begin()
    paired.choose("cert")
    paired.wait(31_000)
    expect(paired.page.get_by_role("dialog")).to_contain_text("còn ở đây")
    with paired.page.expect_response("**/api/v1/responses/batch"):
        paired.wait(21_000)
    paired.expect_screen("welcome")
    assert paired.page.locator(CHECKED).count() == 0
    [form] = forms(app)
    assert (form.status, json.loads(form.answers)) == ("partial", {"procedure": "cert"})


def test_words_never_sent_are_not_kept(paired: Tablet, app: Flask) -> None:
    paired.begin()
    paired.rush()
    paired.page.get_by_role("textbox").fill(REMARK)
    with paired.page.expect_response("**/api/v1/responses/batch"):
        paired.wait(52_000)
    paired.expect_screen("welcome")
    assert [form.status for form in forms(app)] == ["partial"]
    with app.extensions["survey_app"].database.reading() as connection:
        assert connection.execute(select(schema.comment)).all() == []
    assert paired.page.locator("textarea").input_value() == ""


@pytest.mark.parametrize("way", ["button", "anywhere", "key"])
def test_anyone_can_ask_for_more_time(paired: Tablet, way: str) -> None:
    paired.begin()
    paired.choose("cert")
    paired.wait(40_000)
    dialog = paired.page.get_by_role("dialog")
    if way == "button":
        paired.page.get_by_role("button", name="Tôi cần thêm thời gian").tap()
    elif way == "anywhere":
        paired.page.touchscreen.tap(400, 1200)
    else:
        paired.page.keyboard.press("Tab")
    expect(dialog).to_be_hidden()
    paired.wait(29_000)
    expect(dialog).to_be_hidden()
    paired.expect_question("stage")
    assert paired.screen.locator("input:checked").count() == 0, "the touch fell on an answer"


def test_nobody_who_answered_nothing_leaves_a_form(paired: Tablet, app: Flask) -> None:
    paired.begin()
    paired.wait(60_000)
    paired.expect_screen("welcome")
    line(paired, "sẵn sàng")
    assert forms(app) == []


def test_the_screen_rests_between_two_people(paired: Tablet) -> None:
    paired.begin()
    paired.press_exit()
    paired.expect_screen("welcome")
    language = paired.page.locator('a[data-language="vi"]')
    paired.wait(4_000)
    language.tap()
    paired.expect_screen("welcome")
    paired.wait(1_000)
    language.tap()
    paired.expect_screen("purpose")


def test_nothing_can_be_marked_or_pulled_down(paired: Tablet) -> None:
    style = (
        "(e) => { const s = getComputedStyle(e); return [s.userSelect, s.overscrollBehaviorY]; }"
    )
    assert paired.page.locator("html").evaluate(style) == ["none", "none"]
    paired.page.keyboard.press("Control+a")
    assert paired.page.evaluate("getSelection().toString()") == ""


def test_no_word_reaches_the_clipboard(paired: Tablet, server: Server) -> None:
    page = paired.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.evaluate("navigator.clipboard.writeText('before')")
    paired.begin()
    paired.rush()
    words = page.get_by_role("textbox")
    words.fill(REMARK)
    words.focus()
    for key in ("c", "x"):
        page.keyboard.press("Control+a")
        page.keyboard.press(f"Control+{key}")
        assert REMARK not in page.evaluate("navigator.clipboard.readText()")
    expect(words).to_have_value(REMARK)


@pytest.mark.parametrize("way", ["erased", "sent", "idle"])
def test_the_next_person_starts_at_the_top_with_nothing_in_focus(paired: Tablet, way: str) -> None:
    page = paired.page
    paired.begin()
    paired.rush()
    page.get_by_role("textbox").fill(REMARK)
    page.evaluate("scrollTo(0, 400)")
    if way == "erased":
        paired.press_exit()
        paired.erase()
    elif way == "sent":
        paired.send()
        paired.expect_screen("thanks")
        paired.wait(13_000)
    else:
        paired.wait(52_000)
    paired.expect_screen("welcome")
    assert page.evaluate(FOCUS) == [0, "H1", 0, '{"inVisit":true}']
    assert REMARK not in page.content()


def launch(browser: "Browser", profile: Path, *more: str) -> "BrowserContext":
    """A Chromium with a profile that stays, and with the back/forward cache that Playwright switches off."""
    return browser.browser_type.launch_persistent_context(
        profile,
        executable_path=find(),
        args=[*flags(), *more],
        ignore_default_args=["--disable-back-forward-cache"],
        has_touch=True,
        reduced_motion="reduce",
        viewport={"width": TABLET["width"], "height": TABLET["height"]},
    )


@pytest.fixture
def kept_profile(browser: "Browser", tmp_path: Path) -> Iterator["BrowserContext"]:
    """A browser with such a profile."""
    context = launch(browser, tmp_path / "profile")
    yield context
    with contextlib.suppress(Error):  # a test may have ended it
        context.close()


@pytest.fixture
def visitor(
    kept_profile: "BrowserContext",
    server: Server,
    pair_code: Callable[[], str],
    clock: "FakeClock",
) -> Tablet:
    """Somebody at a tablet with such a profile, with words in the last field."""
    page = kept_profile.pages[0]
    page.clock.install(time="2026-11-23T02:00:00Z")
    page.goto(f"{server.url}/kiosk/connect")
    page.locator("#code").fill(pair_code())
    page.get_by_role("button", name="Kết nối máy này").tap()
    tablet = Tablet(page, f"{server.url}/kiosk/", clock)
    tablet.expect_screen("welcome")
    line(tablet, "sẵn sàng")
    tablet.begin()
    tablet.rush()
    page.get_by_role("textbox").fill(REMARK)
    return tablet


def is_empty(tablet: Tablet) -> bool:
    tablet.expect_screen("welcome")
    checked = tablet.page.locator(CHECKED).count()
    return checked == 0 and tablet.page.locator("textarea").input_value() == ""


@pytest.mark.chaos(29, 30)
def test_coming_back_from_another_page_shows_nothing(visitor: Tablet, server: Server) -> None:
    page = visitor.page
    page.goto(f"{server.url}/kiosk/static/kiosk.css")
    page.go_back(wait_until="commit")
    assert is_empty(visitor)
    # A page of no concern does come back from the cache.
    page.goto(f"{server.url}/kiosk/static/kiosk.css")
    page.evaluate("addEventListener('pageshow', (e) => { window.cameFromCache = e.persisted; })")
    page.goto(f"{server.url}/kiosk/static/screens.css")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.cameFromCache"), "the back/forward cache is off: nothing is proven"


@pytest.mark.chaos(29, 30)
@pytest.mark.parametrize("way", ["forward", "forward to the question", "reload", "another page"])
def test_no_way_out_and_back_shows_anything(visitor: Tablet, way: str) -> None:
    page = visitor.page
    if way == "reload":
        page.reload(wait_until="commit")
    elif way == "another page":
        page.goto("about:blank")
        page.goto(visitor.url, wait_until="commit")
    else:
        go(page, "1 - history.length")  # to before the survey
        page.wait_for_url("about:blank", wait_until="commit")
        go(page, "1" if way == "forward" else "2")
        page.wait_for_url(visitor.url, wait_until="commit")
    assert is_empty(visitor)


def go(page: "Page", steps: str) -> None:
    """As the browser's own buttons do; the script that asks for it may end with its page."""
    page.evaluate(f"() => {{ setTimeout(() => history.go({steps})); }}")


@pytest.mark.chaos(29)
def test_a_restored_tab_shows_nothing(
    visitor: Tablet, kept_profile: "BrowserContext", browser: "Browser", tmp_path: Path
) -> None:
    kept_profile.close()
    again = launch(browser, tmp_path / "profile", "--restore-last-session")
    try:
        [tab] = [page for page in again.pages if page.url == visitor.url]
        assert is_empty(Tablet(tab, visitor.url))
    finally:
        again.close()


@pytest.mark.chaos(29)
def test_after_a_crash_the_profile_holds_no_word(visitor: Tablet, tmp_path: Path) -> None:
    expect(visitor.page.get_by_role("textbox")).to_have_value(REMARK)
    kill_browser(tmp_path / "profile")
    files = [path for path in (tmp_path / "profile").rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        data = path.read_bytes()
        assert REMARK.encode() not in data, path
        assert REMARK.encode("utf-16-le") not in data, path


def kill_browser(profile: Path) -> None:
    """End the processes of this test's own profile at once."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in arguments:
            os.kill(int(folder.name), signal.SIGKILL)
