"""Numbers, days, weeks and windows as people read them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.weeks import Week, Window
from survey_app.web import formats, i18n


@pytest.fixture(scope="module", autouse=True)
def page() -> Iterator[None]:
    """A page in Vietnamese."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        yield


@pytest.fixture
def english(page: None) -> Iterator[None]:  # noqa: ARG001  (it changes that page)
    """The page in English."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        g.language = "en"
        yield


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (7.305, 1, "7,3"),
        (1234, 0, "1.234"),
        (1234567.5, 2, "1.234.567,50"),
        (-0.25, 2, "-0,25"),
    ],
)
def test_numbers(value: float, decimals: int, expected: str) -> None:
    assert formats.number(value, decimals) == expected


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=3))
def test_a_written_number_reads_back(value: int, decimals: int) -> None:
    text = formats.number(value / 10**decimals, decimals)
    assert int(text.replace(".", "").replace(",", "")) == value


def test_scores_shares_and_intervals() -> None:
    assert formats.score(2.1) == "2,10"
    assert formats.percent(87.5) == "87,5%"
    assert formats.span(2.1, 2.36) == "2,10–2,36"
    assert formats.percent_span(84.1, 90.25) == "84,1–90,2%"


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (Week(2026, 47), "Tuần 47 (từ 16/11/2026 đến 22/11/2026)"),
        (Week(2026, 53), "Tuần 53 (từ 28/12/2026 đến 03/01/2027)"),
        (Week(2027, 1), "Tuần 1 (từ 04/01/2027 đến 10/01/2027)"),
        (Week(2026, 1), "Tuần 1 (từ 29/12/2025 đến 04/01/2026)"),
    ],
)
def test_weeks(week: Week, expected: str) -> None:
    assert formats.week(week) == expected


def test_new_years_day_2027_is_in_the_last_week_of_2026() -> None:
    assert formats.short_week(Week.of(date(2027, 1, 1))) == "Tuần 53/2026"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-W47", "Tuần 47 (từ 16/11/2026 đến 22/11/2026)"),
        ("2026-Q4", "Quý IV/2026"),
        ("2026-Q4-B1", "Đợt 1 quý IV/2026 (tuần 40–43)"),
        ("2026-Q4-B2", "Đợt 2 quý IV/2026 (tuần 44–47)"),
        ("2026-Q4-B3", "Đợt 3 quý IV/2026 (tuần 48–53)"),
        ("2027-Q1-B1", "Đợt 1 quý I/2027 (tuần 1–4)"),
    ],
)
def test_windows(text: str, expected: str) -> None:
    assert formats.window(text) == expected


@pytest.mark.usefixtures("english")
def test_english_forms() -> None:
    assert formats.number(1234.5, 1) == "1,234.5"
    assert formats.week(Week(2026, 47)) == "Week 47 (from 16 Nov 2026 to 22 Nov 2026)"
    assert formats.window("2026-Q4-B2") == "Part 2 of quarter 4/2026 (weeks 44–47)"


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)))
def test_every_window_of_a_day_reads_back(day: date) -> None:
    week = Week.of(day)
    for window in (week.window, week.block, week.quarter):
        assert formats.parse_window(str(window)) == window
        first, last = formats.window_days(window)
        assert first == window.weeks[0].monday.strftime("%d/%m/%Y")
        assert last == (window.last_week.monday + timedelta(days=6)).strftime("%d/%m/%Y")


@pytest.mark.parametrize("text", ["2026-W54", "2026-Q5", "2026-Q4-B4", "2026-47", ""])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        formats.parse_window(text)


def test_figures_of_a_week_come_on_the_monday_after() -> None:
    assert formats.closing_day("2026-W53") == "04/01/2027"
    assert formats.moment(1_794_790_800) == "16/11/2026 08:00"


def test_a_window_is_written_as_it_is_asked_for() -> None:
    assert str(Window("block", 2026, 4, 2)) == "2026-Q4-B2"
