"""The attack on what stands beside the figures: weights, flags, phones and breaks (docs/disclosure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from survey_app.domain import change, weighted
from survey_app.domain.bulletin import Break, Bulletin, Change, Figure
from survey_app.domain.counting import Versions, count
from survey_app.domain.doubt import figures_without_flagged, flagged_share
from survey_app.domain.movement import changes_at_tablets
from survey_app.domain.problem import Problem
from survey_app.domain.psu import PsuTotals, WeekCounts
from survey_app.domain.publication import make_bulletin, open_archive
from survey_app.domain.questionnaire import Block, Questionnaire
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, weighted_figures
from survey_app.domain.weighting import post_strata
from tests.support.attacker import Attacker
from tests.support.integer_programme import add
from tests.support.offices import (
    MIXED,
    OFFICES,
    THREE,
    USUAL,
    Days,
    Office,
    counts_of,
    published,
    true_count,
    weeks_of,
)
from tests.support.small import BY_GROUP, SMALL, VERSIONS, form, small_scheme

UNIT, SCHEME = "12103@2025-07-01", small_scheme()
GROUPS = (*BY_GROUP, "none")
GRADES = ("not_satisfied", "satisfied", "very_satisfied")
# Hardly anybody's dossier is about certificates, nearly everybody's about land: the weighted figure is land's.
SKEWED = Dossiers({"cert": 20, "construction": 30, "land": 900, "other": 50}, 1000)
EVEN = Dossiers(dict.fromkeys(BY_GROUP, 250), 1000)
# Six forms a day, so that satisfaction is published for the quarter and weighted there.
THIN = Office(THREE, {"construction": 6, "none": 7}, MIXED, days=4)


class Weighing:
    """An attacker who also has the weighted shares of a quarter, and is told how many forms every shown group has."""

    def __init__(self, office: Office, dossiers: Dossiers) -> None:
        self.weeks, self.made, self.dossiers = weeks_of(office), office.forms(), dossiers
        bulletins = published(self.weeks, self.made)
        last = bulletins[-1]
        self.attacker = Attacker(bulletins)
        self.window = last.figures["satisfaction"].window
        counts = counts_of(self.weeks, self.made)
        found = weighted_figures(last, counts, VERSIONS, SCHEME, {self.window: dossiers})
        self.figures = {key: f for key, f in found.items() if isinstance(f, Figure)}
        self.cells = self._cells()

    def _cells(self) -> dict[str, dict[int, float]]:
        """Unknown forms of the window by group and grade; of each form that rated, one."""
        programme, sum_of = self.attacker.programme, self.attacker.sum
        cells = {f"{g} {k}": {programme.whole(): 1.0} for g in GROUPS for k in GRADES}
        for grade in GRADES:
            parts = add(*((1.0, cells[f"{group} {grade}"]) for group in GROUPS))
            programme.between(add((1, parts), (-1, sum_of(grade, self.weeks))), 0, 0)
        for group in GROUPS:
            rated = add(*((1.0, cells[f"{group} {grade}"]) for grade in GRADES))
            forms = sum_of(f"{group} forms", self.weeks)
            programme.between(add((1, forms), (-1, rated)), 0)
            cells[f"{group} rated"] = rated
        return cells

    def satisfied(self, group: str, size: int) -> tuple[float, float] | None:
        """The range of the group's share of satisfied, if it has `size` forms; None when it cannot have."""
        programme = self.attacker.programme
        row = programme.solver.getNumRow()
        programme.between(self.attacker.sum(f"{group} forms", self.weeks), size, size)
        programme.between(self.cells[f"{group} rated"], size, size)
        for key, terms in self._weighted({group: size}):
            low, high = _share(self.figures[key])
            rated = add(*((weight, self.cells[f"{g} rated"]) for g, weight in terms))
            good = add(
                *((w, self.cells[f"{g} {grade}"]) for g, w in terms for grade in _grades(key))
            )
            programme.between(add((1, good), (-low, rated)), low=-1e-6)
            programme.between(add((1, good), (-high, rated)), high=1e-6)
        pleased = add(*((1.0, self.cells[f"{group} {grade}"]) for grade in GRADES[1:]))
        found = [programme.reached(pleased, most=most) for most in (False, True)]
        programme.solver.deleteRows(
            programme.solver.getNumRow() - row, list(range(row, programme.solver.getNumRow()))
        )
        if found[0] is None or found[1] is None:
            return None
        return found[0] / size, found[1] / size

    def _weighted(self, hidden: dict[str, int]) -> Iterable[tuple[str, list[tuple[str, float]]]]:
        forms = {group: true_count(self.made, group) for group in GROUPS} | hidden
        strata = post_strata(
            forms, self.dossiers.by_group, self.dossiers.total, tuple(BY_GROUP), 30
        )
        assert not isinstance(strata, Problem)
        weights = [(group, s.weight) for s in strata for group in s.groups]
        return [
            (key, weights)
            for key in ("satisfaction", *map("grade.{}".format, GRADES))
            if key in self.figures
        ]


