"""Weighted figures beside the published ones: same window, same gate, never in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import LIMITS, disclose, shortage
from survey_app.domain.figures import (
    Plan,
    plan_of,
)
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.scheme import Scheme
from survey_app.domain.sums import cells_in, tally_groups, tally_window
from survey_app.domain.suppression import protected, twin_figure, twin_series
from survey_app.domain.tally import Tally
from survey_app.domain.weeks import Week
from survey_app.domain.weighting import WeightedSeries, forms_by_group, post_strata, weighted_tally

WEIGHTED_KINDS = frozenset({"block", "quarter"})
Weighted = dict[str, Figure | Problem]


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Finished dossiers of a unit in one window: by procedure group, and as reported together."""

    by_group: Mapping[str, int]
    total: int


def weighted_figures(
    bulletin: Bulletin,
    weeks: Mapping[Week, WeekCounts],
    versions: Versions,
    scheme: Scheme,
    dossiers: Mapping[str, Dossiers],
) -> Weighted:
    """Dimensions, sub-dimensions and tỷ lệ hài lòng that `bulletin` shows for a block or quarter, weighted.

    `dossiers` by window as text. What cannot be weighted has a Problem in its place; a figure on a
    week has none, because a week has too few forms in a group to be weighted at all.
    """
    tallies = {
        window: _tally(window, weeks, versions, dossiers.get(window))
        for window in {f.window for f in bulletin.figures.values() if _is_weighted(f)}
    }
    plans = {
        window: plan_of(tally_window(read_window(window), weeks, versions), versions, scheme)
        for window in tallies
    }
    return {
        key: _weighted(bulletin, figure, plans[figure.window], tallies[figure.window])
        for key, figure in bulletin.figures.items()
        if _is_weighted(figure)
    }


def declared_groups(versions: Versions) -> Sequence[str]:
    """Procedure groups in the order in which the newest version offers them."""
    newest = max(versions.values(), key=lambda version: version.structure.version)
    questions = newest.with_role("procedure")
    return [choice.code for question in questions for choice in question.choices]


def _is_weighted(figure: Figure) -> bool:
    if figure.value is None or figure.key == "total" or figure.kind == "item":
        return False
    # Three weighted grades would be two equations more.
    if figure.kind == "share" and figure.key != "satisfaction":
        return False
    return read_window(figure.window).kind in WEIGHTED_KINDS


def _tally(
    window: str, weeks: Mapping[Week, WeekCounts], versions: Versions, dossiers: Dossiers | None
) -> Tally | Problem:
    if dossiers is None:
        return Problem("weighting.margin_missing", window)
    whole = tally_window(read_window(window), weeks, versions)
    order = declared_groups(versions)
    # With two groups the weighted and the plain figure give the mean of each: both need a score's forms.
    least = LIMITS.score
    forms = forms_by_group(cells_in(read_window(window), weeks))
    strata = post_strata(forms, dossiers.by_group, dossiers.total, order, least)
    if isinstance(strata, Problem):
        return strata

    def weigh() -> Tally:
        asked = read_window(window)
        parts = [tally_groups(asked, weeks, versions, stratum.groups) for stratum in strata]
        return weighted_tally(parts, strata)

    # Weighted once for the same dossiers.
    return whole.once(("weighted", strata), weigh)


def _weighted(
    bulletin: Bulletin, figure: Figure, plan: Plan, tallied: Tally | Problem
) -> Figure | Problem:
    if isinstance(tallied, Problem):
        return tallied
    raw = twin_figure(bulletin.figures, figure, plan, tallied)
    problem = shortage(raw)
    if problem is not None:
        return problem
    if _tells_a_stratum(bulletin, figure, plan, tallied):
        return protected(figure.key)
    # The plain n: less that of the weighted figure it would count the forms that name no procedure.
    shown = _coarse(disclose(raw, figure.window))
    return replace(shown, n=figure.n, dont_know=figure.dont_know, refused=figure.refused)


def _coarse(figure: Figure) -> Figure:
    """A share in whole percent: the weights hold each group's forms, and a decimal more would count a hidden group's."""
    if figure.kind != "share" or figure.value is None or figure.low is None or figure.high is None:
        return figure
    value, low, high = round(figure.value), floor(figure.low), ceil(figure.high)
    return replace(figure, value=float(value), low=float(low), high=float(high))


def _tells_a_stratum(bulletin: Bulletin, figure: Figure, plan: Plan, tallied: Tally) -> bool:
    """Whether a post-stratum has answers to a question of the figure, but fewer than a score needs.

    The plain and the weighted figure are two equations for the strata's means.
    """
    return any(
        0 < part.ratio.total < LIMITS.score
        for series in twin_series(bulletin.figures, figure, plan, tallied)
        if isinstance(series, WeightedSeries)
        for part in series.parts
    )
