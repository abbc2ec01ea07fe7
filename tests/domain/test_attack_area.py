"""The attack on an area and its parts: the province's figures less those of its wards (docs/disclosure)."""

from collections.abc import Sequence

import pytest

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.suppression import beside_parts
from tests.support.attacker import Attacker, together
from tests.support.integer_programme import Programme
from tests.support.offices import (
    OFFICES,
    USUAL,
    Days,
    Office,
    hidden_groups,
    published,
    true_count,
    weeks_of,
)
from tests.support.small import BY_GROUP

BIG = Office(dict.fromkeys(BY_GROUP, 3), {}, USUAL, days=5)
THIN, PROTECTED = OFFICES["a thin group among unnamed"], OFFICES["a thin group, nobody unnamed"]
AREAS = {
    "one thin ward": (BIG, THIN),
    "one thin ward that hides two": (BIG, PROTECTED),
    "two thin wards": (THIN, PROTECTED),
}


class Area:
    """Some wards and the area they make, in the last weeks of a quarter; `seen`: every bulletin by ward, then the area's."""

    def __init__(self, offices: Sequence[Office], *, is_guarded: bool) -> None:
        self.weeks = weeks_of(offices[0])
        self.wards = [office.forms(seed) for seed, office in enumerate(offices, start=1)]
        self.seen = [published(self.weeks, made) for made in self.wards]
        whole = published(self.weeks, self.whole())
        self.area = [self.beside(b) for b in whole] if is_guarded else whole
        programme = Programme()
        self.attackers = [Attacker(own, programme) for own in self.seen]
        summed = {w: together([a.weeks[w] for a in self.attackers]) for w in self.weeks}
        Attacker(self.area, programme, summed)

    def whole(self) -> list[Days]:
        """Day by day, the forms of all wards."""
        return [
            [[one for day in days for one in day] for days in zip(*week, strict=True)]
            for week in zip(*self.wards, strict=True)
        ]

    def beside(self, bulletin: Bulletin) -> Bulletin:
        parts = [[b for b in own if b.week <= bulletin.week] for own in self.seen]
        return beside_parts(bulletin, parts)

    def widths(self, ward: int) -> dict[str, tuple[float, float]]:
        """Of each group that the ward hides, how wide its count and its mean stay."""
        made, attacker = self.wards[ward], self.attackers[ward]
        found = {}
        for group in hidden_groups(self.seen[ward][-1], made):
            low, high = attacker.count_range(f"{group} forms", self.weeks)
            sizes = {max(1, round(low)), true_count(made, group)}
            means = attacker.mean_range(group, self.weeks, sizes)
            found[group] = (high - low, means[1] - means[0])
        return found


@pytest.mark.parametrize("offices", AREAS.values(), ids=AREAS)
def test_an_area_does_not_tell_what_its_wards_hide(offices: Sequence[Office]) -> None:
    area = Area(offices, is_guarded=True)
    hidden = [area.widths(ward) for ward in range(len(offices))]
    assert any(hidden)
    for widths in hidden:
        for group, (count, mean) in widths.items():
            assert count >= 5, (group, count)
            assert mean >= 0.3, (group, mean)
    # Something of the area is published, or there would be nothing to attack.
    assert any(f.value is not None for b in area.area for f in b.figures.values())


def test_the_attack_counts_a_wards_thin_group_when_the_area_is_published_alone() -> None:
    area = Area(AREAS["one thin ward"], is_guarded=False)
    assert any(count < 5 for count, _ in area.widths(1).values())
