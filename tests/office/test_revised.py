"""A revised week says so, and still shows what was published first."""

import random
from datetime import timedelta

import pytest

from survey_app.content import load_scheme
from survey_app.domain.problem import Problem
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.vintages import close_due
from tests.evidence.world import LAST, fill, form
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WEEK = f"/office/{MY_HAO}/{LAST}"
FIRST, NOW = "Xem số liệu như lúc công bố lần đầu", "Xem số liệu đang có hiệu lực"


def cards(page: OpenedPage) -> list[str]:
    return [text_of(e) for e in page.document.all("section") if e.get("class") == "card"]


def arrive_late(database: Database, clock: FakeClock, number: int) -> list[Problem | None]:
    """So many forms of the last week come after it, and the quarter ends: why their revisions wait."""
    rng = random.Random(3)
    with database.reading() as connection:
        questionnaire = current(connection)
    intake = Intake(database, clock)
    days = [LAST.monday + timedelta(days=n % 6) for n in range(number)]
    intake.submit_many([form(questionnaire, MY_HAO, day, rng) for day in days])
    intake.close()
    clock.set("2027-01-04 06:00")
    made = close_due(database, clock(), scheme=load_scheme())
    return [one.waits for one in made if one.number > 1]


def test_a_revised_week_still_shows_what_was_published_first(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 30}, weeks=4)
    first = door.enter("official")
    assert FIRST not in first.text
    assert arrive_late(database, clock, 600) == [None]

    door.enter("official")  # weeks later, logged out long since
    revised = door.page.get(WEEK)
    assert f"tuần {LAST.number}/{LAST.year} (bản thứ 2)." in text_of(
        revised.document.all("main")[0]
    )
    assert cards(revised) != cards(first)
    [link] = [a for a in revised.document.all("a") if text_of(a) == FIRST]
    again = door.page.get(link.get("href") or "")
    assert "Số liệu như đã công bố khi tuần 47" in again.text
    assert NOW in again.text
    assert cards(again) == cards(first)


def test_a_week_whose_late_forms_wait_says_so(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 30}, weeks=4)
    first = door.enter("official")
    [problem] = arrive_late(database, clock, 12)
    assert problem is not None
    door.enter("official")
    waiting = door.page.get(WEEK)
    assert "tuần này có thêm phiếu đến muộn" in waiting.text
    assert "tuần này có thêm phiếu đến muộn" not in first.text
    assert cards(waiting) == cards(first)


def test_a_closing_before_the_week_is_not_there(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 30}, weeks=1)
    door.enter("official")
    for text in (LAST.previous(), "2026-W60", ""):
        door.page.get(f"{WEEK}?as-of={text}", status=404)
    door.page.get(f"{WEEK}?as-of={LAST}")
