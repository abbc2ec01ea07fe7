"""Recorded actions, each with the dimension it was meant for: the figure before and after.

Before and after is no proof. An office acts when a figure is bad, and a figure that is bad partly by chance
is better the next time without any action (regression to the mean; Barnett et al. 2005). The page says
so beside every action, and more plainly when the figure before was the worst of those known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey_app.domain.bulletin import Change
from survey_app.domain.change import compare, dimension_change, without_verdict
from survey_app.domain.comparison import read_window, window_before
from survey_app.domain.movement import Archive
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week, Window

LEAST_EARLIER = 3


@dataclass(frozen=True, slots=True)
class Action:
    """What was done, from which day on, for which dimension."""

    id: str
    day: date
    text: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Effect:
    """The dimension after an action against before: an interval, never a verdict.

    `warnings`: always "action.regression_to_mean"; "action.was_lowest" when the figure before was the
    lowest of at least three known; "action.others" with the ids of actions in between.
    """

    action: Action
    change: Change
    warnings: tuple[Problem, ...]


def effect(
    action: Action, actions: Sequence[Action], archive: Archive, as_of: Week
) -> Effect | Problem:
    """Compare the first published window after the action's week with the last one before it.

    Both are of one kind and neither holds the week of the action. A Problem while there is no such pair.
    """
    after = _first_after(action, archive, as_of)
    if after is None:
        return Problem("action.nothing_after", action.dimension, {"day": action.day.isoformat()})
    before = _last_before(action, archive, after)
    if before is None:
        return Problem("action.nothing_before", action.dimension, {"day": action.day.isoformat()})
    pair = compare(archive.side(after), archive.side(before), archive.scheme)
    if isinstance(pair, Problem):
        return pair
    raw = dimension_change(archive.scheme.dimension(action.dimension), pair)
    if isinstance(raw, Problem):
        return raw
    warnings = _warnings(action, actions, archive, before, after)
    return Effect(action, without_verdict(raw), warnings)


def _first_after(action: Action, archive: Archive, as_of: Week) -> Window | None:
    week = Week.of(action.day).next()
    while week <= as_of:
        window = _published(archive, action.dimension, week)
        if window is not None and window.weeks[0] > Week.of(action.day):
            return window
        week = week.next()
    return None


def _last_before(action: Action, archive: Archive, after: Window) -> Window | None:
    return next(iter(_earlier(archive, action.dimension, after, Week.of(action.day))), None)


def _earlier(archive: Archive, dimension: str, after: Window, week: Week) -> list[Window]:
    """Published windows of the same kind that end before `week`, the latest first."""
    known = sorted(archive.weeks)
    found: list[Window] = []
    window = window_before(after)
    while known and window.last_week >= known[0]:
        if window.last_week < week and archive.published(dimension, window):
            found.append(window)
        window = window_before(window)
    return found


def _published(archive: Archive, dimension: str, week: Week) -> Window | None:
    figure = archive.figure(week, dimension)
    return read_window(figure.window) if figure.value is not None else None


def _warnings(
    action: Action, actions: Sequence[Action], archive: Archive, before: Window, after: Window
) -> tuple[Problem, ...]:
    warnings = [Problem("action.regression_to_mean", action.dimension)]
    windows = [before, *_earlier(archive, action.dimension, before, before.weeks[0])]
    values = [_value(archive, action.dimension, window) for window in windows]
    if len(values) > LEAST_EARLIER and values[0] <= min(values[1:]):
        params = {"windows": len(values)}
        warnings.append(Problem("action.was_lowest", action.dimension, params))
    others = _others(action, actions, before, after)
    if others:
        warnings.append(Problem("action.others", action.dimension, {"actions": ", ".join(others)}))
    return tuple(warnings)


def _others(action: Action, actions: Sequence[Action], before: Window, after: Window) -> list[str]:
    first, last = before.weeks[0].monday, after.last_week.sunday
    return [
        other.id
        for other in actions
        if other.dimension == action.dimension
        and other.id != action.id
        and first <= other.day <= last
    ]


def _value(archive: Archive, dimension: str, window: Window) -> float:
    return archive.figure(window.last_week, dimension).value or 0.0
