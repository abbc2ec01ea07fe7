"""ISO weeks and the nested grid, also at the ends of years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.weeks import Week, Window, last_closed_week, local_day

days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def test_new_year_belongs_to_the_week_of_its_thursday() -> None:
    assert str(Week.of(date(2027, 1, 1))) == "2026-W53"
    assert str(Week.of(date(2027, 1, 4))) == "2027-W01"


def test_week_53_lengthens_the_last_block_and_quarter() -> None:
    block = Week(2026, 53).block
    assert str(block) == "2026-Q4-B3"
    assert [week.number for week in block.weeks] == [48, 49, 50, 51, 52, 53]
    assert len(Week(2026, 53).quarter.weeks) == 14


def test_blocks_are_four_four_five() -> None:
    quarter = Week(2026, 20).quarter
    assert str(quarter) == "2026-Q2"
    sizes = [len({week for week in quarter.weeks if week.block.number == n}) for n in (1, 2, 3)]
    assert sizes == [4, 4, 5]


def test_a_week_closes_on_monday_at_six_local_time() -> None:
    assert Week(2026, 47).closes_at == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    just_before = Week(2026, 47).closes_at - timedelta(seconds=1)
    assert last_closed_week(just_before) == Week(2026, 46)
    assert last_closed_week(Week(2026, 47).closes_at) == Week(2026, 47)


def test_local_day_changes_at_seventeen_utc() -> None:
    assert local_day(datetime(2026, 11, 23, 16, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "2026-47", "2026-W7", "", "2026-W047"])
def test_parse_refuses_what_is_no_week(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Week.parse(text)


@given(days)
def test_every_day_is_in_one_week_of_one_block_of_one_quarter(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert Week.parse(str(week)) == week
    assert week in week.block.weeks
    assert set(week.block.weeks) <= set(week.quarter.weeks)
    assert week.next().previous() == week


@given(st.integers(2020, 2060))
def test_quarters_and_blocks_tile_the_year(year: int) -> None:
    quarters = [week for q in (1, 2, 3, 4) for week in Window("quarter", year, q, 0).weeks]
    blocks = [w for q in (1, 2, 3, 4) for b in (1, 2, 3) for w in Window("block", year, q, b).weeks]
    expected = [Week(year, number) for number in range(1, len(quarters) + 1)]
    assert quarters == blocks == expected
    assert Week.of(date(year, 12, 28)) == expected[-1]
