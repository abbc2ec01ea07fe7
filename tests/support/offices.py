"""The hardest units we could think of, for attacks on what is published of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from survey_app.domain.answers import procedure_group
from survey_app.domain.bulletin import Bulletin
from survey_app.domain.counting import CountedForm
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.weeks import Week
from tests.support.small import (
    BY_GROUP,
    CRITERIA,
    SMALL,
    VERSIONS,
    form,
    small_scheme,
    week_counts,
)

UNIT = "12103@2025-07-01"
Days = list[list[CountedForm]]


@dataclass(frozen=True)
class Office:
    """A made-up unit, observed in the last weeks of a quarter.

    `a_day`: forms of each procedure; `few`: forms in all of a rare one, or of none; `good`: shares of
    good answers; `quiet`: forms a day in its third week, when that is a quiet one.
    """

    a_day: Mapping[str, int]
    few: Mapping[str, int]
    good: Mapping[str, float]
    weeks: int = 5
    days: int = 4
    pleased: float = 0.9
    quiet: int | None = None

    def forms(self, seed: int = 1) -> list[Days]:
        """Weeks of days of forms."""
        chance = Random(seed)
        made = [[self.day(chance, week) for _ in range(self.days)] for week in range(self.weeks)]
        days = [day for week in made for day in week]
        for group, number in self.few.items():
            for position in range(number):
                days[position % len(days)].append(self.form(chance, group))
        return made

    def day(self, chance: Random, week: int) -> list[CountedForm]:
        """Forms of one day, without the rare ones."""
        groups = [group for group, number in self.a_day.items() for _ in range(number)]
        if self.quiet is not None and week == 2:
            groups = groups[: self.quiet]
        return [self.form(chance, group) for group in groups]

    def form(self, chance: Random, group: str) -> CountedForm:
        """One form; "none" names no procedure."""
        share = self.good.get(group, 0.9)
        named = "refused" if group == "none" else group
        grade = chance.choice(["s4", "s5"]) if chance.random() < self.pleased else "s2"
        answers = {"procedure": named, "satisfaction": grade}
        answers |= {q: "yes" if chance.random() < share else "no" for q in CRITERIA}
        if chance.random() < 0.3:
            answers |= {"extra": "no", "gifts": "no" if chance.random() < 0.9 else "yes"}
        return form(answers)


USUAL, BAD = dict.fromkeys(BY_GROUP, 0.88), dict.fromkeys(BY_GROUP, 0.8)
THREE = {"cert": 2, "land": 2, "other": 2}
MIXED = USUAL | {"construction": 0.6, "none": 0.6}
RARE, NOBODY = {"construction": 16}, {"none": 0}
OFFICES = {
    # The number of forms, less the neighbours', would count the thin group: nobody is unnamed.
    "a thin group, nobody unnamed": Office(THREE, {"construction": 3}, USUAL, days=5),
    "a thin group among unnamed": Office(THREE, {"construction": 6, "none": 7}, MIXED, days=5),
    # The items over all procedures, less its neighbours, would give its mean.
    "a thin group without a bad answer": Office(THREE, RARE, BAD | {"construction": 1.0}, weeks=4),
    "a thin group without a good answer": Office(THREE, RARE, BAD | {"construction": 0.0}, weeks=4),
    "two thin groups": Office(
        {"cert": 4, "land": 4}, {"construction": 4, "other": 2}, USUAL, days=5
    ),
    "every group thin": Office({}, dict.fromkeys(BY_GROUP, 20), USUAL),
    "nearly everybody pleased": Office(
        THREE, {"construction": 8}, dict.fromkeys(BY_GROUP, 0.97), days=5, pleased=1.0
    ),
    "a quiet week": Office(dict.fromkeys(BY_GROUP, 3), {}, USUAL, quiet=2),
}


def weeks_of(office: Office) -> list[Week]:
    """The last weeks of a quarter."""
    first = Week(2026, 27)
    return list(first.quarter.weeks[-office.weeks :])


def counts_of(weeks: Sequence[Week], made: Sequence[Days]) -> dict[Week, WeekCounts]:
    """Their counts, a sampling unit a day."""
    return {w: week_counts(w, days) for w, days in zip(weeks, made, strict=True)}


def published(weeks: Sequence[Week], made: Sequence[Days]) -> list[Bulletin]:
    """The bulletin of each week."""
    counts = counts_of(weeks, made)
    return [make_bulletin(UNIT, week, counts, VERSIONS, small_scheme()) for week in weeks]


def group_of(one: CountedForm) -> str:
    """The form's procedure, or "none"."""
    return procedure_group(SMALL, one.answers)


def true_count(made: Sequence[Days], group: str) -> int:
    """Forms of a procedure."""
    return sum(group_of(one) == group for days in made for day in days for one in day)


@cache
def quarter_of(name: str) -> tuple[list[Week], list[Days], list[Bulletin]]:
    """One of the units, and what is published of it."""
    office = OFFICES[name]
    weeks, made = weeks_of(office), office.forms()
    return weeks, made, published(weeks, made)


def hidden_groups(bulletin: Bulletin, made: Sequence[Days]) -> list[str]:
    """Procedures with forms whose sub-dimension the last bulletin hides."""
    figures = bulletin.figures
    return [g for g, sub in BY_GROUP.items() if figures[sub].value is None and true_count(made, g)]
