"""Opening hours of a counter, in local time: what a tablet's hours in front are held against. Holidays are not known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from survey_app.domain.weeks import LOCAL_ZONE

# A gap between heartbeats up to this long counts as open.
LONGEST_GAP = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open on a weekday (1 Monday to 7 Sunday) from `opens` to `closes`, local time."""

    weekday: int
    opens: time
    closes: time


# What most centres keep: Monday to Friday 07:30-11:30 and 13:30-17:00.
DEFAULT = tuple(
    Span(weekday, opens, closes)
    for weekday in range(1, 6)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
)


def is_open(spans: Iterable[Span], moment: datetime) -> bool:
    """Whether the counter is open at `moment`."""
    return any(begins <= moment < ends for begins, ends in _on(spans, _day(moment)))


def open_between(spans: Sequence[Span], begin: datetime, end: datetime) -> timedelta:
    """Time within opening hours from `begin` to `end`."""
    total = timedelta(0)
    day = _day(begin)
    while day <= _day(end):
        for begins, ends in _on(spans, day):
            total += max(timedelta(0), min(ends, end) - max(begins, begin))
        day += timedelta(days=1)
    return total


def credited(spans: Sequence[Span], last: datetime | None, now: datetime) -> timedelta:
    """Opening time that a heartbeat proves: back to the last one, were it not too long ago."""
    if last is None or not timedelta(0) < now - last <= LONGEST_GAP:
        return timedelta(0)
    return open_between(spans, last, now)


def _on(spans: Iterable[Span], day: date) -> list[tuple[datetime, datetime]]:
    return [
        (
            datetime.combine(day, span.opens, LOCAL_ZONE),
            datetime.combine(day, span.closes, LOCAL_ZONE),
        )
        for span in spans
        if span.weekday == day.isoweekday()
    ]


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()
