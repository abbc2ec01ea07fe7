"""The mission from end to end: forms on tablets become a week's figures, and a reviewer proves them.

Two full weeks at three counters, 40 citizens by touch and 600 forms a week by program, then a thin week; the weeks close;
the official reads them; the reviewer downloads the row file; `score` on it equals every figure on the pages.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from survey_app.accounts.people import create
from survey_app.cli import main
from survey_app.domain.bulletin import Figure
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week
from survey_app.office import sentences
from survey_app.store import kiosks, questionnaires
from survey_app.store.accounts import Grant
from survey_app.store.vintages import close_due
from survey_app.web import formats
from tests.journey.people import Citizens, Desk, Sender, log_in, working_days
from tests.support.people import MY_HAO, PASSWORD, PROVINCE, THUONG_HONG

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.support.clock import FakeClock
    from tests.support.server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WEEKS = (Week(2026, 45), Week(2026, 46), Week(2026, 47))
COUNTERS = ("12103-q1", "12103-q2", "12103-q3")
BY_TOUCH_A_DAY = 4
BY_PROGRAM_A_DAY = 40  # at each of three counters on five days: 600 a week
Figures = dict[str, dict[str, Any]]


@pytest.fixture
def desks(app: "Flask") -> dict[str, Desk]:
    """Paired tablets at three counters of Mỹ Hào and one of Thượng Hồng."""
    parts = app.extensions["survey_app"]
    places = dict.fromkeys(COUNTERS, MY_HAO) | {"12127-q1": THUONG_HONG}
    paired = {}
    with parts.database.writing() as connection:
        for counter, unit in places.items():
            token = kiosks.invite(connection, counter, parts.clock())
            credential = kiosks.claim(connection, token, parts.clock())
            assert credential is not None
            paired[counter] = Desk(unit, counter, credential)
    return paired


@pytest.fixture
def new_page(browser: "Browser") -> Iterator[Callable[[], "Page"]]:
    """Open a page in a profile of its own: the office has no tablet's credential."""
    contexts: list[BrowserContext] = []

    def opened() -> "Page":
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Town:
    """Those who fill in forms: people at a tablet, and a program that sends what many would."""

    citizens: Citizens
    sender: Sender
    desks: Mapping[str, Desk]


@pytest.fixture
def town(
    app: "Flask", live_server: "LiveServer", browser_page: "Page", desks: dict[str, Desk]
) -> Town:
    """The wards' citizens."""
    with app.extensions["survey_app"].database.reading() as connection:
        sender = Sender(live_server, questionnaires.current(connection), seed=2026)
    citizens = Citizens(browser_page, live_server, desks["12103-q1"], seed=7)
    return Town(citizens, sender, desks)


def test_forms_become_figures_that_a_reviewer_can_recompute(
    app: "Flask",
    clock: "FakeClock",
    live_server: "LiveServer",
    town: Town,
    new_page: Callable[[], "Page"],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[Any],
) -> None:
    parts = app.extensions["survey_app"]
    two_full_weeks(clock, town)
    a_thin_week(clock, town)
    clock.set("2026-11-23 06:00")
    closed = close_due(parts.database, clock())
    assert {(one.unit_id, one.week) for one in closed} >= {(MY_HAO, week) for week in WEEKS}
    assert close_due(parts.database, clock()) == []

    with parts.database.writing() as connection:
        for login, role in (("leader", "official"), ("checker", "reviewer")):
            grants = [Grant(role, PROVINCE)]
            create(connection, clock(), login=login, name=login, password=PASSWORD, grants=grants)
    file = download(new_page(), live_server, "checker", tmp_path)
    scored = score(file, capsys)
    assert set(scored) == {MY_HAO, THUONG_HONG}

    office = new_page()
    log_in(office, live_server, "leader", "/office/")
    kinds: Counter[str] = Counter()
    for unit, weeks in scored.items():
        for week, bulletin in weeks.items():
            office.goto(f"{live_server.url}/office/{unit}/{week}")
            with app.test_request_context("/"):
                kinds.update(compare(office, bulletin["figures"]))
    assert kinds["shown"] > 100
    assert kinds["refused"] > 100
    forms = [scored[MY_HAO][str(week)]["forms"] for week in WEEKS]
    assert forms == [620, 620, 24]
    # Five forms are too few to say even that.
    assert scored[THUONG_HONG][str(WEEKS[2])]["forms"] is None


def two_full_weeks(clock: "FakeClock", town: Town) -> None:
    for week in WEEKS[:2]:
        for day in working_days(week.monday):
            clock.set(f"{day} 09:00")
            town.citizens.come(BY_TOUCH_A_DAY)
            for counter in COUNTERS:
                town.sender.send(town.desks[counter], BY_PROGRAM_A_DAY)


def a_thin_week(clock: "FakeClock", town: Town) -> None:
    """Too few forms for a score in Mỹ Hào, too few for a count in Thượng Hồng."""
    for day in working_days(WEEKS[2].monday):
        clock.set(f"{day} 15:30")
        town.sender.send(town.desks["12103-q2"], 6 if day.isoweekday() <= 4 else 0)
        town.sender.send(town.desks["12127-q1"], 1)


def download(page: "Page", server: "LiveServer", login: str, folder: Path) -> Path:
    """The row file of everything, as the page offers it."""
    log_in(page, server, login, "/evidence/")
    with page.expect_download() as expected:
        page.get_by_role("link", name="Tải tệp cho Excel").click()
    path = folder / expected.value.suggested_filename
    expected.value.save_as(path)
    return path


def score(path: Path, capsys: pytest.CaptureFixture[Any]) -> dict[str, dict[str, Any]]:
    """What `survey-app score FILE --json` prints, by unit and week."""
    capsys.readouterr()
    assert main(["score", str(path), "--json"]) == 0
    units: dict[str, dict[str, Any]] = json.loads(capsys.readouterr().out)["units"]
    return units


def compare(page: "Page", figures: Figures) -> Counter[str]:
    """Hold every figure of `score` against the page's row of it; what kinds there were."""
    shown: dict[str, str] = page.evaluate(ROWS)
    kinds: Counter[str] = Counter()
    assert set(shown) <= set(figures)
    for key, data in figures.items():
        figure = restore(key, data)
        # A reason that is common to a table is said once above it, and the rows are left out.
        assert key in shown or figure.withheld is not None, key
        for text in expected_texts(figure) if key in shown else ():
            assert text in shown[key], (key, text, shown[key])
        kinds["shown" if figure.withheld is None else "refused"] += 1
    return kinds


def restore(key: str, data: dict[str, Any]) -> Figure:
    """The figure from its JSON."""
    withheld = Problem(**data["withheld"]) if data["withheld"] else None
    return Figure(**{**data, "key": key, "withheld": withheld})


def expected_texts(figure: Figure) -> list[str]:
    """What the page must say of it, in Vietnamese."""
    if figure.withheld is not None:
        return [sentences.withheld_reason(figure)]
    assert figure.value is not None
    if figure.bound is not None:
        return [sentences.share(figure), formats.number(figure.n or 0)]
    assert figure.low is not None
    assert figure.high is not None
    is_score = figure.kind in {"dimension", "subdimension"}
    value = formats.score(figure.value) if is_score else formats.percent(figure.value)
    interval = (formats.span if is_score else formats.percent_span)(figure.low, figure.high)
    return [value, interval, formats.number(figure.n or 0)]


ROWS = """() => Object.fromEntries(
  [...document.querySelectorAll('[data-figure]')].map(
    (row) => [row.dataset.figure, row.textContent.replace(/\\s+/g, ' ')]))"""
