"""Numbers, days, weeks and windows as people read them, in the language of the page.

Weeks are ISO weeks by `date.isocalendar`: Babel's weeks of `vi` are not.
"""

import re
from datetime import date, datetime

from flask import Flask

from survey_app.domain.weeks import LOCAL_ZONE, Week, Window
from survey_app.web.i18n import gettext, language

DASH = "–"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
# From the English form to the Vietnamese one.
_SEPARATORS = str.maketrans(".,", ",.")
_WINDOW = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])(?:-B(?P<block>[1-3]))?")


def number(value: float, decimals: int = 0) -> str:
    """1234.5 → "1.234,5"; a point for thousands and a comma for decimals, in English the reverse."""
    text = f"{value:,.{decimals}f}"
    return text if language() == "en" else text.translate(_SEPARATORS)


def score(value: float) -> str:
    """A score with its two decimals: "7,31"."""
    return number(value, 2)


def percent(value: float, decimals: int = 1) -> str:
    """A percentage: "87,5%"."""
    return f"{number(value, decimals)}%"


def span(low: float, high: float, decimals: int = 2) -> str:
    """An interval: "2,10–2,36"."""
    return f"{number(low, decimals)}{DASH}{number(high, decimals)}"


def percent_span(low: float, high: float, decimals: int = 1) -> str:
    """An interval of percentages: "81,2–89,9%"."""
    return f"{span(low, high, decimals)}%"


def day(value: date) -> str:
    """16/11/2026; in English 16 Nov 2026, which no reader takes for another day."""
    return value.strftime("%d/%m/%Y" if language() != "en" else "%-d %b %Y")


def moment(seconds: int) -> str:
    """A moment (UTC seconds) as local day and time: "16/11/2026 08:05"."""
    local = datetime.fromtimestamp(seconds, LOCAL_ZONE)
    return f"{day(local.date())} {local:%H:%M}"


def week(value: Week) -> str:
    """Tuần 47 (từ 16/11/2026 đến 22/11/2026)."""
    return gettext(
        "Week %(number)s (from %(first)s to %(last)s)",
        number=value.number,
        first=day(value.monday),
        last=day(value.sunday),
    )


def short_week(value: Week) -> str:
    """Tuần 47/2026."""
    return gettext("Week %(number)s/%(year)s", number=value.number, year=value.year)


def window(value: Window | str) -> str:
    """A week as `week` says it, "Đợt 2 quý IV/2026 (tuần 44–48)", or "Quý IV/2026"."""
    value = parse_window(value) if isinstance(value, str) else value
    if value.kind == "week":
        return week(value.weeks[0])
    if value.kind == "quarter":
        return gettext("Quarter %(quarter)s/%(year)s", **_quarter(value))
    return gettext(
        "Part %(part)s of quarter %(quarter)s/%(year)s (weeks %(first)s–%(last)s)",
        part=value.number,
        first=value.weeks[0].number,
        last=value.last_week.number,
        **_quarter(value),
    )


def short_window(value: Window | str) -> str:
    """The window in a few words, for cards and tables."""
    value = parse_window(value) if isinstance(value, str) else value
    if value.kind == "week":
        return short_week(value.weeks[0])
    if value.kind == "quarter":
        return window(value)
    return gettext(
        "Part %(part)s of quarter %(quarter)s/%(year)s", part=value.number, **_quarter(value)
    )


def window_days(value: Window | str) -> tuple[str, str]:
    """First and last day of a window."""
    value = parse_window(value) if isinstance(value, str) else value
    return day(value.weeks[0].monday), day(value.last_week.sunday)


def closing_day(week_text: str) -> str:
    """The day from which the figures of a week ("2026-W47") can be read."""
    return day(Week.parse(week_text).closes_at.astimezone(LOCAL_ZONE).date())


def parse_window(text: str) -> Window:
    """Read "2026-W47", "2026-Q4-B2" or "2026-Q4"; raises ValueError for anything else."""
    found = _WINDOW.fullmatch(text)
    if found is None:
        return Week.parse(text).window
    block = int(found["block"] or 0)
    return Window("block" if block else "quarter", int(found["year"]), int(found["quarter"]), block)


def install(app: Flask) -> None:
    """Give templates these forms as filters."""
    filters = (number, score, percent, span, percent_span, day, moment, week, short_week)
    windows = (window, short_window, window_days, closing_day)
    app.jinja_env.filters.update({form.__name__: form for form in (*filters, *windows)})


def _quarter(value: Window) -> dict[str, object]:
    roman = ROMAN[value.quarter]
    return {"quarter": roman if language() != "en" else value.quarter, "year": value.year}
