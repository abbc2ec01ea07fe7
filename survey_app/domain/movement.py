"""What moved since the window before, since a year ago, and against a score's own history.

Only published windows are compared: a difference to a window that was withheld would publish it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.bulletin import Bulletin, Change, Figure
from survey_app.domain.change import (
    Pair,
    RawChange,
    Side,
    compare,
    decide,
    dimension_change,
    questions_of,
    satisfaction_change,
    versions_used,
    without_verdict,
)
from survey_app.domain.comparison import Tet, read_window, window_a_year_ago, window_before
from survey_app.domain.control import Chart, Point, control_chart
from survey_app.domain.counting import Versions
from survey_app.domain.figures import dimension_figure
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.suppression import dimension_family
from survey_app.domain.tally import psus_in, tally_window
from survey_app.domain.weeks import Week, Window

SATISFACTION = "satisfaction"
Changes = dict[str, Change | Problem]
Earlier = Callable[[Window], Window | Problem]


@dataclass(frozen=True, slots=True)
class Archive:
    """One unit's closed weeks, and its figures by key as any of them published them.

    Kept are figures that a bulletin compares: dimensions and tỷ lệ hài lòng.
    """

    weeks: Mapping[Week, WeekCounts]
    versions: Versions
    scheme: Scheme
    figure: Callable[[Week, str], Figure]

    def side(self, window: Window) -> Side:
        """The window's counts, ready to compare."""
        psus = psus_in(window, self.weeks)
        counted = tally_window(window, self.weeks, self.versions)
        return Side(window, counted, versions_used(psus, self.versions))

    def published(self, key: str, window: Window) -> bool:
        """Whether the bulletin that closed the window carried the figure for it."""
        figure = self.figure(window.last_week, key)
        return figure.value is not None and figure.window == str(window)


def changes(bulletin: Bulletin, archive: Archive) -> Changes:
    """Each published dimension and tỷ lệ hài lòng against the window before.

    The dimensions are one family under Holm; tỷ lệ hài lòng gets an interval and no verdict.
    """
    raw = _raw_changes(bulletin, archive, window_before)
    tested = [c for c in raw.values() if isinstance(c, RawChange) and c.key != SATISFACTION]
    decided = {change.key: change for change in decide(tested)}
    return {key: decided.get(key) or _plain(change) for key, change in raw.items()}


def changes_in_a_year(bulletin: Bulletin, archive: Archive, tet: Tet) -> Changes:
    """The same against the matching window of the year before: intervals, never a verdict."""
    raw = _raw_changes(bulletin, archive, lambda window: window_a_year_ago(window, tet))
    return {key: _plain(change) for key, change in raw.items()}


def dimension_chart(code: str, windows: Sequence[Window], archive: Archive) -> Chart | Problem:
    """The control chart of a dimension on its published `windows` of one kind, oldest first.

    It begins after the last break: earlier windows measured something else.
    """
    points: list[Point] = []
    last = archive.side(windows[-1]) if windows else None
    for window in reversed(windows):
        side = archive.side(window)
        pair = compare(last or side, side, archive.scheme)
        point = None if isinstance(pair, Problem) else _point(code, pair)
        if point is None:
            break
        points.insert(0, point)
    return control_chart(points, windows[-1].kind if windows else "week")


def _point(code: str, pair: Pair) -> Point | None:
    dimension = pair.asked.scheme.dimension(code)
    if questions_of(pair.common, dimension) != questions_of(pair.asked, dimension):
        return None
    subs = dimension_family(pair.before.tally, pair.asked, dimension).shown
    raw = dimension_figure(pair.before.tally, pair.asked, dimension, subs)
    if raw.estimate is None or subs != pair.asked.asked(dimension):
        return None
    return Point(str(pair.before.window), raw.estimate, raw.n)


def _raw_changes(
    bulletin: Bulletin, archive: Archive, earlier: Earlier
) -> dict[str, RawChange | Problem]:
    keys = [dimension.code for dimension in archive.scheme.dimensions] + [SATISFACTION]
    shown = [key for key in keys if bulletin.figures[key].value is not None]
    pairs: dict[str, Pair | Problem] = {}
    result: dict[str, RawChange | Problem] = {}
    for key in shown:
        text = bulletin.figures[key].window
        if text not in pairs:
            pairs[text] = _pair(read_window(text), archive, earlier)
        result[key] = _raw_change(key, pairs[text], archive)
    return result


def _pair(window: Window, archive: Archive, earlier: Earlier) -> Pair | Problem:
    before = earlier(window)
    if isinstance(before, Problem):
        return before
    return compare(archive.side(window), archive.side(before), archive.scheme)


def _raw_change(key: str, pair: Pair | Problem, archive: Archive) -> RawChange | Problem:
    if isinstance(pair, Problem):
        return pair
    if not archive.published(key, pair.before.window):
        return Problem("change.not_published", key, {"window": str(pair.before.window)})
    if key == SATISFACTION:
        return satisfaction_change(pair)
    return dimension_change(archive.scheme.dimension(key), pair)


def _plain(change: RawChange | Problem) -> Change | Problem:
    return change if isinstance(change, Problem) else without_verdict(change)
