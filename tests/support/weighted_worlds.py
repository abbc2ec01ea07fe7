"""Sets of forms published alike, weighted figures too: what the weights know of a hidden group, and what they cannot tell.

The weights hold each group's number of forms. With another number the weighted figures are brought back to what they were by
dealing good answers out otherwise among the people of a day, which leaves every plain figure as it is, until value and standard
error are nearly those of before; whether they are published alike the program itself says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp
from random import Random

import numpy as np

from survey_app.domain.counting import CountedForm
from survey_app.domain.problem import Problem
from survey_app.domain.weighted import Dossiers
from survey_app.domain.weighting import Stratum, post_strata
from tests.support.offices import Days, group_of, true_count
from tests.support.small import BY_GROUP

HIDDEN = "construction"
STEPS, WARM = 6000, 2e-3
Forms = list[list[CountedForm]]


@dataclass(frozen=True)
class Family:
    """Questions that one weighted figure is the mean of, and their good answers.

    `near`: what its mean and its error may differ by.
    """

    questions: tuple[str, ...]
    good: tuple[str, ...]
    near: tuple[float, float]


PAYMENTS = Family(("extra", "gifts"), ("no",), (2e-4, 1e-4))
SATISFACTION = Family(("satisfaction",), ("s4", "s5"), (1e-3, 5e-4))


class Dealing:
    """How many good answers of a family each post-stratum has, day by day; the last row names no procedure.

    `days`: forms by day; `weeks`: the number of each day's week.
    """

    def __init__(
        self, days: Forms, weeks: Sequence[int], strata: Sequence[Stratum], family: Family
    ) -> None:
        self.weeks, self.strata, self.family = np.array(weeks), strata, family
        rows = [
            [[f for f in day if group_of(f) in groups] for day in days]
            for groups in (*(s.groups for s in strata), ("none",))
        ]
        self.size = np.array([[len(day) for day in row] for row in rows])
        self.good = np.array([[self._good(day) for day in row] for row in rows])
        # Good answers to the question with fewest of them, day by day.
        self.fewest = [
            min(sum(f.answers[q] in family.good for f in day) for q in family.questions)
            for day in days
        ]

    def _good(self, forms: Iterable[CountedForm]) -> int:
        family = self.family
        return sum(one.answers[q] in family.good for one in forms for q in family.questions)

    def estimate(self) -> tuple[float, float]:
        """Weighted mean and standard error, every form having answered every question (docs/methodology, weights)."""
        weights = np.array([[stratum.weight] for stratum in self.strata])
        size, good = self.size[:-1], self.good[:-1] / len(self.family.questions)
        level = good.sum(axis=1, keepdims=True) / size.sum(axis=1, keepdims=True)
        total = (weights * size).sum()
        influence = (weights * (good - size * level)).sum(axis=0) / total
        variance = 0.0
        for week in set(self.weeks):
            own = influence[self.weeks == week]
            variance += len(own) / (len(own) - 1) * ((own - own.mean()) ** 2).sum()
        return float((weights * good).sum() / total), float(variance**0.5)

    def approach(self, target: tuple[float, float], chance: Random) -> None:
        """Deal out otherwise, day by day, until the estimate is near the target (simulated annealing)."""

        def distance() -> float:
            pairs = zip(self.estimate(), target, self.family.near, strict=True)
            return sum(max(abs(found - wanted) - near, 0.0) for found, wanted, near in pairs)

        now = distance()
        for step in range(1, STEPS):
            if not now:
                return
            before = self.good.copy()
            if not all(self._try(chance) for _ in range(chance.choice((1, 2)))):
                self.good = before
                continue
            found = distance()
            if found <= now or chance.random() < exp((now - found) / WARM * step / 100):
                now = found
            else:
                self.good = before

    def _try(self, chance: Random) -> bool:
        """One good answer goes to another post-stratum of its day, where that can be."""
        day = chance.randrange(self.good.shape[1])
        one, other = chance.sample(range(len(self.good)), 2)
        self._move(one, other, day)
        return bool(self.good[one, day] >= 0) and self._is_possible(other, day)

    def _is_possible(self, row: int, day: int) -> bool:
        """Whether so many good answers can be to these questions, of which each keeps its number."""
        most = self.size[row, day] * len(self.family.questions)
        twice = np.maximum(self.good[:, day] - self.size[:, day], 0).sum()
        return bool(self.good[row, day] <= most and twice <= self.fewest[day])

    def _move(self, one: int, other: int, day: int) -> None:
        self.good[one, day] -= 1
        self.good[other, day] += 1


def with_payments(made: Sequence[Days], chance: Random) -> list[Days]:
    """The forms, all of which answered about payments."""

    def answered(one: CountedForm) -> CountedForm:
        paid = {q: "no" if chance.random() < 0.75 else "yes" for q in PAYMENTS.questions}
        return replace(one, answers={**one.answers, **paid})

    return [[[answered(one) for one in day] for day in days] for days in made]


def weighted_world(
    made: Sequence[Days], dossiers: Dossiers, number: int, chance: Random, *, is_good: bool
) -> list[Days]:
    """Forms like `made`, but of the hidden group's and the nameless ones `number` are the hidden group's.

    Plain figures are those of `made`, weighted ones nearly. `is_good`: what the group says of payments, where it has a choice.
    """
    found = _relabelled(made, number, chance)
    for family in (PAYMENTS, SATISFACTION):
        target = _dealing(made, dossiers, family).estimate()
        dealing = _dealing(found, dossiers, family)
        dealing.approach(target, chance)
        found = _laid_out(found, dealing, is_good=is_good)
    return found


def _dealing(made: Sequence[Days], dossiers: Dossiers, family: Family) -> Dealing:
    forms = {group: true_count(made, group) for group in (*BY_GROUP, "none")}
    strata = post_strata(forms, dossiers.by_group, dossiers.total, tuple(BY_GROUP), 30)
    assert not isinstance(strata, Problem)
    days = [day for days in made for day in days]
    weeks = [week for week, days in enumerate(made) for _ in days]
    return Dealing(days, weeks, strata, family)


def _relabelled(made: Sequence[Days], number: int, chance: Random) -> list[Days]:
    found = [[list(day) for day in days] for days in made]
    places = [
        (day, place)
        for days in found
        for day in days
        for place, one in enumerate(day)
        if group_of(one) in {HIDDEN, "none"}
    ]
    for position, (day, place) in enumerate(chance.sample(places, len(places))):
        named = HIDDEN if position < number else "refused"
        day[place] = replace(day[place], answers={**day[place].answers, "procedure": named})
    return found


def _laid_out(made: Sequence[Days], dealing: Dealing, *, is_good: bool) -> list[Days]:
    """The forms with good answers dealt out so; within a post-stratum to the hidden group first, or last."""
    numbers = iter(dealing.good.T)
    return [[_day(day, dealing, next(numbers), is_good=is_good) for day in days] for days in made]


def _day(
    forms: Sequence[CountedForm], dealing: Dealing, good: Sequence[int], *, is_good: bool
) -> list[CountedForm]:
    family, result = dealing.family, list(forms)
    answers = {q: sorted(str(f.answers[q]) for f in forms) for q in family.questions}
    left = {q: sum(a in family.good for a in answers[q]) for q in family.questions}
    rows = [*(s.groups for s in dealing.strata), ("none",)]
    places = [_in_turn(forms, groups, is_good=is_good) for groups in rows]
    for question, dealt in zip(family.questions, _split(places, good, left, family), strict=True):
        told = {
            a: iter([x for x in answers[question] if (x in family.good) == a])
            for a in (True, False)
        }
        for own, number in zip(places, dealt, strict=True):
            for turn, place in enumerate(own):
                one = result[place]
                answer = next(told[turn < number])
                result[place] = replace(one, answers={**one.answers, question: answer})
    return result


def _in_turn(forms: Sequence[CountedForm], groups: Sequence[str], *, is_good: bool) -> list[int]:
    """Places of the groups' forms, in the order in which they get good answers."""
    own = [place for place, one in enumerate(forms) if group_of(one) in groups]
    return sorted(own, key=lambda place: (group_of(forms[place]) == HIDDEN) != is_good)


def _split(
    places: Sequence[Sequence[int]], good: Sequence[int], left: dict[str, int], family: Family
) -> Iterator[list[int]]:
    """Of each row's good answers, how many are to the first question, and to the second: each question keeps its number."""
    if len(family.questions) == 1:
        yield [int(number) for number in good]
        return
    sizes = list(map(len, places))
    first = [max(0, int(g) - size) for g, size in zip(good, sizes, strict=True)]
    more = left[family.questions[0]] - sum(first)
    for row, (g, size) in enumerate(zip(good, sizes, strict=True)):
        step = min(more, min(size, int(g)) - first[row])
        first[row] += step
        more -= step
    yield first
    yield [int(g) - f for g, f in zip(good, first, strict=True)]
