"""The same period a year ago and tablets alone, as the week's page tells them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from survey_app.content import load_scheme
from survey_app.domain.bulletin import Change
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week
from survey_app.office import changes, years
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.web import i18n
from tests.evidence.world import LAST, fill, form
from tests.office.test_changes import RATE, STEADY
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import MY_HAO, Door

SCHEME = load_scheme()
YEAR = replace(STEADY, after="2026-W47", before="2025-W47", value=0.31, low=0.05, high=0.57)


@pytest.fixture
def request_in_vietnamese() -> Iterator[None]:
    """A page in Vietnamese."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        yield


vietnamese = pytest.mark.usefixtures("request_in_vietnamese")


def said(*found: Change | Problem) -> str | None:
    named = {c.key if isinstance(c, Change) else c.where: c for c in found}
    return years.year_sentence(named, SCHEME)


@vietnamese
def test_a_year_ago_is_said_as_an_interval_and_never_as_a_rise() -> None:
    words = said(replace(YEAR, key="1", value=9.0), YEAR)
    assert words == (
        "Thủ tục hành chính công, tuần 47/2026 so với tuần 47/2025: +0,31 "
        "(khoảng tin cậy 95%: +0,05 đến +0,57)."
    )
    rate = said(replace(RATE, before="2025-W47"))
    assert rate is not None
    assert rate.startswith("Tỷ lệ hài lòng, tuần 47/2026 so với tuần 47/2025: +1,2 điểm phần trăm")


@vietnamese
def test_near_tet_the_reason_is_said() -> None:
    moved = Problem("change.tet_moved", "2026-W05")
    assert said(moved) == (
        "Chưa so sánh được với cùng kỳ năm trước: năm trước Tết Nguyên đán rơi vào thời điểm khác "
        "nên không có kỳ tương ứng."
    )
    assert said() is None


@vietnamese
def test_what_stands_beside_a_change_has_an_interval_or_a_dash() -> None:
    assert changes.beside_words(STEADY) == "+0,12 (−0,20 đến +0,44)"
    assert changes.beside_words(None) == changes.beside_words(Problem("change.few_phones")) == "–"


def test_week_53_is_compared_with_week_1_of_its_own_year() -> None:
    assert years.matching_weeks([str(Week(2026, 53).window)]) >= {Week(2026, 1)}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_page_compares_with_the_same_week_of_the_year_before(
    door: Door, database: Database, clock: FakeClock
) -> None:
    rng = random.Random(9)
    with database.reading() as connection:
        questionnaire = current(connection)
    monday = LAST.monday - timedelta(weeks=52)
    days = [monday + timedelta(days=n) for n in range(5)]
    earlier = [form(questionnaire, MY_HAO, day, rng) for day in days for _ in range(30)]
    intake = Intake(database, clock)
    intake.submit_many(earlier)
    intake.close()
    fill(database, clock, {MY_HAO: 30}, weeks=1)
    page = door.enter("official")
    text = text_of(page.document.all("main")[0])
    assert "tuần 47/2026 so với tuần 47/2025: " in text
    rows = {row.get("data-year") for row in page.document.all("tr")} - {None}
    assert "satisfaction" in rows
    assert "không gọi là tăng hay giảm" in text
    assert "Khi ấy chưa có số liệu" not in text
    before = door.page.get(f"/office/{MY_HAO}/2026-W46")
    assert "Cùng kỳ năm trước" not in text_of(before.document.all("main")[0])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("two_weeks")
def test_in_the_first_year_it_is_said_that_there_were_no_figures(door: Door) -> None:
    text = text_of(door.enter("official").document.all("main")[0])
    assert "Chưa so sánh được với cùng kỳ năm trước: khi ấy chưa có số liệu." in text
