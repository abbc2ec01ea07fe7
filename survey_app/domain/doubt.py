"""What the flags on forms mean for the figures: how many, with and without, and when nothing is published.

The number of flagged forms is a count of few people like any other: told when it is 0 or at least ten
(docs/methodology, disclosure), of weeks only, so that no hidden week is left over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import LIMITS, disclose, hidden_count, shortage
from survey_app.domain.figures import (
    Plan,
    plan_of,
)
from survey_app.domain.modules import ChiSquare, module_forms, module_shares
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.quality import RuleSet, withheld
from survey_app.domain.scheme import Scheme
from survey_app.domain.sums import UNFLAGGED, cells_in, tally_part, tally_window, week_modules
from survey_app.domain.suppression import twin_figure
from survey_app.domain.tally import Tally
from survey_app.domain.weeks import Week, Window

TABLET_CHANNELS = frozenset({"kiosk"})
Weeks = Mapping[Week, WeekCounts]
Pairs = dict[str, Figure | Problem]


def flagged_forms(window: Window, weeks: Weeks) -> tuple[int, int]:
    """(complete scored forms, flagged ones among them) of a window. Not for printing."""
    cells = cells_in(window, weeks)
    return sum(forms for _, forms in cells), sum(forms for key, forms in cells if key.flagged)


def flagged_share(week: Week, weeks: Weeks) -> float | Problem:
    """Flagged forms of a week in whole percent; a Problem when they, or the others, are 1 to 9, or the week's forms are hidden.

    None flagged is told of any week: it counts nobody.
    """
    forms, flagged = flagged_forms(week.window, weeks)
    if not forms:
        return Problem("sensitivity.no_forms")
    if not flagged:
        return 0.0
    is_few = flagged < LIMITS.cell or 0 < forms - flagged < LIMITS.cell
    if is_few or hidden_count(forms) is None:
        return Problem("quality.few_flagged", "", {"least": LIMITS.cell})
    return float(round(100 * flagged / forms))


def withhold_doubted(bulletin: Bulletin, weeks: Weeks, rules: RuleSet) -> Bulletin:
    """The bulletin without the figures of windows in which too many forms are flagged."""
    windows = {figure.window for figure in bulletin.figures.values()}
    doubts = {text: withheld(*flagged_forms(read_window(text), weeks), rules) for text in windows}
    if not any(doubts.values()):
        return bulletin
    figures = {
        key: _withhold(figure, doubts[figure.window]) for key, figure in bulletin.figures.items()
    }
    shown = {key for key, figure in figures.items() if figure.value is not None}
    changes = {key: change for key, change in bulletin.changes.items() if key in shown}
    return replace(bulletin, figures=figures, changes=changes)


def withhold_figure(figure: Figure, weeks: Weeks, rules: RuleSet) -> Figure:
    """One figure as `withhold_doubted` leaves it."""
    forms = flagged_forms(read_window(figure.window), weeks)
    return _withhold(figure, withheld(*forms, rules))


def figures_without_flagged(
    bulletin: Bulletin, weeks: Weeks, versions: Versions, scheme: Scheme
) -> Pairs:
    """Published dimensions and tỷ lệ hài lòng as they would be without flagged forms.

    Only for windows that have flagged forms; a Problem where those, or the others, are too few to tell.
    """
    keys = [dimension.code for dimension in scheme.dimensions] + ["satisfaction"]
    shown = [bulletin.figures[key] for key in keys if bulletin.figures[key].value is not None]
    tallies: dict[str, Tally | Problem] = {}
    result: Pairs = {}
    for figure in shown:
        window = read_window(figure.window)
        forms, flagged = flagged_forms(window, weeks)
        if not flagged:
            continue
        if figure.window not in tallies:
            tallies[figure.window] = _tally(window, weeks, versions, (forms, flagged))
        plan = plan_of(tally_window(window, weeks, versions), versions, scheme)
        result[figure.key] = _without(bulletin, figure, plan, tallies[figure.window])
    return result


def module_test(weeks: Weeks, window: Window, versions: Versions) -> ChiSquare | Problem:
    """χ² of the forms by module over a window; versions with another number of modules are left out."""
    return module_shares(forms_by_module(weeks, window, versions))


def forms_by_module(weeks: Weeks, window: Window, versions: Versions) -> list[int]:
    """Complete scored forms by module over a window. Not for printing."""
    known = (weeks[week] for week in window.weeks if week in weeks)
    return _sum_modules((week_modules(counts, versions) for counts in known), versions)


def tablet_forms_by_module(weeks: Weeks, window: Window, versions: Versions) -> list[int]:
    """Complete forms of tablets alone, which also tell of visits that were broken off. Not for printing."""
    known = (weeks[week].psus for week in window.weeks if week in weeks)
    found = (
        module_forms((psu.totals for psu in psus), versions, TABLET_CHANNELS) for psus in known
    )
    return _sum_modules(found, versions)


def _sum_modules(found: Iterable[Mapping[str, list[int]]], versions: Versions) -> list[int]:
    """Versions with another number of modules than the most are left out."""
    counts = [0] * max((version.module_count for version in versions.values()), default=0)
    for week in found:
        for name, forms in week.items():
            if versions[name].module_count == len(counts):
                counts = [one + other for one, other in zip(counts, forms, strict=True)]
    return counts


def _tally(
    window: Window, weeks: Weeks, versions: Versions, counts: tuple[int, int]
) -> Tally | Problem:
    forms, flagged = counts
    if flagged < LIMITS.cell or 0 < forms - flagged < LIMITS.cell:
        return Problem("quality.few_flagged", str(window), {"least": LIMITS.cell})
    return tally_part(window, weeks, versions, UNFLAGGED)


def _without(
    bulletin: Bulletin, figure: Figure, plan: Plan, tallied: Tally | Problem
) -> Figure | Problem:
    if isinstance(tallied, Problem):
        return tallied
    raw = twin_figure(bulletin.figures, figure, plan, tallied)
    problem = shortage(raw)
    # Without n: less the number of all forms it would count the flagged ones of a longer window.
    return problem or replace(disclose(raw, figure.window), n=None, dont_know=None, refused=None)


def _withhold(figure: Figure, problem: Problem | None) -> Figure:
    if problem is None or figure.value is None:
        return figure
    return Figure(
        key=figure.key,
        kind=figure.kind,
        window=figure.window,
        evidence=figure.evidence,
        measured=figure.measured,
        of=figure.of,
        withheld=problem,
    )
