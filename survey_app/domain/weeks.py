"""Days, ISO weeks and the nested grid week ⊂ 4-4-5 block ⊂ quarter, in local time.

A week runs Monday to Sunday (ISO 8601) and closes on the Monday after it at 06:00
Asia/Ho_Chi_Minh. A quarter is thirteen weeks in blocks of 4, 4 and 5; an ISO week 53 lengthens
the last block of the year. Calendar months are never used: two windows that overlap would open a
hidden week (docs/methodology).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSING_TIME = time(6, 0)
_BLOCK_STARTS = (1, 5, 9)


def utc_now() -> datetime:
    """The system clock, aware, in UTC: the default where a clock is asked for."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day at the counter."""
    return moment.astimezone(LOCAL_ZONE).date()


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week, written "2026-W47"."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that holds `day`."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-W47"; raises ValueError for anything else."""
        return cls(*_parsed(text))

    @property
    def monday(self) -> date:
        """First day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Last day."""
        return self.monday + timedelta(days=6)

    @property
    def closes_at(self) -> datetime:
        """The moment from which the week's figures may exist (aware, UTC)."""
        closing = datetime.combine(self.monday + timedelta(days=7), CLOSING_TIME, LOCAL_ZONE)
        return closing.astimezone(UTC)

    def next(self) -> "Week":
        """The week after."""
        return Week.of(self.monday + timedelta(days=7))

    def previous(self) -> "Week":
        """The week before."""
        return Week.of(self.monday - timedelta(days=7))

    @property
    def quarter(self) -> "Window":
        """The quarter that holds this week."""
        return _quarter_of(self)

    @property
    def block(self) -> "Window":
        """The 4-4-5 block that holds this week."""
        return _block_of(self)

    @property
    def window(self) -> "Window":
        """This week as a window."""
        return _window_of(self)

    def __hash__(self) -> int:
        # Weeks are looked up thousands of times a page; the generated one makes a tuple each time.
        return self.year * 100 + self.number

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of the nested grid: kind week, block or quarter.

    `number` is the ISO week of a week, 1 to 3 for a block, 0 for a quarter. Written "2026-W47",
    "2026-Q4-B2", "2026-Q4".
    """

    kind: str
    year: int
    quarter: int
    number: int

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks inside, in order."""
        return _weeks_inside(self)

    @property
    def last_week(self) -> Week:
        """The week whose closing completes the window."""
        return self.weeks[-1]

    def __str__(self) -> str:
        if self.kind == "week":
            return f"{self.year}-W{self.number:02d}"
        if self.kind == "block":
            return f"{self.year}-Q{self.quarter}-B{self.number}"
        return f"{self.year}-Q{self.quarter}"


def last_closed_week(now: datetime) -> Week:
    """The latest week that has closed at `now` (aware)."""
    week = Week.of(local_day(now))
    while week.closes_at > now:
        week = week.previous()
    return week


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[int, int]:
    monday = datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007 a day, no time
    week = Week.of(monday)
    if str(week) != text:
        raise ValueError(text)
    return week.year, week.number


@lru_cache(maxsize=1024)
def _quarter_of(week: Week) -> Window:
    index = min((week.number - 1) // 13, 3)
    return Window("quarter", week.year, index + 1, 0)


@lru_cache(maxsize=1024)
def _window_of(week: Week) -> Window:
    return Window("week", week.year, week.quarter.quarter, week.number)


@lru_cache(maxsize=1024)
def _block_of(week: Week) -> Window:
    quarter = week.quarter
    offset = week.number - 13 * (quarter.quarter - 1)
    block = sum(offset >= start for start in _BLOCK_STARTS)
    return Window("block", week.year, quarter.quarter, block)


@lru_cache(maxsize=1024)
def _weeks_inside(window: Window) -> tuple[Week, ...]:
    if window.kind == "week":
        return (Week(window.year, window.number),)
    first = 13 * (window.quarter - 1) + 1
    last = first + 12 if window.quarter < 4 else _last_week(window.year)
    if window.kind == "block":
        first, last = _block_span(first, last, window.number)
    return tuple(Week(window.year, number) for number in range(first, last + 1))


def _block_span(first: int, last: int, block: int) -> tuple[int, int]:
    start = first + _BLOCK_STARTS[block - 1] - 1
    end = last if block == 3 else start + 3
    return start, end


def _last_week(year: int) -> int:
    return date(year, 12, 28).isocalendar().week
