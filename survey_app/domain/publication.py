"""The bulletin of one unit and closed week: each figure's window, and whether it may be shown.

Window rule (docs/methodology): one window for a whole dimension (and one for the core: tỷ lệ hài
lòng, grades, criteria), the shortest of week ⊂ 4-4-5 block ⊂ quarter that reaches the limits. It
is fixed for the quarter by the first week, else the first block, that reaches them; only whole,
closed windows are published. Windows of one figure therefore never overlap, and no hidden week
can be had by subtraction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import (
    RawFigure,
    disclose,
    hidden_count,
    shortage,
    withhold,
)
from survey_app.domain.figures import (
    SHARES,
    Plan,
    dimension_figure,
    item_figure,
    make_plan,
    share_figure,
    showable,
    subdimension_figure,
    total_figure,
)
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.scheme import Dimension, Scheme
from survey_app.domain.tally import Tally, tally
from survey_app.domain.weeks import Week, Window

CORE = "core"
FACTS = "facts"
Qualifies = Callable[[Tally], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """A family's window as of a week; `until`: the week whose closing brings the next one."""

    window: Window
    until: Week
    is_whole: bool


def make_bulletin(
    unit: str, week: Week, weeks: Mapping[Week, WeekCounts], versions: Versions, scheme: Scheme
) -> Bulletin:
    """Every figure of `unit` as of closed `week`.

    `weeks`: the closed weeks known (those of the week's quarter and the one before are used; an
    absent week has no forms). The page reads them from stored vintages, `score` from a row file:
    nothing after counting differs.
    """
    return _Edition(unit, week, weeks, versions, scheme).bulletin()


