"""The bulletin of one unit and closed week: each figure on its window, through the disclosure gate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property

from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.counting import Versions
from survey_app.domain.disclosure import (
    LIMITS,
    RawFigure,
    disclose,
    hidden_count,
    shortage,
    withhold,
)
from survey_app.domain.doubt import withhold_doubted, withhold_figure
from survey_app.domain.figures import (
    SHARES,
    Plan,
    dimension_figure,
    item_figure,
    plan_for,
    plan_of,
    share_figure,
    subdimension_figure,
    total_figure,
)
from survey_app.domain.movement import Archive, changes
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.quality import RuleSet
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.scheme import Dimension, Scheme, SubDimension
from survey_app.domain.sums import tally_window, window_thickness
from survey_app.domain.suppression import (
    dimension_family,
    grades,
    hides_silence,
)
from survey_app.domain.tally import Tally
from survey_app.domain.thickness import SATISFACTION, Thickness
from survey_app.domain.weeks import Week, Window
from survey_app.domain.windows import Calendar, Choice, Qualifies, choose, weeks_needed, weeks_used

CORE = "core"
FACTS = "facts"


def make_bulletin(
    unit: str,
    week: Week,
    weeks: Mapping[Week, WeekCounts],
    versions: Versions,
    scheme: Scheme,
    rules: RuleSet | None = None,
) -> Bulletin:
    """Every figure of `unit` as of closed `week`.

    `rules`: windows with too many forms in doubt are withheld ("không công bố"); without them none is.

    `weeks`: the closed weeks known; of them `weeks_needed` are used, and an absent one has no forms.
    The page reads them from stored vintages, `score` from a row file: nothing after counting differs.
    """
    known = {needed: weeks[needed] for needed in weeks_needed(week) if needed in weeks}
    made = make_figures(unit, week, known, versions, scheme)
    if rules is not None:
        made = withhold_doubted(made, known, rules)
    archive = open_archive(unit, known, versions, scheme, rules)
    return replace(made, changes=changes(made, archive))


def make_figures(
    unit: str,
    week: Week,
    weeks: Mapping[Week, WeekCounts],
    versions: Versions,
    scheme: Scheme,
) -> Bulletin:
    """The bulletin without changes, and without regard to forms in doubt."""
    return _Edition(unit, week, weeks, versions, scheme).bulletin()


def open_archive(
    unit: str,
    weeks: Mapping[Week, WeekCounts],
    versions: Versions,
    scheme: Scheme,
    rules: RuleSet | None = None,
) -> Archive:
    """The unit's dimensions and tỷ lệ hài lòng as each of its closed `weeks` published them.

    A figure is made when it is asked for, and of its bulletin nothing beside its own family.
    """

    @cache
    def edition(as_of: Week) -> _Edition:
        return _Edition(unit, as_of, weeks, versions, scheme)

    @cache
    def figure(as_of: Week, key: str) -> Figure:
        made = edition(as_of).figure(key)
        return withhold_figure(made, weeks, rules) if rules else made

    used = _in_order(versions[h] for h in _hashes(weeks.values()))
    return Archive(weeks, used, scheme, figure)


class _Edition:
    """One bulletin in the making."""

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
        self.used = {w: weeks[w] for w in weeks_used(week) if w in weeks}
        self.versions = _in_order(versions[h] for h in _hashes(self.used.values()))
        self.scheme = scheme
        self.first = min((w for w in self.used if self.used[w].psus), default=week)
        self.plans: dict[frozenset[str], Plan] = {}

    @cached_property
    def calendar(self) -> Calendar:
        # Nothing of self: an edition that holds itself would be kept until the next collection.
        used, versions = self.used, self.versions
        return Calendar(self.week, self.first, cache(lambda w: window_thickness(w, used, versions)))

    def plan(self, counted: Tally | Thickness) -> Plan:
        """What the forms of a window were asked."""
        if isinstance(counted, Tally):
            return plan_of(counted, self.versions, self.scheme)
        if (used := counted.versions) not in self.plans:
            self.plans[used] = plan_for(used, self.versions, self.scheme)
        return self.plans[used]

    def tally(self, window: Window) -> Tally:
        """The window's counts."""
        return tally_window(window, self.used, self.versions)

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

    def figure(self, key: str) -> Figure:
        """A dimension or tỷ lệ hài lòng alone."""
        if key == SATISFACTION:
            choice = self.core_choice()
            return _gate(share_figure(self.tally(choice.window), key), choice)
        dimension = self.scheme.dimension(key)
        choice = self.dimension_choice(dimension)
        if not self.plan(self.tally(choice.window)).asked(dimension):
            return self.not_asked(dimension)
        [figure] = self.hush([self.dimension(dimension, choice)], dimension, choice)
        return figure

    def core(self) -> list[Figure]:
        """tỷ lệ hài lòng, grades and criteria."""
        choice = self.core_choice()
        tallied = self.tally(choice.window)
        shares = [share_figure(tallied, key) for key in SHARES]
        items = [item_figure(tallied, q) for q in self.plan(tallied).items.get(CORE, ())]
        shown = [_gate(raw, choice) for raw in shares]
        return grades(shown) + _gate_together(items, choice)

    def core_choice(self) -> Choice:
        """The window of the core: tỷ lệ hài lòng decides."""
        return self.choose(lambda held: held.is_thick(SATISFACTION))

    def facts(self) -> list[Figure]:
        """Items that enter no score, such as the visits needed."""
        choice = self.choose(lambda held: held.carries_items(self.plan(held).items.get(FACTS, ())))
        tallied = self.tally(choice.window)
        raws = [item_figure(tallied, q) for q in self.plan(tallied).items.get(FACTS, ())]
        return [_gate(raw, choice) for raw in raws]

    def dimension_family(self, dimension: Dimension) -> Sequence[Figure]:
        """A dimension, its sub-dimensions and its items, all on one window."""
        choice = self.dimension_choice(dimension)
        tallied = self.tally(choice.window)
        plan = self.plan(tallied)
        asked = plan.asked(dimension)
        if not asked:
            return [self.not_asked(dimension)]
        problems = dimension_family(tallied, plan, dimension).problems
        subs = [subdimension_figure(tallied, plan, sub) for sub in asked]
        figures = [self.dimension(dimension, choice)]
        figures += [_gate(raw, choice, problems.get(raw.key)) for raw in subs]
        for sub in asked:
            items = [item_figure(tallied, question) for question in items_of(plan, sub)]
            figures += _gate_together(items, choice)
        return self.hush(figures, dimension, choice)

    def dimension_choice(self, dimension: Dimension) -> Choice:
        """The window of a dimension's family."""
        return self.choose(
            lambda held: held.carries_dimension(self.plan(held), dimension),
            lambda held: any(
                held.carries_sub(self.plan(held), s) for s in self.plan(held).asked(dimension)
            ),
        )

    def hush(
        self, figures: Sequence[Figure], dimension: Dimension, choice: Choice
    ) -> Sequence[Figure]:
        """A dimension's figures, without silences where those would count a hidden neighbour's."""
        tallied = self.tally(choice.window)
        plan = self.plan(tallied)
        shown = dimension_family(tallied, plan, dimension).shown
        if not hides_silence(tallied, plan, dimension, shown):
            return figures
        return [replace(figure, dont_know=None, refused=None) for figure in figures]

    def dimension(self, dimension: Dimension, choice: Choice) -> Figure:
        """The dimension itself: over all it asks, and only a whole quarter may go without some."""
        tallied = self.tally(choice.window)
        plan = self.plan(tallied)
        family = dimension_family(tallied, plan, dimension)
        raw = dimension_figure(tallied, plan, dimension, family.shown)
        missing = next(iter(family.problems.values()), None)
        if missing and (choice.window.kind != "quarter" or not family.shown):
            return withhold(raw, str(choice.window), _dated(missing, choice))
        return _gate(raw, choice)

    def not_asked(self, dimension: Dimension) -> Figure:
        """A dimension that no question of the versions in use measures."""
        tallied = self.tally(self.week.window)
        raw = dimension_figure(tallied, self.plan(tallied), dimension, ())
        code = "figure.not_asked" if self.versions else "figure.few_forms"
        until = {"needed": LIMITS.score, "until": str(self.week.next())}
        params = {} if self.versions else until
        return withhold(raw, str(self.week.window), Problem(code, dimension.code, params))

    def total(self, figures: list[Figure]) -> Figure:
        """The total, never from partial dimensions or mixed windows."""
        dimensions = [figure for figure in figures if figure.kind == "dimension"]
        windows = {figure.window for figure in dimensions}
        full = [f for f in dimensions if f.value is not None and not f.is_partial]
        tallied = self.tally(self.week.window)
        raw = total_figure(tallied, self.plan(tallied), len(full))
        if len(full) < len(dimensions) or windows != {str(self.week.window)}:
            params = {"full": len(full), "of": len(dimensions)}
            problem = Problem("figure.partial_total", "total", params)
            return withhold(raw, str(self.week.window), problem)
        return disclose(raw, str(self.week.window))

    def choose(self, qualifies: Qualifies, shows: Qualifies | None = None) -> Choice:
        """The window of a family as of this week."""
        return choose(self.calendar, qualifies, shows or qualifies)


