"""Counts of a counter-day: linear, complete, and the same after a round trip through JSON."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting import (
    CellKey,
    CountedForm,
    Totals,
    add,
    form_count,
    totals_from_json,
    totals_to_json,
)
from tests.support.small import CRITERIA, SMALL, form, good_form, totals


def key(group: str = "other", channel: str = "kiosk") -> CellKey:
    return CellKey(SMALL.hash, channel, group, flagged=False)


def plain(counted: Totals) -> str:
    return json.dumps(totals_to_json(counted), sort_keys=True)


def test_every_code_is_counted_with_its_silences() -> None:
    answers = {"procedure": "other", "satisfaction": "dont_know", "criterion_1": "refused"}
    cell = totals([good_form(yes=3), form(answers)])[key()]
    assert cell.forms == 2
    assert cell.codes["criterion_1"] == {"yes": 1, "refused": 1}
    assert cell.codes["criterion_8"] == {"no": 1, "not_asked": 1}
    assert cell.codes["satisfaction"] == {"s4": 1, "dont_know": 1}


def test_forms_any_counts_forms_with_a_scale_answer_only() -> None:
    silent = form(
        {"procedure": "other", "satisfaction": "s1", **dict.fromkeys(CRITERIA, "refused")}
    )
    cell = totals([good_form(), good_form(), silent])[key()]
    assert cell.forms_any == {"5": 2, "5.4": 2, "4": 2, "4.2": 2}


def test_age_and_sex_are_in_no_total() -> None:
    counted = totals([form({"procedure": "other", "age": "60_up"})])
    assert "age" not in counted[key()].codes
    assert "60_up" not in plain(counted)


def test_groups_channels_flags_and_versions_are_kept_apart() -> None:
    forms = [good_form("cert"), good_form("land"), form({}, channel="open"), form({}, flagged=True)]
    assert len(totals(forms)) == 4
    assert key("none", "open") in totals(forms)


@pytest.mark.chaos(38)
def test_partial_forms_are_kept_but_their_answers_not_counted() -> None:
    counted = totals([form({"procedure": "other", "criterion_1": "yes"}, complete=False)])
    cell = counted[key()]
    assert (cell.forms, cell.partial, cell.codes) == (0, 1, {})
    assert form_count(counted) == 1


groups = st.sampled_from(["cert", "construction", "land", "other"])
some_forms = st.lists(st.builds(good_form, groups, yes=st.integers(0, 8)), max_size=30)


@given(some_forms, some_forms)
def test_counting_is_linear(first: list[CountedForm], second: list[CountedForm]) -> None:
    assert plain(add([totals(first), totals(second)])) == plain(totals(first + second))


@given(some_forms)
def test_totals_survive_their_json(forms: list[CountedForm]) -> None:
    counted = totals(forms)
    restored = totals_from_json(json.loads(json.dumps(totals_to_json(counted))))
    assert plain(restored) == plain(counted)
    assert restored.keys() == counted.keys()


@given(some_forms, st.randoms(use_true_random=False))
def test_order_of_forms_does_not_matter(forms: list[CountedForm], rng: random.Random) -> None:
    shuffled = forms[:]
    rng.shuffle(shuffled)
    assert plain(totals(shuffled)) == plain(totals(forms))


@pytest.mark.parametrize(
    "broken",
    [
        {"forms": "3"},
        {"partial": None},
        {"forms_any": {"5": 1.5}},
        {"forms_any": 1},
        {"codes": {"satisfaction": {"s4": "1"}}},
        {"codes": {"satisfaction": 1}},
        {"codes": {"satisfaction": {"s4": True}}},
    ],
)
def test_stored_counts_that_are_none_are_refused(broken: dict[str, object]) -> None:
    [cell] = totals_to_json(totals([form({"satisfaction": "s4"})]))
    assert totals_from_json([cell]) == totals([form({"satisfaction": "s4"})])
    with pytest.raises(TypeError):
        totals_from_json([{**cell, **broken}])
