"""Which window a family of figures uses: the shortest of week ⊂ 4-4-5 block ⊂ quarter that carries it.

A family (a dimension with its sub-dimensions and items; the core of tỷ lệ hài lòng, grades and criteria)
has one kind of window a quarter, fixed by numbers of forms alone: the shortest kind that three
quarters of the windows of the quarter before would have reached. Without such experience the first
week decides, else the first block. Only whole, closed windows are published, so those of one figure
never overlap, and no hidden week can be had by subtraction.

Of W windows of a kind in the quarter before, let G reach n ≥ 30, df ≥ 4 and n_i ≥ 10 of each indicator (30 of one about
informal payments): the kind is the first of week, block, quarter with G ≥ 0.75 · W, given nine known weeks. Limits and
subtraction of overlapping tables: Hundepool et al. 2012, ch. 4–5; the rule itself is ours (docs/methodology, section 6;
docs/decisions/0001-windows).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey_app.domain.thickness import Thickness
from survey_app.domain.weeks import Week, Window

ENOUGH_WEEKS = 9
MOST_WINDOWS = 0.75
Qualifies = Callable[[Thickness], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """A family's window as of a week; `until`: the week whose closing brings the next one."""

    window: Window
    until: Week
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the rule looks at: the bulletin's week, the first week with a form, what any window holds."""

    week: Week
    first: Week
    thickness: Callable[[Window], Thickness]


def weeks_used(week: Week) -> tuple[Week, ...]:
    """The weeks that fix a bulletin's windows: its quarter up to now and the two before."""
    before = week.quarter.weeks[0].previous().quarter
    earlier = before.weeks[0].previous().quarter
    return (*earlier.weeks, *before.weeks, *(w for w in week.quarter.weeks if w <= week))


def weeks_needed(week: Week) -> tuple[Week, ...]:
    """The weeks a bulletin draws on: one quarter more, for the figures it is compared with."""
    used = weeks_used(week)
    return (*used[0].previous().quarter.weeks, *used)


def choose(calendar: Calendar, qualifies: Qualifies, shows: Qualifies) -> Choice:
    """The window to show as of the calendar's week.

    `qualifies`: whether a week or block reaches the limits; `shows`: whether a quarter has anything to show.
    """
    week = calendar.week
    kind = kind_in_quarter(calendar, week, qualifies)
    if kind == "week":
        return Choice(week.window, week.next(), is_whole=True)
    published = _published(calendar, week, kind, qualifies, shows)
    if not published:
        last = week.quarter.weeks[0].previous()
        earlier = kind_in_quarter(calendar, last, qualifies)
        published = _published(calendar, last, earlier, qualifies, shows)
    if published:
        return Choice(published[-1], _next_whole(week, kind), is_whole=True)
    return Choice(week.window, _next_whole(week, kind), is_whole=False)


def kind_in_quarter(calendar: Calendar, last: Week, qualifies: Qualifies) -> str:
    """The kind of window of `last`'s quarter as known after `last`; it never changes within one."""
    before = _known(calendar.first, calendar.week, last.quarter.weeks[0].previous().quarter)
    if len(before) >= ENOUGH_WEEKS:
        return _kind_by_experience(calendar, before, qualifies)
    weeks = _known(calendar.first, min(calendar.week, last), last.quarter)
    return _kind_by_beginning(calendar, weeks, last, qualifies)


def _kind_by_experience(calendar: Calendar, before: Sequence[Week], qualifies: Qualifies) -> str:
    if _most_qualify(calendar, [week.window for week in before], qualifies):
        return "week"
    if _most_qualify(calendar, [*dict.fromkeys(week.block for week in before)], qualifies):
        return "block"
    return "quarter"


def _kind_by_beginning(
    calendar: Calendar, weeks: Sequence[Week], last: Week, qualifies: Qualifies
) -> str:
    if weeks and qualifies(calendar.thickness(weeks[0].window)):
        return "week"
    whole = [week.block for week in weeks if week.block.last_week <= last]
    is_open = not whole
    return "block" if is_open or qualifies(calendar.thickness(whole[0])) else "quarter"


def _most_qualify(calendar: Calendar, windows: Sequence[Window], qualifies: Qualifies) -> bool:
    # Counted only as far as it takes to know: most units are far from the edge on one side or the other.
    needed = MOST_WINDOWS * len(windows)
    met = 0
    for left, window in zip(range(len(windows), 0, -1), windows, strict=True):
        if met >= needed or met + left < needed:
            break
        met += qualifies(calendar.thickness(window))
    return met >= needed


@lru_cache(maxsize=1024)
def _known(first: Week, last: Week, quarter: Window) -> Sequence[Week]:
    # Weeks before the first form do not count against a unit; a row file does not even have them.
    return [week for week in quarter.weeks if first <= week <= last]


def _published(
    calendar: Calendar, last: Week, kind: str, qualifies: Qualifies, shows: Qualifies
) -> list[Window]:
    """Whole windows of `kind` in `last`'s quarter up to `last` that were published, in order."""
    if kind == "quarter":
        is_whole = last.quarter.last_week <= last
        return [last.quarter] if is_whole and shows(calendar.thickness(last.quarter)) else []
    weeks = [week for week in last.quarter.weeks if week <= last]
    windows = {week.block if kind == "block" else week.window for week in weeks}
    whole = sorted((w for w in windows if w.last_week <= last), key=lambda w: w.last_week)
    return [window for window in whole if qualifies(calendar.thickness(window))]


def _next_whole(week: Week, kind: str) -> Week:
    """The week whose closing makes the next block or quarter whole."""
    ends = [week.quarter.last_week] if kind == "quarter" else [week.block.last_week]
    return next((end for end in ends if end > week), week.next())