class _Edition:
    """One bulletin in the making: caches the tally of every window it looks at."""

    def __init__(
        self,
        unit: str,
        week: Week,
        weeks: Mapping[Week, WeekCounts],
        versions: Versions,
        scheme: Scheme,
    ) -> None:
        self.unit = unit
        self.week = week
        self.used = {w: weeks[w] for w in _span(week) if w in weeks}
        self.versions = {h: versions[h] for h in versions if h in _hashes(self.used.values())}
        self.scheme = scheme
        self._tallies: dict[Window, Tally] = {}

    @cached_property
    def plan(self) -> Plan:
        return make_plan(self.versions, self.scheme)

    def tally(self, window: Window) -> Tally:
        """The window's counts; PSUs in label order, as page and row file both know them."""
        if window not in self._tallies:
            psus = [
                (str(week), psu.totals)
                for week in window.weeks
                if week in self.used
                for psu in sorted(self.used[week].psus, key=lambda psu: psu.label)
            ]
            self._tallies[window] = tally(psus, self.versions)
        return self._tallies[window]

    def bulletin(self) -> Bulletin:
        dimensions = [f for d in self.scheme.dimensions for f in self.dimension_family(d)]
        figures = [self.total(dimensions), *dimensions, *self.core(), *self.facts()]
        return Bulletin(
            unit=self.unit,
            week=self.week,
            scheme=self.scheme.id,
            forms=hidden_count(self.tally(self.week.window).forms),
            revisions={str(week): counts.number for week, counts in self.used.items()},
            figures={figure.key: figure for figure in figures},
        )

    def core(self) -> list[Figure]:
        """tỷ lệ hài lòng, grades and criteria."""
        choice = self.choose(lambda t: shortage(share_figure(t, SHARES[0])) is None)
        tallied = self.tally(choice.window)
        raws = [share_figure(tallied, key) for key in SHARES]
        raws += [item_figure(tallied, question) for question in self.plan.items.get(CORE, ())]
        return [_gate(raw, choice) for raw in raws]

    def facts(self) -> list[Figure]:
        """Items that enter no score, such as the visits needed."""
        questions = self.plan.items.get(FACTS, ())
        choice = self.choose(
            lambda t: all(shortage(item_figure(t, question)) is None for question in questions)
        )
        tallied = self.tally(choice.window)
        return [_gate(item_figure(tallied, question), choice) for question in questions]

    def dimension_family(self, dimension: Dimension) -> list[Figure]:
        """A dimension, its sub-dimensions and its items, all on one window."""
        asked = self.plan.asked(dimension)
        if not asked:
            return [self.not_asked(dimension)]
        choice = self.choose(
            lambda t: self.is_full(t, dimension),
            lambda t: bool(showable(t, self.plan, dimension)),
        )
        tallied = self.tally(choice.window)
        shown = showable(tallied, self.plan, dimension)
        raw = dimension_figure(tallied, self.plan, dimension, shown)
        subs = [subdimension_figure(tallied, self.plan, sub) for sub in asked]
        items = [item_figure(tallied, q) for q in self.plan.items.get(dimension.code, ())]
        if not shown:
            return [
                self.nothing_shown(raw, subs, choice),
                *(_gate(r, choice) for r in (*subs, *items)),
            ]
        return [_gate(r, choice) for r in (raw, *subs, *items)]

    def is_full(self, tallied: Tally, dimension: Dimension) -> bool:
        """Whether every asked sub-dimension, and so the dimension, reaches the limits."""
        asked = self.plan.asked(dimension)
        shown = showable(tallied, self.plan, dimension)
        raw = dimension_figure(tallied, self.plan, dimension, shown)
        return len(shown) == len(asked) and shortage(raw) is None

    def nothing_shown(self, raw: RawFigure, subs: list[RawFigure], choice: Choice) -> Figure:
        """The dimension's place when no sub-dimension may be shown: the first one's reason."""
        problem = shortage(raw) if raw.n < 30 else shortage(subs[0])
        problem = problem or Problem("figure.few_forms", raw.key)
        return withhold(raw, str(choice.window), _dated(problem, choice))

    def not_asked(self, dimension: Dimension) -> Figure:
        """A dimension that no question of the versions in use measures."""
        raw = dimension_figure(self.tally(self.week.window), self.plan, dimension, ())
        code = "figure.not_asked" if self.versions else "figure.few_forms"
        params = {} if self.versions else {"n": 0, "needed": 30, "until": str(self.week.next())}
        return withhold(raw, str(self.week.window), Problem(code, dimension.code, params))

    def total(self, figures: list[Figure]) -> Figure:
        """The total, never from partial dimensions or mixed windows."""
        dimensions = [figure for figure in figures if figure.kind == "dimension"]
        windows = {figure.window for figure in dimensions}
        raw = total_figure(self.tally(self.week.window), self.plan)
        full = [f for f in dimensions if f.value is not None and not f.is_partial]
        if len(full) < len(dimensions) or windows != {str(self.week.window)}:
            params = {"full": len(full), "of": len(dimensions)}
            problem = Problem("figure.partial_total", "total", params)
            return withhold(raw, str(self.week.window), problem)
        return disclose(raw, str(self.week.window))

    def choose(self, qualifies: Qualifies, shows: Qualifies | None = None) -> Choice:
        """The window of a family as of this week; `shows`: whether a quarter has anything at all."""
        kind = self.kind(self.week, qualifies)
        if kind == "week":
            return Choice(self.week.window, self.week.next(), is_whole=True)
        published = self.published(self.week, kind, qualifies)
        if not published:
            published = self.published_before(qualifies, shows or qualifies)
        until = self.week.block.last_week if kind == "block" else self.week.quarter.last_week
        if published:
            return Choice(published[-1], until, is_whole=True)
        return self.pending()

    def pending(self) -> Choice:
        """Nothing published yet: show what this week lacks and when the running block is whole."""
        block, quarter = self.week.block, self.week.quarter
        if quarter.last_week == self.week:
            return Choice(quarter, self.week.next(), is_whole=True)
        until = quarter.last_week if block.last_week == self.week else block.last_week
        return Choice(self.week.window, until, is_whole=False)

    def kind(self, last: Week, qualifies: Qualifies) -> str:
        """The window kind of `last`'s quarter as it stands after `last`."""
        quarter = [week for week in last.quarter.weeks if week <= last]
        if any(qualifies(self.tally(week.window)) for week in quarter if week in self.used):
            return "week"
        blocks = {week.block for week in quarter if week.block.last_week <= last}
        return "block" if any(qualifies(self.tally(block)) for block in blocks) else "quarter"

    def published(self, last: Week, kind: str, qualifies: Qualifies) -> list[Window]:
        """Whole windows of `kind` in the quarter up to `last` that were published, in order."""
        weeks = [week for week in last.quarter.weeks if week <= last]
        if kind == "quarter":
            return [last.quarter] if last.quarter.last_week <= last else []
        windows = {week.block if kind == "block" else week.window for week in weeks}
        whole = sorted((w for w in windows if w.last_week <= last), key=lambda w: w.last_week)
        return [window for window in whole if qualifies(self.tally(window))]

    def published_before(self, qualifies: Qualifies, shows: Qualifies) -> list[Window]:
        """What the previous quarter published last: no small unit's page is empty for weeks."""
        last = self.week.quarter.weeks[0].previous()
        windows = self.published(last, self.kind(last, qualifies), qualifies)
        return [window for window in windows if shows(self.tally(window))]


def _gate(raw: RawFigure, choice: Choice) -> Figure:
    """The disclosed figure, or its place with the reason and the next date."""
    window = str(choice.window)
    problem = shortage(raw)
    if problem is None and not choice.is_whole:
        problem = Problem("figure.window_open", raw.key, {})
    return withhold(raw, window, _dated(problem, choice)) if problem else disclose(raw, window)


def _dated(problem: Problem, choice: Choice) -> Problem:
    return Problem(problem.code, problem.where, {**problem.params, "until": str(choice.until)})


def _span(week: Week) -> Iterable[Week]:
    """The weeks a bulletin can draw on: the previous quarter and its own up to now."""
    before = week.quarter.weeks[0].previous().quarter.weeks
    return (*before, *(w for w in week.quarter.weeks if w <= week))


def _hashes(counts: Iterable[WeekCounts]) -> set[str]:
    return {key.questionnaire for week in counts for psu in week.psus for key in psu.totals}
