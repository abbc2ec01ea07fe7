"""What changed between two windows of one kind, and which changes may be called one.

Only what both windows measured in the same way is compared: a question that is new, gone or
reworded ends its own series, and the change says so. Over the dimensions of one bulletin Holm's
procedure holds the error of calling any unchanged score changed at 5 %; every other difference is
an interval without a verdict (docs/methodology, change).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from survey_app.domain.bulletin import Break, Change, Direction
from survey_app.domain.counting import Versions
from survey_app.domain.difference import (
    LEVEL,
    Difference,
    between_windows,
    holm,
    smallest_detectable,
)
from survey_app.domain.disclosure import LIMITS, RawFigure, apart, shortage
from survey_app.domain.figures import (
    Plan,
    dimension_figure,
    item_figure,
    make_plan,
    share_figure,
    subdimension_figure,
)
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Dimension, Scheme
from survey_app.domain.suppression import dimension_family, protected
from survey_app.domain.tally import Tally
from survey_app.domain.weeks import Window


@dataclass(frozen=True, slots=True)
class Side:
    """One window of a comparison: its counts and the versions that its forms answered."""

    window: Window
    tally: Tally
    versions: Versions


@dataclass(frozen=True, slots=True)
class Pair:
    """Two windows of one kind, what either asks and what both ask in the same way (`questions`)."""

    after: Side
    before: Side
    asked: Plan
    common: Plan
    questions: frozenset[str]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Later, earlier."""
        return self.after, self.before


@dataclass(frozen=True, slots=True)
class RawChange:
    """A figure's difference before any verdict; `span`: points that the whole range of p means."""

    key: str
    after: Window
    before: Window
    difference: Difference
    span: float
    decimals: int
    measured: int
    of: int
    series_break: Break | None = None


def versions_used(tally: Tally, versions: Versions) -> Versions:
    """The versions that a window's forms answered."""
    return {name: version for name, version in versions.items() if name in tally.versions}


def common_questions(after: Versions, before: Versions) -> frozenset[str]:
    """Ids that every version in use on both sides asks with the same scale and the same words."""
    if not after or not before:
        return frozenset()
    first, *others = {**after, **before}.values()
    return frozenset(first.questions).intersection(*(_same(first, other) for other in others))


def compare(after: Side, before: Side, scheme: Scheme) -> Pair | Problem:
    """Set two windows side by side; a Problem when they are of different kinds."""
    if after.window.kind != before.window.kind:
        return Problem("change.kinds_differ", str(after.window))
    asked = make_plan({**before.versions, **after.versions}, scheme)
    common = common_questions(after.versions, before.versions)
    return Pair(after, before, asked, _restricted(asked, common), common)


def questions_of(plan: Plan, dimension: Dimension) -> set[str]:
    """Ids of the questions that count for the dimension."""
    return {q.id for sub in dimension.subdimensions for q in plan.questions.get(sub.code, ())}


def dimension_change(dimension: Dimension, pair: Pair) -> RawChange | Problem:
    """The dimension's difference over the sub-dimensions that both windows may show.

    It is 9 · mean z of the questions common to both; with a break it is therefore not the
    difference of the two published scores.
    """
    plan = pair.common
    if not plan.asked(dimension):
        code = "change.nothing_common" if pair.asked.asked(dimension) else "figure.not_asked"
        return Problem(code, dimension.code)
    shown = [dimension_family(side.tally, plan, dimension).shown for side in pair.sides]
    subs = tuple(sub for sub in shown[0] if sub in shown[1])
    if not subs:
        return _why_not(dimension, pair)
    lost = _lost(pair, dimension)
    if lost and _gives_items_away(pair, dimension):
        return protected(dimension.code)
    figures = [dimension_figure(side.tally, plan, dimension, subs) for side in pair.sides]
    difference = figure_difference(figures[0], figures[1])
    if isinstance(difference, Problem):
        return difference
    return RawChange(
        key=dimension.code,
        after=pair.after.window,
        before=pair.before.window,
        difference=difference,
        span=dimension.high - dimension.low,
        decimals=2,
        measured=len(subs),
        of=len(dimension.subdimensions),
        series_break=Break(lost) if lost else None,
    )


def satisfaction_change(pair: Pair) -> RawChange | Problem:
    """The difference of tỷ lệ hài lòng, in percentage points."""
    key = "satisfaction"
    if not satisfaction_questions(pair) <= pair.questions:
        return Problem("change.nothing_common", key)
    figures = [share_figure(side.tally, key) for side in pair.sides]
    difference = figure_difference(figures[0], figures[1])
    if isinstance(difference, Problem):
        return difference
    return RawChange(key, pair.after.window, pair.before.window, difference, 100.0, 1, 0, 0)


