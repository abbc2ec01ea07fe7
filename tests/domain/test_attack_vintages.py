"""The attack on several vintages: what late forms tell when every figure is published again (docs/disclosure)."""

from collections.abc import Sequence
from random import Random

import pytest

from survey_app.domain.counting import CountedForm
from survey_app.domain.revision import Published, admit
from survey_app.domain.weeks import Week
from tests.support.attacker import Attacker
from tests.support.integer_programme import add
from tests.support.offices import (
    OFFICES,
    Days,
    counts_of,
    hidden_groups,
    published,
    true_count,
    weeks_of,
)
from tests.support.small import VERSIONS, small_scheme

UNIT = "12103@2025-07-01"
ALONE, AMONG = "a thin group, nobody unnamed", "a thin group among unnamed"
THICK = {"cert": 35, "land": 35, "other": 35}
# Late forms, by procedure, in one week.
HARMLESS = {
    "of the shown groups": (ALONE, THICK),
    "of the shown groups, others unnamed": (AMONG, THICK),
    "of one shown group": (AMONG, {"land": 120}),
    "a few of the hidden group among many of its hidden neighbour": (
        ALONE,
        {**THICK, "construction": 3},
    ),
    "and a dozen of the rest": (AMONG, {**THICK, "construction": 4, "none": 8}),
}
TELLING = {
    "a few of the hidden group": (AMONG, {**THICK, "construction": 3}),
    "a few of the unnamed": (AMONG, {**THICK, "none": 2}),
    "a few of a shown group": (AMONG, {"cert": 35, "land": 4}),
    "a few in all": (AMONG, {"cert": 1, "other": 2}),
}


class Late:
    """A unit before and after late forms came in its second week."""

    def __init__(self, name: str, more: dict[str, int]) -> None:
        office = OFFICES[name]
        self.weeks, self.before = weeks_of(office), office.forms()
        chance = Random(3)
        late = [office.form(chance, group) for group, n in more.items() for _ in range(n)]
        self.after = _with(self.before, late)

    @property
    def week(self) -> Week:
        return self.weeks[1]

    @property
    def is_admitted(self) -> bool:
        """Whether the gate lets the figures be replaced."""
        old, new = (counts_of(self.weeks, made) for made in (self.before, self.after))
        known = Published(UNIT, old, self.weeks, VERSIONS, small_scheme())
        return admit(known, {self.week: new[self.week]})[self.week] is None

    def attackers(self) -> tuple[Attacker, Attacker]:
        """Of what was published first, and of both."""
        first = Attacker(published(self.weeks, self.before))
        return first, first.revised([self.week], published(self.weeks, self.after))


def _with(made: Sequence[Days], late: Sequence[CountedForm]) -> list[Days]:
    second = [list(day) for day in made[1]]
    for position, one in enumerate(late):
        second[position % len(second)].append(one)
    return [made[0], second, *made[2:]]


@pytest.mark.parametrize(("name", "more"), HARMLESS.values(), ids=HARMLESS)
def test_both_vintages_of_a_hidden_group_stay_wide(name: str, more: dict[str, int]) -> None:
    late = Late(name, more)
    assert late.is_admitted
    for attacker, made in zip(late.attackers(), (late.before, late.after), strict=True):
        hidden = hidden_groups(published(late.weeks, made)[-1], made)
        assert hidden
        for group in hidden:
            true = true_count(made, group)
            low, high = attacker.count_range(f"{group} forms", late.weeks)
            assert low <= true <= high
            assert high - low >= 5, (group, low, high)
            low, high = attacker.mean_range(group, late.weeks, {1, 5, true})
            assert high - low >= 0.3, (group, low, high)


@pytest.mark.parametrize(("name", "more"), TELLING.values(), ids=TELLING)
def test_what_would_tell_of_a_few_late_forms_is_not_published(
    name: str, more: dict[str, int]
) -> None:
    assert not Late(name, more).is_admitted


@pytest.mark.parametrize(("name", "more"), TELLING.values(), ids=TELLING)
def test_the_attack_finds_them_when_every_revision_is_published(
    name: str, more: dict[str, int]
) -> None:
    late = Late(name, more)
    first, both = late.attackers()
    found = [
        both.reach(
            add(
                *(
                    (sign, a.sum(n, late.weeks))
                    for n in names
                    for sign, a in ((1, both), (-1, first))
                )
            )
        )
        for names in (["cert forms"], ["land forms"], ["construction forms", "none forms"])
    ]
    # Late forms of a kind, less than ten of them, are known to less than five.
    assert any(high - low < 5 and 0 < high < 10 for low, high in found), found
