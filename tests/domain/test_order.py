"""The order of a shuffled block: the shared vectors, and that no order is favoured."""

import json
from collections import Counter
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.content import bundled_questionnaire
from survey_app.domain.order import FILE_ORDER, _draws, seed_of, shown_order
from survey_app.domain.questionnaire import Questionnaire

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "order.json").read_text(encoding="utf-8")
)
REAL = bundled_questionnaire()
SEEDS = st.integers(min_value=0, max_value=2**53 - 1)


def vector_questionnaire(name: str) -> Questionnaire:
    question = {"kind": "single", "choices": [{"code": "yes"}, {"code": "no"}]}
    blocks = [
        {**block, "questions": [{"id": id_, **question} for id_ in block["questions"]]}
        for block in VECTORS["blocks"][name]
    ]
    structure = {"format": 1, "id": "order", "version": 1, "scheme": "x", "blocks": blocks}
    return Questionnaire.from_json(json.dumps({"structure": structure, "text": {"vi": {}}}))


def ids(questionnaire: Questionnaire, seed: int) -> list[str]:
    return [question.id for _, question in shown_order(questionnaire, seed)]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda c: f"{c['blocks']}-{c['seed']}")
def test_python_follows_the_shared_vectors(case: dict[str, Any]) -> None:
    assert ids(vector_questionnaire(case["blocks"]), case["seed"]) == case["order"]


@pytest.mark.parametrize("case", VECTORS["seeds"], ids=lambda case: case["id"][:8])
def test_the_seed_of_a_form_follows_from_its_id(case: dict[str, Any]) -> None:
    assert seed_of(case["id"]) == case["seed"]


def test_the_generator_is_the_published_one() -> None:
    # The 10,000th value from 1, as the C++ standard states it for minstd_rand ([rand.predef]).
    assert next(islice(_draws(0), 9_999, None)) == 399_268_537


@given(SEEDS)
def test_only_blocks_that_allow_it_are_shuffled_and_none_is_torn_apart(seed: int) -> None:
    shown = shown_order(REAL, seed)
    assert [block.id for block, _ in shown] == [block.id for block, _ in REAL.walk()]
    fixed = [q.id for block, q in shown if not block.shuffle]
    assert fixed == [q.id for block, q in REAL.walk() if not block.shuffle]
    assert sorted(q.id for _, q in shown) == sorted(REAL.questions)


def test_seed_nought_is_the_order_of_the_file() -> None:
    assert ids(REAL, FILE_ORDER) == list(REAL.questions)


def test_no_order_of_three_and_no_place_among_seven_is_favoured() -> None:
    rng = Random(20261123)
    seeds = [rng.getrandbits(32) for _ in range(12_600)]
    orders = Counter(tuple(ids(vector_questionnaire_two, seed)[:3]) for seed in seeds)
    assert chi_square(orders.values(), 6, len(seeds)) < 20.5  # 0.1 % point of 5 df
    first = Counter(ids(vector_questionnaire_one, seed)[2] for seed in seeds)
    last = Counter(ids(vector_questionnaire_one, seed)[8] for seed in seeds)
    for place in (first, last):
        assert chi_square(place.values(), 7, len(seeds)) < 22.5  # 0.1 % point of 6 df


vector_questionnaire_one = vector_questionnaire("one")
vector_questionnaire_two = vector_questionnaire("two")


def chi_square(counts: Collection[int], cells: int, total: int) -> float:
    expected = total / cells
    assert len(counts) == cells
    return sum((count - expected) ** 2 / expected for count in counts)
