"""Which window a window is compared with: the one before, and the one a year ago.

Both are of the same kind, because windows of two lengths differ in more than time. A year ago the
lunar new year (Tết) stood in another week: near it the number of visitors, the kind of dossiers and
the staff at the counters change, so weeks are matched by their distance from Tết.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week, Window

TET_REACH = 2
Tet = Mapping[int, date]


@lru_cache(maxsize=1024)
def read_window(text: str) -> Window:
    """A window as written, "2026-W47", "2026-Q4-B2" or "2026-Q4"; raises ValueError."""
    if "W" in text:
        return Week.parse(text).window
    year, quarter, *block = text.replace("Q", "").replace("B", "").split("-")
    window = Window(
        "block" if block else "quarter", int(year), int(quarter), int(*block) if block else 0
    )
    if str(window) != text:
        raise ValueError(text)
    return window


def window_before(window: Window) -> Window:
    """The window of the same kind that ends where this one begins."""
    last = window.weeks[0].previous()
    return {"week": last.window, "block": last.block, "quarter": last.quarter}[window.kind]


def window_a_year_ago(window: Window, tet: Tet) -> Window | Problem:
    """The matching window of the year before, or why there is none.

    Quarters match by number: Tết always falls into the first. Blocks of the first quarter match
    when they hold equally many of the weeks around Tết. Weeks around Tết match by their distance from it,
    other weeks the week 52 weeks earlier, which also settles week 53. `tet`: new year's day by year.
    """
    if window.kind == "quarter":
        return Window("quarter", window.year - 1, window.quarter, 0)
    if window.quarter == 1 and not {window.year, window.year - 1} <= {*tet}:
        return Problem("change.tet_unknown", str(window), {"year": window.year})
    if window.kind == "block":
        return _block_a_year_ago(window, tet)
    return _week_a_year_ago(window, tet)


def around_tet(week: Week, tet: Tet) -> int | None:
    """Weeks from the week of new year's day, −2 to 2; None for every other week."""
    day = tet.get(week.year)
    if day is None:
        return None
    distance = (week.monday - Week.of(day).monday).days // 7
    return distance if abs(distance) <= TET_REACH else None


def _block_a_year_ago(window: Window, tet: Tet) -> Window | Problem:
    earlier = Window("block", window.year - 1, window.quarter, window.number)
    if _weeks_around_tet(window, tet) != _weeks_around_tet(earlier, tet):
        return Problem("change.tet_moved", str(window))
    return earlier


def _weeks_around_tet(window: Window, tet: Tet) -> int:
    return sum(around_tet(week, tet) is not None for week in window.weeks)


def _week_a_year_ago(window: Window, tet: Tet) -> Window | Problem:
    week = window.last_week
    distance = around_tet(week, tet)
    if distance is not None:
        new_year = Week.of(tet[week.year - 1])
        return Week.of(new_year.monday + timedelta(weeks=distance)).window
    earlier = Week.of(week.monday - timedelta(weeks=52))
    if around_tet(earlier, tet) is not None:
        return Problem("change.tet_moved", str(window))
    return earlier.window
