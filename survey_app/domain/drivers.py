"""What moves a score: the derivative of a dimension and of the total by indicator, and the gain within reach.

A dimension is linear in the shares of its indicators, so the derivative is its weight and holds for any
change, however large. The level within reach is that of the best comparable place (counters, or
units), shrunken towards the mean of all because the best of several noisy levels is best partly by luck
(empirical Bayes; Efron & Morris 1975; DerSimonian & Laird 1986; docs/methodology).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.bulletin import Figure
from survey_app.domain.counting import Totals, Versions
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import CONFIDENCE_TAIL, NO_VARIANCE, Term, combine, interval
from survey_app.domain.figures import Plan
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Question
from survey_app.domain.scheme import Dimension, SubDimension
from survey_app.domain.tally import Tally, tally

LEAST_COMPARABLES = 3
SPAN = 9.0
Missing = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Driver:
    """One indicator of a dimension, from its published figure.

    `dimension`/`total`: points that ten percentage points more would add; `room`: points of the dimension
    between its share and 100 %, None when the share is only bounded; `days`: percent of the window's
    groups of days in which someone answered it.
    """

    question: str
    item: Figure
    dimension: float
    total: float
    room: float | None
    days: int | None


def drivers(
    plan: Plan, dimension: Dimension, figures: Mapping[str, Figure], psus: Mapping[str, int]
) -> tuple[Driver, ...] | Problem:
    """The published indicators of a published dimension, those with most room first.

    Only what the bulletin shows is used, so nothing new is disclosed. `psus`: groups of days by window.
    """
    figure = figures[dimension.code]
    if figure.withheld is not None:
        return figure.withheld
    shown = [sub for sub in plan.asked(dimension) if _is_shown(figures, sub.code)]
    found = [
        _driver(plan, dimension, shown, figures[f"item.{question}"], psus)
        for question in {q.id: None for sub in shown for q in plan.questions[sub.code]}
        if _is_shown(figures, f"item.{question}")
    ]
    if not found:
        return Problem("drivers.items_withheld", dimension.code)
    return tuple(sorted(found, key=lambda driver: (-(driver.room or 0.0), driver.question)))


def weights(
    plan: Plan, dimension: Dimension, shown: Sequence[SubDimension], question: str
) -> tuple[float, float]:
    """∂ dimension/∂p and ∂ total/∂p of an indicator's share p in every sub-dimension it counts for.

    Of k sub-dimensions shown and q indicators in one: (high − low)/(k·q) of the dimension, marked
    partial when k < m; (high − low)/(m·q), the sub-dimension's own range, of the total.
    """
    parts = [
        1 / len(plan.questions[sub.code])
        for sub in shown
        if question in {q.id for q in plan.questions[sub.code]}
    ]
    span = dimension.high - dimension.low
    return span * fsum(parts) / len(shown), span * fsum(parts) / len(dimension.subdimensions)


@dataclass(frozen=True, slots=True)
class Place:
    """A counter or unit: (stratum, totals) of its PSUs in the window."""

    id: str
    psus: Sequence[tuple[str, Totals]]


@dataclass(frozen=True, slots=True)
class Level:
    """A share p with the variance of its error."""

    p: float
    variance: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What one indicator could gain within one procedure group.

    `own`: the place's share; `best`: the best comparable's, both shrunken, in whole percent from 5 to 95;
    `points` of the dimension; `comparables`: places it was compared with, itself left out.
    """

    question: str
    subdimension: str
    group: str
    own: float
    best: float
    points: float
    comparables: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What a dimension could gain if every indicator reached the best comparable level; never negative.

    `missing`: indicators (sub-dimension, question, group) with fewer than three comparable places.
    """

    points: float
    reaches: tuple[Reach, ...]
    missing: tuple[Missing, ...]


def gain(
    own: Place,
    others: Sequence[Place],
    versions: Versions,
    plan: Plan,
    shown: Sequence[SubDimension],
) -> Gain | Problem:
    """The gain of a dimension's `shown` sub-dimensions towards the best of the comparable places.

    Places are compared within a procedure group, because who comes for land is harder to please than who
    comes for a certificate. Only shares from at least thirty answers on five days count. A Problem when
    no indicator has three places to be compared with.
    """
    groups = _groups_of(own)
    places = [
        {group: _group_tally(place, versions, group) for group in groups}
        for place in (own, *others)
    ]
    found = [
        reach
        for sub in shown
        for question in plan.questions[sub.code]
        for reach in _reaches(
            places, sub, question, SPAN / len(shown) / len(plan.questions[sub.code])
        )
    ]
    reaches = sorted(
        (reach for reach in found if isinstance(reach, Reach)),
        key=lambda reach: (-reach.points, reach.subdimension, reach.question),
    )
    if not reaches:
        return Problem("drivers.few_comparables", own.id, {"needed": LEAST_COMPARABLES})
    missing = tuple(reach for reach in found if not isinstance(reach, Reach))
    return Gain(round(fsum(reach.points for reach in reaches), 2), tuple(reaches), missing)


def _reaches(
    places: Sequence[Mapping[str, Tally]], sub: SubDimension, question: Question, weight: float
) -> Iterator[Reach | Missing]:
    """One indicator, group by group; `places` begins with the place itself."""
    for group, share in _shares_of_groups(places[0], sub, question).items():
        own, *others = (_level(place[group], sub, question) for place in places)
        known = [level for level in others if level is not None]
        if own is None or len(known) < LEAST_COMPARABLES:
            yield sub.code, question.id, group
            continue
        level, *rest = shrunken([own, *known])
        points = weight * share * max(max(rest) - level, 0.0)
        yield Reach(
            question=question.id,
            subdimension=sub.code,
            group=group,
            own=_printed(level),
            best=_printed(max(rest)),
            points=round(points, 2),
            comparables=len(known),
        )


def _printed(p: float) -> float:
    """Whole percent, no nearer to 0 or 100 than any other share."""
    return min(max(float(round(100 * p)), LIMITS.edge), 100 - LIMITS.edge)


def _shares_of_groups(
    tallies: Mapping[str, Tally], sub: SubDimension, question: Question
) -> dict[str, float]:
    """Each procedure group's share of the answers that the indicator's mean is made of."""
    answers = {
        group: series.ratio.total
        for group, one in tallies.items()
        if (series := one.indicators.get((sub.code, question.id))) is not None
    }
    whole = sum(answers.values())
    return {group: number / whole for group, number in answers.items() if number}


def shrunken(levels: Sequence[Level]) -> tuple[float, ...]:
    """Each level drawn towards the mean of all: μ + τ²/(τ² + v_i) · (p_i − μ).

    Between-place variance by moments: τ² = max(0, (Q − (k − 1))/(Σw − Σw²/Σw)), w = 1/v, Q = Σ w (p − p̄_w)²;
    μ is the mean with weights 1/(τ² + v) (DerSimonian & Laird 1986, eq. 8; Morris 1983). When the places
    differ no more than chance explains, τ² = 0 and all levels are the same.
    """
    w = [1 / level.variance for level in levels]
    mean = fsum(a * level.p for a, level in zip(w, levels, strict=True)) / fsum(w)
    q = fsum(a * (level.p - mean) ** 2 for a, level in zip(w, levels, strict=True))
    between = max(0.0, (q - len(levels) + 1) / (fsum(w) - fsum(a * a for a in w) / fsum(w)))
    w = [1 / (between + level.variance) for level in levels]
    centre = fsum(a * level.p for a, level in zip(w, levels, strict=True)) / fsum(w)
    return tuple(
        centre + between / (between + level.variance) * (level.p - centre) for level in levels
    )


def _level(tallied: Tally, sub: SubDimension, question: Question) -> Level | None:
    """The place's share with its variance; None when too thin to be shown."""
    series = tallied.indicators.get((sub.code, question.id))
    if series is None or series.ratio.total < LIMITS.score:
        return None
    estimate = combine(tallied.strata, [Term(1.0, series.ratio)])
    if estimate.df < LIMITS.df:
        return None
    if estimate.se >= NO_VARIANCE:
        return Level(estimate.p, estimate.se**2)
    low, high = interval(estimate, series.ratio.total)
    return Level(estimate.p, ((high - low) / 2 / t_quantile(CONFIDENCE_TAIL, estimate.df)) ** 2)


def _driver(
    plan: Plan,
    dimension: Dimension,
    shown: Sequence[SubDimension],
    item: Figure,
    psus: Mapping[str, int],
) -> Driver:
    question = item.key.removeprefix("item.")
    of_dimension, of_total = weights(plan, dimension, shown, question)
    share = item.value or 0.0
    days = psus.get(item.window)
    return Driver(
        question=question,
        item=item,
        dimension=of_dimension / 10,
        total=of_total / 10,
        room=None if item.bound else of_dimension * (1 - share / 100),
        days=round(100 * (item.psus or 0) / days) if days else None,
    )


def _is_shown(figures: Mapping[str, Figure], key: str) -> bool:
    return key in figures and figures[key].value is not None


def _groups_of(place: Place) -> list[str]:
    return sorted({key.group for _, totals in place.psus for key in totals})


def _group_tally(place: Place, versions: Versions, group: str) -> Tally:
    return tally(place.psus, versions, lambda key: key.group == group)
