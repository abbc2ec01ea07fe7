"""Secondary suppression: what must be hidden so that nothing hidden follows from what is shown.

The attacker knows every rule here and every bulletin ever published (docs/disclosure;
tests/domain/test_attack.py plays the attacker). No decision may say more than "a few forms":
each threshold is wider than the range that it protects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from survey_app.domain.bulletin import Figure
from survey_app.domain.disclosure import LIMITS, RawFigure, shortage
from survey_app.domain.figures import (
    Plan,
    dimension_figure,
    item_figure,
    share_figure,
    showable,
    subdimension_figure,
)
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Question
from survey_app.domain.scheme import Dimension, SubDimension
from survey_app.domain.tally import Series, Tally

HIDDEN_MEAN = 0.3
GRADES = ("grade.not_satisfied", "grade.satisfied", "grade.very_satisfied")


def protected(key: str) -> Problem:
    """The reason of a figure that is hidden for its neighbour's sake; it does not say which is thin."""
    return Problem("figure.protected", key)


@dataclass(frozen=True, slots=True)
class Family:
    """A dimension's sub-dimensions in one window: those that may be shown, and why not the others."""

    shown: tuple[SubDimension, ...]
    problems: Mapping[str, Problem]


def dimension_family(tally: Tally, plan: Plan, dimension: Dimension) -> Family:
    """Primary and secondary suppression among a dimension's sub-dimensions.

    After secondary suppression all reasons are alike: which one is thin would be the secret.
    """
    key = ("family", plan, dimension.code)
    return tally.once(key, lambda: _dimension_family(tally, plan, dimension))


def _dimension_family(tally: Tally, plan: Plan, dimension: Dimension) -> Family:
    asked = plan.asked(dimension)
    raws = {sub.code: subdimension_figure(tally, plan, sub) for sub in asked}
    thick = showable(tally, plan, dimension)
    kept = [sub for sub in thick if not _gives_items_away(tally, plan, sub, raws[sub.code])]
    kept = _keep_secret(tally, plan, asked, kept)
    shown = tuple(sub for sub in thick if sub in kept)
    hidden = [sub.code for sub in asked if sub not in shown]
    if shown != thick:
        return Family(shown, {code: protected(code) for code in hidden})
    found = ((code, shortage(raws[code])) for code in hidden)
    return Family(shown, {code: problem for code, problem in found if problem is not None})


def hides_silence(
    tally: Tally, plan: Plan, dimension: Dimension, shown: Sequence[SubDimension]
) -> bool:
    """Whether don't-know shares by sub-dimension, with those over all groups, count a hidden one's."""
    asked = plan.asked(dimension)
    return bool(_grouped(plan, asked)) and any(
        tally.forms_any[sub.code] for sub in asked if sub not in shown
    )


def grades(figures: Sequence[Figure]) -> list[Figure]:
    """Shares that add up to 100: with one only bounded, the others must not give it exactly.

    One grade bounded: the smaller of the two exact ones is hidden. Two bounded: the exact third.
    """
    known = {figure.key: figure for figure in figures if figure.key in GRADES}
    exact = [f for f in known.values() if f.value is not None and f.bound is None]
    if len(exact) == len(known) or not exact:
        return list(figures)
    hidden = min(exact, key=lambda figure: (figure.value or 0.0, figure.key)).key
    return [hide(figure) if figure.key == hidden else figure for figure in figures]


def hide(figure: Figure) -> Figure:
    """A figure that would have been shown, hidden for its neighbour's sake."""
    return Figure(
        key=figure.key,
        kind=figure.kind,
        window=figure.window,
        evidence=figure.evidence,
        measured=figure.measured,
        of=figure.of,
        withheld=protected(figure.key),
    )


def twin_figure(
    figures: Mapping[str, Figure], figure: Figure, plan: Plan, tallied: Tally
) -> RawFigure:
    """A shown dimension, sub-dimension or share as another tally of its window makes it: weighted, or without some forms.

    Over the very sub-dimensions that `figures` shows: over others it would be another figure, perhaps of a hidden one. Without
    an estimate where one of them is too thin there.
    """
    if figure.kind == "share":
        return share_figure(tallied, figure.key)
    if figure.kind == "subdimension":
        return subdimension_figure(tallied, plan, plan.scheme.subdimension(figure.key))
    dimension = plan.scheme.dimension(figure.key)
    thick, shown = showable(tallied, plan, dimension), _shown(figures, dimension)
    is_alike = all(sub in thick for sub in shown)
    return dimension_figure(tallied, plan, dimension, shown if is_alike else ())


