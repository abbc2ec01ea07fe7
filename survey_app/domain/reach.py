"""The gain within reach: how much a dimension would rise if a counter did as well as the best comparable one.

The level within reach is that of the best comparable place (counters, or units) within the procedure group,
shrunken towards the mean of all because the best of several noisy levels is best partly by luck
(empirical Bayes; Efron & Morris 1975; DerSimonian & Laird 1986; docs/methodology).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.counting import Totals, Versions
from survey_app.domain.disclosure import LIMITS
from survey_app.domain.distributions import t_quantile
from survey_app.domain.estimation import CONFIDENCE_TAIL, NO_VARIANCE, Term, combine, interval
from survey_app.domain.figures import Plan
from survey_app.domain.problem import Problem
from survey_app.domain.quality import RuleSet, withheld
from survey_app.domain.questionnaire import Question
from survey_app.domain.scheme import SubDimension
from survey_app.domain.tally import SCORED_CHANNELS, Tally, kiosk_only, tally

LEAST_COMPARABLES = 3
SPAN = 9.0
Missing = tuple[str, str, str]
Told = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A counter or unit: (stratum, totals) of its PSUs in the window."""

    id: str
    psus: Sequence[tuple[str, Totals]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A place's counts by procedure group, without flagged forms: nobody is to learn from doubtful ones.

    One to nine flagged forms of a group stay in: beside the unit's own figures, which hold them, their absence would tell
    how they were answered (docs/disclosure).

    `is_silent`: nothing is said of the place nor learnt from it, because too many forms are flagged, or because
    it is no counter but where forms from phones are counted.
    """

    id: str
    tallies: Mapping[str, Tally]
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A share p with the variance of its error."""

    p: float
    variance: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What one indicator could gain within one procedure group.

    `own`: the place's share; `best`: the best comparable's, both shrunken, in whole percent from 5 to 95;
    `points` of the dimension, to be rounded when told; `comparables`: places it was compared with, itself left out.
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


def measure(place: Place, versions: Versions, rules: RuleSet) -> Measured:
    """The place's counts by procedure group."""
    groups = sorted({key.group for _, totals in place.psus for key in totals})
    tallies = {group: _group_tally(place, versions, group) for group in groups}
    is_doubtful = withheld(*_flagged_forms(place), rules) is not None
    return Measured(place.id, tallies, is_doubtful or not _has_tablet(place))


def tellable(counters: Sequence[Measured]) -> frozenset[Told]:
    """(counter, procedure group, question) of one unit's `counters` of which something may be said.

    A group's forms, and its answers to the question, outside the counters told must be none or enough for a score: with
    the unit's own figures, fewer would be what is left over. The thinnest counter is silent too, and again, until it is so.
    """
    asked = {
        (group, question)
        for counter in counters
        for group, one in counter.tallies.items()
        for _, question in one.indicators
    }
    return frozenset(
        (counter, group, question)
        for group, question in asked
        for counter in _told(counters, group, question)
    )


def gain(
    own: Measured,
    others: Sequence[Measured],
    whole: Sequence[Measured],
    plan: Plan,
    shown: Sequence[SubDimension],
) -> Gain | Problem:
    """The gain of a dimension over its `shown` sub-dimensions if `own` did as well as the best of `others`.

    `whole`: the places whose answers the dimension is made of: the unit's counters, or `own` alone for its
    own score. Places are compared within a procedure group, because who comes for land is harder to please
    than who comes for a certificate. Only shares from at least thirty answers on five days count. A Problem
    when no indicator has three places to be compared with.
    """
    found = [
        reach
        for sub in shown
        for question in plan.questions[sub.code]
        for reach in _reaches(
            (own, *others),
            whole,
            (sub, question),
            SPAN / len(shown) / len(plan.questions[sub.code]),
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
    places: Sequence[Measured],
    whole: Sequence[Measured],
    indicator: tuple[SubDimension, Question],
    weight: float,
) -> Iterator[Reach | Missing]:
    """One indicator, group by group; `places` begins with the place itself."""
    sub, question = indicator
    for group, share in _shares_of_groups(places[0], whole, indicator).items():
        own, *others = (
            None if place.is_silent else _level(place, group, indicator) for place in places
        )
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
            points=points,
            comparables=len(known),
        )


def _printed(p: float) -> float:
    """Whole percent, no nearer to 0 or 100 than any other share."""
    return min(max(float(round(100 * p)), LIMITS.edge), 100 - LIMITS.edge)


def _shares_of_groups(
    own: Measured, whole: Sequence[Measured], indicator: tuple[SubDimension, Question]
) -> dict[str, float]:
    """The place's part, by procedure group, of the answers that the indicator's mean is made of."""
    total = sum(sum(_answers(place, indicator).values()) for place in whole)
    return {group: number / total for group, number in _answers(own, indicator).items() if number}


def _answers(place: Measured, indicator: tuple[SubDimension, Question]) -> dict[str, int]:
    sub, question = indicator
    return {
        group: series.ratio.total
        for group, one in place.tallies.items()
        if (series := one.indicators.get((sub.code, question.id))) is not None
    }


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


def _level(place: Measured, group: str, indicator: tuple[SubDimension, Question]) -> Level | None:
    """The place's share with its variance; None when too thin to be shown."""
    sub, question = indicator
    tallied = place.tallies.get(group)
    series = tallied.indicators.get((sub.code, question.id)) if tallied else None
    if tallied is None or series is None or series.ratio.total < LIMITS.score:
        return None
    estimate = combine(tallied.strata, [Term(1.0, series.ratio)])
    if estimate.df < LIMITS.df:
        return None
    if estimate.se >= NO_VARIANCE:
        return Level(estimate.p, estimate.se**2)
    low, high = interval(estimate, series.ratio.total)
    return Level(estimate.p, ((high - low) / 2 / t_quantile(CONFIDENCE_TAIL, estimate.df)) ** 2)


def _told(counters: Sequence[Measured], group: str, question: str) -> list[str]:
    known = {c.id: c.tallies[group] for c in counters if group in c.tallies}
    forms = {counter: one.forms for counter, one in known.items()}
    answers = {counter: _answers_to(one, question) for counter, one in known.items()}
    sound = [c.id for c in counters if not c.is_silent and forms.get(c.id, 0) >= LIMITS.score]
    told = sorted(sound, key=lambda counter: (-forms[counter], counter))
    while told and any(_is_thin_rest(numbers, told) for numbers in (forms, answers)):
        told.pop()
    return told


def _is_thin_rest(numbers: Mapping[str, int], told: Sequence[str]) -> bool:
    return 0 < sum(numbers.values()) - sum(numbers[counter] for counter in told) < LIMITS.score


def _answers_to(tallied: Tally, question: str) -> int:
    return sum(s.ratio.total for (_, asked), s in tallied.indicators.items() if asked == question)


def _has_tablet(place: Place) -> bool:
    return any(
        kiosk_only(key) and cell.forms for _, totals in place.psus for key, cell in totals.items()
    )


def _flagged_forms(place: Place) -> tuple[int, int]:
    """(complete scored forms, flagged ones among them)."""
    forms = flagged = 0
    for _, totals in place.psus:
        for key, cell in totals.items():
            if key.channel in SCORED_CHANNELS:
                forms += cell.forms
                flagged += cell.forms * key.flagged
    return forms, flagged


def _group_tally(place: Place, versions: Versions, group: str) -> Tally:
    of_group = (
        item for _, totals in place.psus for item in totals.items() if item[0].group == group
    )
    flagged = sum(
        cell.forms for key, cell in of_group if key.flagged and key.channel in SCORED_CHANNELS
    )
    keeps_all = 0 < flagged < LIMITS.cell
    return tally(
        place.psus, versions, lambda key: key.group == group and (keeps_all or not key.flagged)
    )