def satisfaction_questions(pair: Pair) -> set[str]:
    """Ids of the questions that tỷ lệ hài lòng comes from, in either window."""
    versions = [*pair.after.versions.values(), *pair.before.versions.values()]
    return {question.id for version in versions for question in version.with_role("satisfaction")}


def figure_difference(after: RawFigure, before: RawFigure) -> Difference | Problem:
    """The difference of one figure in two windows; a Problem when either may not be shown.

    Shares near 0 or 100 % are published as a bound only, so their differences are not.
    """
    for figure in (after, before):
        problem = shortage(figure)
        if problem is not None:
            return problem
    if after.estimate is None or before.estimate is None:
        return Problem("figure.few_forms", after.key)
    if after.kind in {"share", "item"} and any(map(is_edge, (after, before))):
        return Problem("change.at_edge", after.key)
    return between_windows(after.estimate, before.estimate, (after.n, before.n))


def decide(changes: Sequence[RawChange]) -> tuple[Change, ...]:
    """The scored dimensions of one bulletin, one comparison each: a family under Holm."""
    adjusted = holm({change.key: change.difference.p for change in changes})
    return tuple(
        _shown(change, _direction(change, adjusted[change.key]), len(changes)) for change in changes
    )


def without_verdict(change: RawChange) -> Change:
    """Any other comparison (year ago, shares, kiosk only): the interval, and never a verdict."""
    return _shown(change, None, 1)


def _shown(change: RawChange, direction: Direction | None, family: int) -> Change:
    difference = change.difference
    low, high = difference.interval
    smallest = smallest_detectable(difference.se, difference.df, family)
    span, digits = change.span, change.decimals
    low, high = apart(low * span, high * span, digits)
    return Change(
        key=change.key,
        after=str(change.after),
        before=str(change.before),
        value=round(difference.value * span, digits),
        low=low,
        high=high,
        df=difference.df,
        detectable=round(smallest * span, digits),
        direction=direction,
        measured=change.measured,
        of=change.of,
        series_break=change.series_break,
    )


def _direction(change: RawChange, adjusted: float) -> Direction | None:
    if adjusted > LEVEL:
        return None
    return "up" if change.difference.value > 0 else "down"


def is_edge(figure: RawFigure) -> bool:
    """Whether the share is so near 0 or 100 % that only a bound is published."""
    percent = 100 * figure.estimate.p if figure.estimate else 0.0
    return not LIMITS.edge < percent < 100 - LIMITS.edge


def _same(one: Questionnaire, other: Questionnaire) -> frozenset[str]:
    # A hash names one content for ever.
    names = one.hash, other.hash
    if names not in _known_same:
        words, others = _words(one), _words(other)
        _known_same[names] = frozenset(
            name
            for name, question in one.questions.items()
            if question == other.questions.get(name) and words.get(name) == others.get(name)
        )
    return _known_same[names]


_known_same: dict[tuple[str, str], frozenset[str]] = {}


def _words(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    """The Vietnamese words of each question."""
    result: dict[str, dict[str, str]] = {}
    for key, text in questionnaire.text["vi"].items():
        result.setdefault(key.partition(".")[0], {})[key] = text
    return result


# One plan stays one, so that what a tally knows of it is not made anew for every bulletin.
@lru_cache(maxsize=50)
def _restricted(plan: Plan, common: frozenset[str]) -> Plan:
    kept = {
        sub: tuple(question for question in questions if question.id in common)
        for sub, questions in plan.questions.items()
    }
    if kept == plan.questions:
        return plan
    return replace(plan, questions={sub: questions for sub, questions in kept.items() if questions})


def _why_not(dimension: Dimension, pair: Pair) -> Problem:
    """What the first sub-dimension that a side may not show lacks."""
    figures = (
        subdimension_figure(side.tally, pair.common, sub)
        for side in pair.sides
        for sub in pair.common.asked(dimension)
    )
    nothing = Problem("change.nothing_common", dimension.code)
    return next(filter(None, map(shortage, figures)), nothing)


def _gives_items_away(pair: Pair, dimension: Dimension) -> bool:
    """Whether an item is hidden in either window: the score over all questions less that over the common ones is its mean."""
    return any(
        question.id in side.tally.items and shortage(item_figure(side.tally, question)) is not None
        for side in pair.sides
        for sub in pair.asked.asked(dimension)
        for question in pair.asked.questions[sub.code]
    )


def _lost(pair: Pair, dimension: Dimension) -> tuple[str, ...]:
    return tuple(sorted(questions_of(pair.asked, dimension) - questions_of(pair.common, dimension)))