def _grades(key: str) -> Sequence[str]:
    return GRADES[1:] if key == "satisfaction" else [key.removeprefix("grade.")]


def _share(figure: Figure) -> tuple[float, float]:
    assert figure.value is not None
    if figure.bound is not None:
        return (0.0, figure.value / 100) if figure.bound == "at_most" else (figure.value / 100, 1.0)
    step = 0.51 if figure.value == round(figure.value) else 0.051
    return (figure.value - step) / 100, (figure.value + step) / 100


def possible(weighing: Weighing) -> dict[int, tuple[float, float]]:
    """Numbers of forms that the hidden group can have, and what share of them can be satisfied."""
    low, high = weighing.attacker.count_range("construction forms", weighing.weeks)
    sizes = range(max(1, round(low)), round(high) + 1)
    found = ((size, weighing.satisfied("construction", size)) for size in sizes)
    return {size: share for size, share in found if share is not None}


@pytest.mark.parametrize("dossiers", [SKEWED, EVEN], ids=["skewed", "even"])
def test_weighted_shares_do_not_tell_of_a_thin_group(dossiers: Dossiers) -> None:
    weighing = Weighing(THIN, dossiers)
    assert "satisfaction" in weighing.figures
    found = possible(weighing)
    assert true_count(weighing.made, "construction") in found
    assert max(found) - min(found) >= 5, found
    assert max(s[1] for s in found.values()) - min(s[0] for s in found.values()) >= 0.3


def test_the_attack_counts_a_thin_group_when_weighted_grades_are_printed_with_a_decimal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weighted, "_coarse", lambda figure: figure)
    monkeypatch.setattr(
        weighted, "_is_weighted", lambda f: f.kind == "share" and f.value is not None
    )
    found = possible(Weighing(THIN, EVEN))
    assert max(found) - min(found) < 5, found


def scarce(good: float) -> list[Days]:
    """A quarter in which eleven of forty about certificates were asked for a payment; `good` of them were not."""
    days = Office(THREE | {"construction": 2}, {}, USUAL).forms()
    left = 11
    for day in (day for week in days for day in week):
        for place, one in enumerate(day):
            is_land = one.answers["procedure"] == "land"
            asked = is_land or (one.answers["procedure"] == "cert" and left > 0)
            left -= asked and not is_land
            is_good = is_land or left >= 11 * (1 - good)
            answers = {k: v for k, v in one.answers.items() if k not in {"extra", "gifts"}}
            paid = dict.fromkeys(("extra", "gifts"), "no" if is_good else "yes")
            day[place] = replace(one, answers=answers | (paid if asked else {}))
    return days


def land_and_certificates(made: Sequence[Days]) -> tuple[Figure, Figure | Problem]:
    """The plain score of informal payments in a quarter, and the one weighted nearly all to certificates."""
    weeks = weeks_of(Office(THREE, {}, USUAL))
    last, counts = published(weeks, made)[-1], counts_of(weeks, made)
    dossiers = Dossiers({"cert": 970, "construction": 10, "land": 10, "other": 10}, 1000)
    plain = last.figures["4.2"]
    assert plain.value is not None
    found = weighted_figures(last, counts, VERSIONS, SCHEME, {plain.window: dossiers})
    return plain, found["4.2"]


