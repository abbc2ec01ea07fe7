"""The same period a year ago: intervals, and never a verdict."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from survey_app.content.holidays import tet_dates
from survey_app.domain.bulletin import Change
from survey_app.domain.comparison import read_window, window_a_year_ago
from survey_app.domain.material import Material
from survey_app.domain.movement import Changes, changes_in_a_year
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_used
from survey_app.office.changes import SATISFACTION, signed, signed_interval, within
from survey_app.store import frozen
from survey_app.web import formats
from survey_app.web.i18n import gettext, language
from survey_app.web.problem_texts import problem_text

# What a leader asks about first.
FIRST = "5"


def year_changes(connection: Connection, material: Material) -> Changes:
    """Each published figure against the matching period of the year before (Tết and week 53 matched)."""
    figures = material.bulletin.figures.values()
    windows = {figure.window for figure in figures if figure.value is not None}
    wanted = matching_weeks(windows) - {*material.weeks}
    unit, as_of = material.bulletin.unit, material.as_of
    weeks = {**frozen.week_psus(connection, unit, wanted, as_of), **material.weeks}
    found = changes_in_a_year(material.bulletin, material.archive(weeks), tet_dates())
    return {key: _before_the_first(change, weeks) for key, change in found.items()}


def matching_weeks(windows: Iterable[str]) -> set[Week]:
    """The weeks that figures of the windows' matching ones, a year before, draw on."""
    earlier = (window_a_year_ago(read_window(text), tet_dates()) for text in windows)
    return {
        week
        for window in earlier
        if not isinstance(window, Problem)
        for week in weeks_used(window.last_week)
    }


def year_sentence(changes: Changes, scheme: Scheme) -> str | None:
    """What a year has brought to the first figure that can be compared; None when nothing is published."""
    compared = [change for change in changes.values() if isinstance(change, Change)]
    if compared:
        first = next((change for change in compared if change.key == FIRST), compared[0])
        return gettext(
            "%(name)s, %(after)s against %(before)s: %(value)s (95%% confidence interval: %(interval)s).",
            name=_name(first.key, scheme),
            after=within(formats.short_window(first.after)),
            before=within(formats.short_window(first.before)),
            value=signed(first),
            interval=signed_interval(first),
        )
    reasons = [problem_text(one) for one in changes.values() if isinstance(one, Problem)]
    if not reasons:
        return None
    return gettext(
        "Nothing can be compared with a year ago yet: %(reason)s", reason=within(reasons[0])
    )


def _before_the_first(
    change: Change | Problem, weeks: Mapping[Week, WeekCounts]
) -> Change | Problem:
    """Say so where the survey did not exist a year ago: "not published" would sound as if it were hidden."""
    if not isinstance(change, Problem) or change.code != "change.not_published":
        return change
    window = read_window(str(change.params["window"]))
    if any(week in weeks for week in window.weeks):
        return change
    return Problem("change.no_figures", change.where)


def _name(key: str, scheme: Scheme) -> str:
    if key == SATISFACTION:
        return gettext("Satisfaction rate")
    return scheme.dimension(key).names[language()]
