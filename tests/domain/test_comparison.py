"""Which window stands beside which: the one before, and a year ago around Tết and week 53."""

from datetime import date
from itertools import pairwise

import pytest

from survey_app.content.holidays import tet_dates
from survey_app.domain.comparison import (
    around_tet,
    window_a_year_ago,
    window_before,
)
from survey_app.domain.comparison import read_window as window
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week

TET = tet_dates()


@pytest.mark.parametrize("text", ["2026-W53", "2026-Q4-B2", "2026-Q4"])
def test_windows_are_read_as_written(text: str) -> None:
    assert str(window(text)) == text


@pytest.mark.parametrize("text", ["2026", "2026-W54", "2026-4-2", "2026-Q4-", "Q4-2026"])
def test_other_texts_are_no_window(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        window(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-W47", "2026-W46"),
        ("2027-W01", "2026-W53"),
        ("2026-Q4-B1", "2026-Q3-B3"),
        ("2027-Q1-B1", "2026-Q4-B3"),
        ("2027-Q1", "2026-Q4"),
    ],
)
def test_window_before(text: str, expected: str) -> None:
    assert str(window_before(window(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-W47", "2025-W47"),
        ("2026-W53", "2026-W01"),
        ("2027-W20", "2026-W21"),
        ("2026-W08", "2025-W05"),  # the weeks of new year's day
        ("2026-W06", "2025-W03"),
        ("2026-W10", "2025-W07"),
        ("2027-W03", "2026-W06"),
        ("2026-W11", "2025-W11"),
        ("2026-Q2-B1", "2025-Q2-B1"),
        ("2026-Q4-B3", "2025-Q4-B3"),
        ("2026-Q1", "2025-Q1"),
    ],
)
def test_a_year_ago(text: str, expected: str) -> None:
    assert str(window_a_year_ago(window(text), TET)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "2026-W05",
            "change.tet_moved",
        ),  # an ordinary week; 52 weeks earlier the office was closed
        ("2026-Q1-B1", "change.tet_moved"),
        ("2031-W02", "change.tet_unknown"),
        ("2025-Q1-B2", "change.tet_unknown"),
    ],
)
def test_a_year_ago_there_was_nothing_alike(text: str, code: str) -> None:
    found = window_a_year_ago(window(text), TET)
    assert isinstance(found, Problem)
    assert found.code == code


def test_blocks_match_when_tet_falls_alike() -> None:
    tet = {2026: date(2026, 1, 28), 2027: date(2027, 2, 6)}
    assert str(window_a_year_ago(window("2027-Q1-B2"), tet)) == "2026-Q1-B2"


def test_around_tet() -> None:
    assert [around_tet(Week(2026, n), TET) for n in range(5, 12)] == [None, -2, -1, 0, 1, 2, None]
    assert around_tet(Week(2040, 6), TET) is None


def test_tet_stands_where_it_can() -> None:
    # Between 20 January and 20 February, and 12 or 13 moons after the last one.
    days = list(TET.values())
    assert all((day.year, (1, 20)) <= (year, (day.month, day.day)) for year, day in TET.items())
    assert all((day.month, day.day) <= (2, 21) for day in days)
    moons = [(b - a).days / 29.530588 for a, b in pairwise(days)]
    assert all(abs(m - round(m)) < 0.05 and round(m) in {12, 13} for m in moons)
    assert TET[2030] == date(2030, 2, 2)  # a day before China's