def items_of(plan: Plan, sub: SubDimension) -> list[Question]:
    """The items that count for one sub-dimension alone; criteria count for the core."""
    items = plan.items.get(sub.dimension, ())
    asked = {question.id for question in plan.questions[sub.code]}
    return [question for question in items if question.id in asked]


def _gate(raw: RawFigure, choice: Choice, problem: Problem | None = None) -> Figure:
    """The disclosed figure, or its place with the reason and the next date."""
    window = str(choice.window)
    problem = problem or shortage(raw)
    if problem is None and not choice.is_whole:
        problem = Problem("figure.window_open", raw.key, {})
    return withhold(raw, window, _dated(problem, choice)) if problem else disclose(raw, window)


def _gate_together(raws: Sequence[RawFigure], choice: Choice) -> list[Figure]:
    """All or none: with the sub-dimension published, one hidden item would be a subtraction away."""
    problem = next((found for raw in raws if (found := shortage(raw)) is not None), None)
    if problem is None:
        return [_gate(raw, choice) for raw in raws]
    return [withhold(raw, str(choice.window), _dated(problem, choice)) for raw in raws]


def _dated(problem: Problem, choice: Choice) -> Problem:
    return Problem(problem.code, problem.where, {**problem.params, "until": str(choice.until)})


def _in_order(used: Iterable[Questionnaire]) -> Versions:
    """Older versions first, by what they say of themselves: a row file does not know when one was published."""
    keyed = ((v.structure.id, v.structure.version, v.hash, v) for v in used)
    return {version.hash: version for *_, version in sorted(keyed, key=lambda item: item[:3])}


def _hashes(counts: Iterable[WeekCounts]) -> set[str]:
    return {name for week in counts for name in week.questionnaires}
