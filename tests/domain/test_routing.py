"""Which questions are asked: the shared vectors, and laws that hold for every answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.content import bundled_questionnaire
from survey_app.domain.questionnaire import Condition, Questionnaire
from survey_app.domain.routing import Answer, holds, path, prune

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "routing.json").read_text(encoding="utf-8")
)
REAL = bundled_questionnaire()


def vector_questionnaire(name: str) -> Questionnaire:
    return Questionnaire.from_json(
        json.dumps({"structure": VECTORS["structures"][name], "text": {"vi": {}}})
    )


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_python_follows_the_shared_vectors(case: dict[str, Any]) -> None:
    questionnaire = vector_questionnaire(case["structure"])
    asked = path(questionnaire, case["module"], case["answers"])
    assert [question.id for question in asked] == case["path"]
    assert prune(questionnaire, case["module"], case["answers"]) == case["pruned"]


@pytest.mark.parametrize("case", VECTORS["modules"], ids=lambda case: case["id"][:8])
def test_the_module_of_a_form_follows_from_its_id(case: dict[str, Any]) -> None:
    first = vector_questionnaire("modules").structure.blocks[0]
    blocks = [
        {**first.model_dump(), "id": f"part{n}", "core": False, "module": n, "questions": [ask(n)]}
        for n in range(case["count"])
    ]
    structure = {"format": 1, "id": "modules", "version": 1, "scheme": "x", "blocks": blocks}
    questionnaire = Questionnaire.from_json(
        json.dumps({"structure": structure, "text": {"vi": {}}})
    )
    assert questionnaire.module_of(case["id"]) == case["module"]


def ask(number: int) -> dict[str, object]:
    choices = [{"code": "yes"}, {"code": "no"}]
    return {"id": f"item{number}", "kind": "single", "choices": choices}


def test_the_vectors_cover_every_form_of_condition_and_answer() -> None:
    text = json.dumps(VECTORS)
    for piece in ('"all":', '"any":', '"in":', '"multiple"', '"integer"', '"remark"', '"module":'):
        assert piece in text
    pruned = [case for case in VECTORS["cases"] if case["pruned"] != case["answers"]]
    assert len(pruned) >= 8
    assert len({case["name"] for case in VECTORS["cases"]}) == len(VECTORS["cases"])


def test_a_condition_that_names_nothing_is_false() -> None:
    assert not holds(Condition(), {"stage": "submit"})


def some_answers() -> st.SearchStrategy[dict[str, Answer]]:
    """Any mixture of answers to the real questions, on the path or not."""
    options = {q.id: st.sampled_from(q.codes) for q in REAL.questions.values() if q.codes}
    return st.fixed_dictionaries({}, optional=options)


MODULES = st.sampled_from([None, *range(REAL.module_count)])


@given(some_answers(), MODULES)
def test_pruning_changes_nothing_about_the_path_and_once_is_enough(
    answers: dict[str, Answer], module: int | None
) -> None:
    kept = prune(REAL, module, answers)
    assert path(REAL, module, kept) == path(REAL, module, answers)
    assert prune(REAL, module, kept) == kept
    assert kept.items() <= answers.items()


@given(some_answers(), MODULES)
def test_the_path_keeps_file_order_and_one_module(
    answers: dict[str, Answer], module: int | None
) -> None:
    asked = [question.id for question in path(REAL, module, answers)]
    assert asked == [id_ for id_ in REAL.questions if id_ in set(asked)]
    assert {REAL.block_of[id_].module for id_ in asked} <= {None, module}


@given(some_answers(), MODULES)
def test_nobody_is_asked_more_than_16_questions(
    answers: dict[str, Answer], module: int | None
) -> None:
    assert len(path(REAL, module, answers)) <= 16
