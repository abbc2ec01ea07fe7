"""The attack: everything ever published, solved for every hidden count and mean.

Each hidden count must keep a range at least 5 wide, each hidden mean one of 0.3 (docs/disclosure).
"""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from survey_app.domain import publication, suppression
from survey_app.domain.counting import CountedForm
from survey_app.domain.weeks import Week
from tests.support.attacker import Attacker
from tests.support.offices import (
    NOBODY,
    OFFICES,
    RARE,
    Days,
    group_of,
    hidden_groups,
    published,
    quarter_of,
    true_count,
    weeks_of,
)
from tests.support.small import CRITERIA, form


@pytest.mark.parametrize("name", [name for name in OFFICES if name != "a quiet week"])
def test_hidden_groups_keep_a_wide_count_and_mean(name: str) -> None:
    weeks, made, bulletins = quarter_of(name)
    attacker, hidden = Attacker(bulletins), hidden_groups(bulletins[-1], made)
    assert hidden
    for group in hidden:
        true = true_count(made, group)
        low, high = attacker.count_range(f"{group} forms", weeks)
        assert low <= true <= high
        assert high - low >= 5, (group, low, high)
        low, high = attacker.mean_range(group, weeks, {1, 5, true})
        assert high - low >= 0.3, (group, low, high)


def test_weeks_with_fewer_than_ten_forms_keep_their_number() -> None:
    _, _, bulletins = quarter_of("a quiet week")
    attacker = Attacker(bulletins)
    assert attacker.few
    for week in attacker.few:
        low, high = attacker.count_range("forms", [week])
        assert high - low >= 5, (week, low, high)


@pytest.fixture
def no_secondary(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate as it was before the attack: only what is thin itself is hidden."""
    monkeypatch.setattr(suppression, "_keep_secret", lambda _t, _p, _asked, shown: list(shown))


def attacked(name: str) -> tuple[Attacker, list[Week], list[Days]]:
    weeks, made = weeks_of(OFFICES[name]), OFFICES[name].forms()
    return Attacker(published(weeks, made)), weeks, made


@pytest.mark.usefixtures("no_secondary")
def test_the_attack_counts_a_thin_group_when_only_that_is_hidden() -> None:
    attacker, weeks, _ = attacked("a thin group, nobody unnamed")
    low, high = attacker.count_range("construction forms", weeks)
    assert high - low < 5, (low, high)


@pytest.mark.usefixtures("no_secondary")
def test_the_attack_finds_a_thin_groups_mean_when_only_that_is_hidden() -> None:
    attacker, weeks, made = attacked("a thin group without a bad answer")
    true = true_count(made, "construction")
    low, high = attacker.mean_range("construction", weeks, {1, 5, true})
    assert high - low < 0.3, (low, high)


def test_the_attack_finds_a_quiet_weeks_forms_when_ten_were_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.support.attacker.LIMITS", SimpleNamespace(forms=10))
    office = OFFICES["a quiet week"]
    weeks = weeks_of(office)
    attacker = Attacker(published(weeks, office.forms()))
    low, high = attacker.count_range("forms", sorted(attacker.few)[:1])
    assert high - low < 5, (low, high)


def test_a_bounded_grade_may_be_anything_up_to_its_bound() -> None:
    weeks, _, bulletins = quarter_of("nearly everybody pleased")
    attacker = Attacker(bulletins)
    for week, bulletin in zip(weeks, bulletins, strict=True):
        rated = bulletin.figures["satisfaction"].n
        assert rated is not None
        low, high = attacker.count_range("not_satisfied", [week])
        assert (low, high) == (0, rated * 5 // 100)


def test_the_attack_finds_a_bounded_grade_when_the_other_two_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publication, "grades", lambda figures: figures)
    attacker, weeks, _ = attacked("nearly everybody pleased")
    assert attacker.count_range("not_satisfied", weeks[-1:]) == (0, 0)


def relabelled(made: Sequence[Days], named: Sequence[CountedForm]) -> list[Days]:
    """The same days, where of the rare and the unnamed forms exactly `named` are about construction."""

    def renamed(one: CountedForm) -> CountedForm:
        if group_of(one) not in {"construction", "none"}:
            return one
        is_named = any(one is other for other in named)
        return form({**one.answers, "procedure": "construction" if is_named else "refused"})

    return [[[renamed(one) for one in day] for day in days] for days in made]


def test_worlds_that_differ_in_what_is_hidden_are_published_alike() -> None:
    # What no programme can solve for, intervals, df, don't-know and the rules themselves, is here too:
    # these worlds differ in the hidden group only, and every bulletin is the same to the last digit.
    office = OFFICES["a thin group among unnamed"]
    weeks, made = weeks_of(office), office.forms()
    rare = [one for week in made for day in week for one in day if group_of(one) in RARE | NOBODY]
    rare.sort(key=lambda one: sum(one.answers[q] == "yes" for q in CRITERIA))
    worlds = [rare[:1], rare[-1:], rare[:6], rare[1:]]
    seen = [published(weeks, relabelled(made, world)) for world in worlds]
    assert all(bulletins == seen[0] for bulletins in seen)
    assert len(worlds[-1]) - len(worlds[0]) >= 5
    means = [sum(one.answers[q] == "yes" for q in CRITERIA) / len(CRITERIA) for one in rare]
    assert means[-1] - means[0] >= 0.3