def twin_series(
    figures: Mapping[str, Figure], figure: Figure, plan: Plan, tallied: Tally
) -> list[Series]:
    """The ratio means that `twin_figure` is made of."""
    if figure.kind == "share":
        return [tallied.shares[figure.key]]
    if figure.kind == "subdimension":
        subs = [plan.scheme.subdimension(figure.key)]
    else:
        subs = _shown(figures, plan.scheme.dimension(figure.key))
    keys = [(sub.code, q.id) for sub in subs for q in plan.questions[sub.code]]
    return [tallied.indicators[key] for key in keys if key in tallied.indicators]


def _shown(figures: Mapping[str, Figure], dimension: Dimension) -> list[SubDimension]:
    return [
        sub
        for sub in dimension.subdimensions
        if sub.code in figures and figures[sub.code].value is not None
    ]


def _gives_items_away(tally: Tally, plan: Plan, sub: SubDimension, raw: RawFigure) -> bool:
    """Near its end a mean of q items says 1 − z ≤ q(1 − p) of each: too much of an item that is hidden."""
    questions = plan.questions[sub.code]
    if raw.estimate is None or all(shortage(item_figure(tally, q)) is None for q in questions):
        return False
    p = raw.estimate.p
    return len(questions) * min(p, 1 - p) < HIDDEN_MEAN


def _keep_secret(
    tally: Tally, plan: Plan, asked: Sequence[SubDimension], shown: Sequence[SubDimension]
) -> list[SubDimension]:
    """Hide the thinnest sub-dimension, and again, until what is left over hides the thin ones.

    Only where a form counts for the sub-dimension of its procedure: there the items over all procedures
    and the number of forms are sums of which the shown sub-dimensions can be taken away.
    """
    kept = list(shown)
    questions = _grouped(plan, asked)
    while kept and questions and not _is_secret(tally, asked, kept, questions):
        kept.remove(min(kept, key=lambda sub: (tally.forms_any[sub.code], sub.code)))
    return kept


def _is_secret(
    tally: Tally,
    asked: Sequence[SubDimension],
    shown: Sequence[SubDimension],
    questions: Sequence[Question],
) -> bool:
    rest = [tally.forms_any[sub.code] for sub in asked if sub not in shown]
    if not any(rest):
        return True
    # A reason such as "too few days" says that there are thirty forms, so those hide nobody.
    known = sum(LIMITS.score for number in rest if number >= LIMITS.score)
    left = tally.forms - sum(tally.forms_any[sub.code] for sub in shown)
    least = room_needed(len(questions))
    return left - known >= LIMITS.cell and all(
        room >= least for room in _room(tally, shown, questions)
    )


def room_needed(questions: int) -> int:
    """Of so many questions, how many must leave room for a bad and for a good answer outside the shown sub-dimensions.

    One more than a mean that stays wide needs: that a neighbour is hidden says that there are fewer, and then too the mean
    must stay wide.
    """
    return ceil(HIDDEN_MEAN * questions) + 1


def _room(
    tally: Tally, shown: Sequence[SubDimension], questions: Sequence[Question]
) -> tuple[float, float]:
    """Questions of which one bad, one good answer can lie outside the shown sub-dimensions.

    As far as the published items tell: a hidden group of a single form could have given them all.
    """
    bad = good = 0.0
    for question in questions:
        most_bad, most_good = _most_answers(tally.items[question.id])
        series = [tally.indicators[sub.code, question.id] for sub in shown]
        shown_good = sum(sum(s.sums) for s in series)
        bad += min(1.0, most_bad - (sum(sum(s.answers) for s in series) - shown_good))
        good += min(1.0, most_good - shown_good)
    return bad, good


def _most_answers(series: Series) -> tuple[float, float]:
    """(bad, good) answers to an item; a share that is only bounded may reach its bound."""
    answers, good = sum(series.answers), sum(series.sums)
    bad = answers - good
    edge = answers * LIMITS.edge / 100
    return (max(bad, edge) if bad <= edge else bad), (max(good, edge) if good <= edge else good)


def _grouped(plan: Plan, asked: Sequence[SubDimension]) -> list[Question]:
    found = {question.id: question for sub in asked for question in plan.questions[sub.code]}
    return [q for q in found.values() if q.indicator is not None and q.indicator.by_group]