def test_a_weighted_score_is_none_of_a_groups_few_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for good in (0.0, 1.0):
        _, found = land_and_certificates(scarce(good))
        assert isinstance(found, Problem)
        assert found.code == "figure.protected"
    # Without the rule the two together say how eleven people answered.
    monkeypatch.setattr(weighted, "_tells_a_stratum", lambda *_: False)
    values = []
    for good in (0.0, 1.0):
        _, found = land_and_certificates(scarce(good))
        assert isinstance(found, Figure)
        values.append(found.value)
    low, high = values
    assert low is not None
    assert high is not None
    assert (high - low) / 2.25 > 0.9


def everything(weeks: Sequence[Week], made: Sequence[Days]) -> list[Any]:
    """All that any page, print or file says of a unit's weeks."""
    counts = counts_of(weeks, made)
    archive = open_archive(UNIT, counts, VERSIONS, SCHEME)
    found: list[Any] = []
    for bulletin in published(weeks, made):
        windows = {figure.window: SKEWED for figure in bulletin.figures.values()}
        found += [
            bulletin,
            weighted_figures(bulletin, counts, VERSIONS, SCHEME, windows),
            figures_without_flagged(bulletin, counts, VERSIONS, SCHEME),
            flagged_share(bulletin.week, counts),
            changes_at_tablets(bulletin, archive),
        ]
    return found


def few_changed(made: Sequence[Days], wanted: Sequence[int], **changes: Any) -> list[Days]:
    """The same forms, those at `wanted` places of the first day otherwise."""
    first = [replace(f, **changes) if n in wanted else f for n, f in enumerate(made[0][0])]
    return [[first, *made[0][1:]], *made[1:]]


@pytest.mark.parametrize(
    "changes", [{"flagged": True}, {"channel": "code"}], ids=["flags", "phones"]
)
def test_worlds_that_differ_in_a_few_flags_or_phones_are_published_alike(
    changes: dict[str, Any],
) -> None:
    office = Office(dict.fromkeys(BY_GROUP, 4), {}, USUAL)
    weeks, made = weeks_of(office), office.forms()
    worlds = [
        few_changed(made, wanted, **changes) for wanted in ([0], [15], range(9), range(6, 15))
    ]
    seen = [everything(weeks, world) for world in worlds]
    assert all(one == seen[0] for one in seen)
    # They are one to nine people, and answered differently.
    assert any(
        isinstance(one, Problem)
        for found in seen[0]
        if isinstance(found, dict)
        for one in found.values()
    )


@pytest.mark.parametrize("name", ["a thin group among unnamed", "every group thin"])
def test_figures_without_flagged_stand_over_the_sub_dimensions_that_are_shown(name: str) -> None:
    office = OFFICES[name]
    weeks, made = weeks_of(office), office.forms()
    marked = [
        [[replace(f, flagged=n % 6 == 0) for n, f in enumerate(day)] for day in w] for w in made
    ]
    bulletin, counts = published(weeks, marked)[-1], counts_of(weeks, marked)
    found = figures_without_flagged(bulletin, counts, VERSIONS, SCHEME)
    for key, one in found.items():
        assert isinstance(one, Problem) or one.measured == bulletin.figures[key].measured


def version(number: int, gifts: str) -> Questionnaire:
    """SMALL with payments like any other items, asking about gifts in these words."""
    blocks = [
        block.model_copy(
            update={
                "questions": tuple(
                    q.model_copy(update={"sensitive": False}) for q in block.questions
                )
            }
        )
        for block in SMALL.structure.blocks
    ]
    structure = SMALL.structure.model_copy(update={"version": number, "blocks": tuple(blocks)})
    return Questionnaire(structure=structure, text={"vi": {"gifts.text": gifts}})


ONE, TWO = version(1, "Ông/Bà có phải biếu quà không?"), version(2, "Ông/Bà có biếu quà không?")


