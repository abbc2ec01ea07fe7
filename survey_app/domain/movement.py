"""What moved since the window before, since a year ago, and against a score's own history.

Only published windows are compared: a difference to a window that was withheld would publish it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from survey_app.domain.bulletin import Bulletin, Change, Figure
from survey_app.domain.change import (
    Pair,
    RawChange,
    Side,
    compare,
    decide,
    dimension_change,
    is_edge,
    questions_of,
    satisfaction_change,
    satisfaction_questions,
    versions_used,
    without_verdict,
)
from survey_app.domain.comparison import Tet, read_window, window_a_year_ago, window_before
from survey_app.domain.control import Chart, Point, control_chart
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import LIMITS, RawFigure
from survey_app.domain.figures import dimension_figure, share_figure
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.sums import TABLETS, cells_in, tally_part, tally_window
from survey_app.domain.suppression import dimension_family, protected
from survey_app.domain.tally import kiosk_only
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
        counted = tally_window(window, self.weeks, self.versions)
        return Side(window, counted, versions_used(counted, self.versions))

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


def changes_at_tablets(bulletin: Bulletin, archive: Archive) -> Changes:
    """The bulletin's changes as they would be without forms from citizens' own phones: intervals, never a verdict.

    The days stay, less the phones' forms (docs/decisions/0008). Only where
    phones sent forms at all; a Problem where those, or the others, are too few in either window to be told.
    """
    result: Changes = {}
    # Most changes are between the same few windows.
    alone = cache(lambda window: _tablets_alone(window, archive))
    forms = cache(lambda window: channel_forms(window, archive.weeks))
    for key, change in bulletin.changes.items():
        if isinstance(change, Change):
            after, before = read_window(change.after), read_window(change.before)
            counts = forms(after), forms(before)
            if not any(phones for _, phones in counts):
                continue
            if any(0 < number < LIMITS.cell for pair in counts for number in pair):
                result[key] = Problem("change.few_phones", key, {"least": LIMITS.cell})
            else:
                result[key] = _at_tablets(change, alone(after), alone(before), archive.scheme)
    return result


def figure_chart(key: str, windows: Sequence[Window], archive: Archive) -> Chart | Problem:
    """The control chart of a dimension or tỷ lệ hài lòng on its published `windows` of one kind, oldest first.

    It begins after the last break: earlier windows measured something else.
    """
    points: list[Point] = []
    last = archive.side(windows[-1]) if windows else None
    for window in reversed(windows):
        side = archive.side(window)
        pair = compare(last or side, side, archive.scheme)
        point = None if isinstance(pair, Problem) else _point(key, pair)
        if point is None:
            break
        points.insert(0, point)
    return control_chart(points, windows[-1].kind if windows else "week")


def _at_tablets(change: Change, after: Side, before: Side, scheme: Scheme) -> Change | Problem:
    pair = compare(after, before, scheme)
    found = pair if isinstance(pair, Problem) else _difference(change.key, pair, scheme)
    # Over other sub-dimensions than the change it stands beside it would be another figure.
    if isinstance(found, RawChange) and found.measured != change.measured:
        return protected(change.key)
    return _plain(found)


def _tablets_alone(window: Window, archive: Archive) -> Side:
    whole = archive.side(window)
    counted = tally_part(window, archive.weeks, archive.versions, TABLETS)
    return Side(window, counted, whole.versions)


def channel_forms(window: Window, weeks: Mapping[Week, WeekCounts]) -> tuple[int, int]:
    """(complete forms from tablets, from phones) of a window. Not for printing."""
    cells = cells_in(window, weeks)
    tablets = sum(forms for key, forms in cells if kiosk_only(key))
    return tablets, sum(forms for _, forms in cells) - tablets


def _point(key: str, pair: Pair) -> Point | None:
    raw = _rate(pair) if key == SATISFACTION else _full_dimension(key, pair)
    if raw is None or raw.estimate is None:
        return None
    return Point(str(pair.before.window), raw.estimate, raw.n)


def _full_dimension(code: str, pair: Pair) -> RawFigure | None:
    """The earlier window's figure, where it measures what the later one does."""
    dimension = pair.asked.scheme.dimension(code)
    if questions_of(pair.common, dimension) != questions_of(pair.asked, dimension):
        return None
    subs = dimension_family(pair.before.tally, pair.asked, dimension).shown
    if subs != pair.asked.asked(dimension):
        return None
    return dimension_figure(pair.before.tally, pair.asked, dimension, subs)


def _rate(pair: Pair) -> RawFigure | None:
    """The earlier window's tỷ lệ hài lòng; a share that is only bounded is no point."""
    raw = share_figure(pair.before.tally, SATISFACTION)
    is_same = satisfaction_questions(pair) <= pair.questions
    return raw if is_same and not is_edge(raw) else None


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
    return _difference(key, pair, archive.scheme)


def _difference(key: str, pair: Pair, scheme: Scheme) -> RawChange | Problem:
    if key == SATISFACTION:
        return satisfaction_change(pair)
    return dimension_change(scheme.dimension(key), pair)


def _plain(change: RawChange | Problem) -> Change | Problem:
    return change if isinstance(change, Problem) else without_verdict(change)