def block(last: Week, asked: Questionnaire, gifts: Sequence[str]) -> dict[Week, WeekCounts]:
    """A block whose last two weeks have forty answers about extra money, and some about gifts."""
    versions: Versions = {asked.hash: asked}
    left, found = list(gifts), {}
    for week in last.block.weeks[-2:]:
        days = []
        for day in range(5):
            forms = []
            for place in range(4):
                answers = {"procedure": "land", "satisfaction": "s4"}
                answers["extra"] = "no" if place else "yes"
                # Every second form; where there are forty, every form.
                if left and (place % 2 or len(gifts) > 20):
                    answers["gifts"] = left.pop()
                forms.append(form(answers, questionnaire=asked.hash))
            days.append(PsuTotals(f"p{day}", count(forms, versions)))
        found[week] = WeekCounts(week, 1, tuple(days))
    return found


def across_a_break(bad: int) -> tuple[Bulletin, Bulletin]:
    """The bulletins that end two blocks, gifts reworded between; `bad` of twenty answers about them are bad at first."""
    gifts = ["yes"] * bad + ["no"] * (20 - bad)
    before, after = Week(2026, 30), Week(2026, 34)
    weeks = {**block(before, ONE, gifts), **block(after, TWO, ["no", "no", "yes", "no"] * 10)}
    versions = {ONE.hash: ONE, TWO.hash: TWO}
    first = {w: c for w, c in weeks.items() if w <= before}
    return (
        make_bulletin(UNIT, before, first, versions, SCHEME),
        make_bulletin(UNIT, after, weeks, versions, SCHEME),
    )


def test_a_change_across_versions_gives_no_hidden_item_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = across_a_break(8)
    assert before.figures["4"].value is not None
    assert before.figures["item.gifts"].value is None
    money = after.figures["item.extra"].value
    assert money is not None
    found = after.changes["4"]
    assert isinstance(found, Problem)
    assert found.code == "figure.protected"
    monkeypatch.setattr(change, "_gives_items_away", lambda *_: False)
    found, was = across_a_break(8)[1].changes["4"], before.figures["4"].value
    assert isinstance(found, Change)
    assert was is not None
    # The score was over both items, the change over money alone: what is left is gifts, 12 of 20 good.
    earlier = money / 100 - found.value / 9
    assert 2 * (was - 1) / 9 - earlier == pytest.approx(0.6, abs=0.01)


def test_a_question_that_goes_takes_its_dimension_with_it_no_longer() -> None:
    # Only what a window's own forms were asked can be too thin there; the change says what is left out.
    gone = ONE.structure.model_copy(update={"version": 3, "blocks": _without(ONE, "gifts")})
    three = Questionnaire(structure=gone, text=ONE.text)
    before, after = Week(2026, 30), Week(2026, 34)
    weeks = {**block(before, ONE, ["no"] * 40), **block(after, three, [])}
    versions = {ONE.hash: ONE, three.hash: three}
    bulletin = make_bulletin(UNIT, after, weeks, versions, SCHEME)
    figure, found = bulletin.figures["4"], bulletin.changes["4"]
    assert figure.window == str(after.block)
    assert figure.value == pytest.approx(1 + 9 * 0.75, abs=0.01)
    assert bulletin.figures["item.extra"].value == 75.0
    assert "item.gifts" not in bulletin.figures
    assert isinstance(found, Change)
    assert found.series_break == Break(("gifts",))
    assert found.value == 0.0


def _without(asked: Questionnaire, name: str) -> tuple[Block, ...]:
    return tuple(
        b.model_copy(update={"questions": tuple(q for q in b.questions if q.id != name)})
        for b in asked.structure.blocks
    )


def test_changes_of_a_thin_groups_neighbours_keep_it_wide() -> None:
    # Every week against the one before, each figure and each difference rounded by itself.
    office = Office(dict.fromkeys(BY_GROUP, 9), {}, USUAL, quiet=10, days=5)
    weeks, made = weeks_of(office), office.forms()
    bulletins = published(weeks, made)
    assert any(isinstance(one, Change) for b in bulletins for one in b.changes.values())
    attacker = Attacker(bulletins)
    assert bulletins[2].figures["5.2"].value is None
    low, high = attacker.count_range("construction forms", weeks[2:3])
    assert low <= true_count(made[2:3], "construction") <= high
    assert high - low >= 5
