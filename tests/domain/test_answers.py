"""What counts as a valid answer, kind by kind, and what a whole form must hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.content import bundled_questionnaire
from survey_app.domain.answers import KINDS, AnsweredForm, check_answers, procedure_group
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import path

REAL = bundled_questionnaire()
CHOICES = [{"code": "land"}, {"code": "cert"}, {"code": "other"}]


def question(kind: str, **facts: object) -> Question:
    return Question.model_validate_json(json.dumps({"id": "asked", "kind": kind, **facts}))


SINGLE = question("single", choices=CHOICES, refusable=True)
MULTIPLE = question("multiple", choices=CHOICES, most=2, refusable=True, dont_know=True)
INTEGER = question("integer", minimum=1, maximum=9, dont_know=True)


@pytest.mark.parametrize(
    ("asked", "answer", "codes"),
    [
        (SINGLE, "land", []),
        (SINGLE, "refused", []),
        (SINGLE, "dont_know", ["answer.unknown_choice"]),
        (SINGLE, "not_asked", ["answer.unknown_choice"]),
        (SINGLE, "Land", ["answer.unknown_choice"]),
        (SINGLE, "", ["answer.unknown_choice"]),
        (SINGLE, ["land"], ["answer.code_expected"]),
        (SINGLE, 1, ["answer.code_expected"]),
        (SINGLE, True, ["answer.code_expected"]),
        (SINGLE, None, ["answer.code_expected"]),
        (SINGLE, {"code": "land"}, ["answer.code_expected"]),
        (MULTIPLE, ["land"], []),
        (MULTIPLE, ["cert", "land"], []),
        (MULTIPLE, ["refused"], []),
        (MULTIPLE, "land", ["answer.codes_expected"]),
        (MULTIPLE, [], ["answer.contradictory"]),
        (MULTIPLE, ["land", "land"], ["answer.contradictory"]),
        (MULTIPLE, ["land", "dont_know"], ["answer.contradictory"]),
        (MULTIPLE, ["refused", "dont_know"], ["answer.contradictory"]),
        (MULTIPLE, ["land", "cert", "other"], ["answer.too_many"]),
        (MULTIPLE, ["land", "sea"], ["answer.unknown_choice"]),
        (MULTIPLE, ["land", 3], ["answer.codes_expected"]),
        (MULTIPLE, [["land"]], ["answer.codes_expected"]),
        (INTEGER, 1, []),
        (INTEGER, 9, []),
        (INTEGER, "dont_know", []),
        (INTEGER, 0, ["answer.out_of_range"]),
        (INTEGER, 10, ["answer.out_of_range"]),
        (INTEGER, -5, ["answer.out_of_range"]),
        (INTEGER, True, ["answer.integer_expected"]),
        (INTEGER, 2.0, ["answer.integer_expected"]),
        (INTEGER, "5", ["answer.unknown_choice"]),
        (INTEGER, "refused", ["answer.unknown_choice"]),
    ],
)
def test_one_answer(asked: Question, answer: object, codes: list[str]) -> None:
    problems = KINDS[asked.kind].check(asked, answer)
    assert [problem.code for problem in problems] == codes
    assert {problem.where for problem in problems} <= {"asked"}


def test_a_wrong_code_is_quoted_only_in_part() -> None:
    (problem,) = KINDS["single"].check(SINGLE, "x" * 500)
    assert problem.params == {"code": "x" * 40}


@pytest.mark.parametrize(
    ("kind", "answer", "cell", "codes"),
    [
        ("single", "land", "land", ("land",)),
        ("multiple", ["cert", "land"], "cert land", ("cert", "land")),
        ("multiple", ["refused"], "refused", ("refused",)),
        ("integer", 7, "7", ("7",)),
        ("integer", "dont_know", "dont_know", ("dont_know",)),
    ],
)
def test_an_answer_as_a_cell_reads_back(
    kind: str, answer: str | int | list[str], cell: str, codes: tuple[str, ...]
) -> None:
    assert KINDS[kind].cell(answer) == cell
    assert KINDS[kind].parse(cell) == answer
    assert KINDS[kind].codes(answer) == codes


@given(st.text(max_size=12))
def test_whatever_stands_in_a_cell_is_read_without_a_crash_and_then_checked(cell: str) -> None:
    for asked in (SINGLE, MULTIPLE, INTEGER):
        KINDS[asked.kind].check(asked, KINDS[asked.kind].parse(cell))


@pytest.mark.parametrize("cell", ["²", "--5", "٣", "5-", "1_0", "9" * 5000])
def test_odd_digits_are_not_numbers(cell: str) -> None:
    problems = KINDS["integer"].check(INTEGER, KINDS["integer"].parse(cell))
    assert len(problems) == 1


def full_answers(stage: str = "collect", module: int = 0) -> dict[str, object]:
    """A valid complete form of the real questionnaire: the first choice everywhere."""
    answers: dict[str, str] = {"stage": stage}
    for _ in range(2):  # conditions look at earlier answers only, so two rounds reach everything
        for asked in path(REAL, module, answers):
            if asked.choices:
                answers.setdefault(asked.id, asked.choices[0].code)
    return dict(answers)


def codes_of(answers: dict[str, object], module: int = 0, *, complete: bool = True) -> list[str]:
    problems = check_answers(AnsweredForm(REAL, module, answers, complete))
    return [f"{problem.code} {problem.where}" for problem in problems]


@pytest.mark.parametrize("stage", ["submit", "collect", "returned", "ask"])
@pytest.mark.parametrize("module", range(7))
def test_a_full_form_is_valid_at_every_stage_and_in_every_module(stage: str, module: int) -> None:
    assert codes_of(full_answers(stage, module), module) == []


def test_an_answer_off_the_path_is_an_error_not_noise() -> None:
    answers = full_answers("collect") | {"deadline_told": "yes"}
    assert codes_of(answers) == ["answer.off_path deadline_told"]


def test_answers_of_another_module_are_off_the_path() -> None:
    found = codes_of(full_answers(module=1), module=0)
    assert found == [f"answer.off_path {q.id}" for q in REAL.structure.blocks[4].questions]


def test_every_problem_is_told_at_once() -> None:
    answers = full_answers() | {"staff_courteous": "maybe", "nonsense": "yes", "remark": "Tốt"}
    del answers["satisfaction"]
    assert sorted(codes_of(answers)) == [
        "answer.missing satisfaction",
        "answer.remark_apart remark",
        "answer.unknown_choice staff_courteous",
        "answer.unknown_question nonsense",
    ]


def test_an_unsound_gate_answer_opens_nothing() -> None:
    found = codes_of(full_answers() | {"stage": ["collect"]})
    assert "answer.code_expected stage" in found
    assert "answer.off_path on_time" in found


@pytest.mark.parametrize("left_out", ["age", "sex", "visits", "counters_needed"])
def test_what_is_not_core_may_be_left_out(left_out: str) -> None:
    answers = full_answers()
    del answers[left_out]
    assert codes_of(answers) == []


def test_a_partial_form_may_stop_anywhere_but_not_be_wrong() -> None:
    assert codes_of({}, complete=False) == []
    assert codes_of({"procedure": "cert"}, complete=False) == []
    wrong = codes_of({"procedure": "tax"}, complete=False)
    assert wrong == ["answer.unknown_choice procedure"]


def test_not_answering_is_an_answer() -> None:
    silent: dict[str, str] = {}
    for asked in path(REAL, None, {}):
        if asked.refusable:
            silent[asked.id] = "refused"
    assert codes_of(dict(silent), module=0) == []


@pytest.mark.parametrize(
    ("answer", "group"),
    [("cert", "cert"), ("land", "land"), ("refused", "none"), ("tax", "none"), (3, "none")],
)
def test_the_procedure_group_of_a_form(answer: object, group: str) -> None:
    assert procedure_group(REAL, {"procedure": answer}) == group


def test_a_form_without_procedure_has_no_group() -> None:
    assert procedure_group(REAL, {}) == "none"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*REAL.questions, "other"]), json_values, max_size=6))
def test_no_json_value_crashes_the_check(answers: dict[str, object]) -> None:
    for problem in check_answers(AnsweredForm(REAL, 2, answers, complete=True)):
        json.dumps(problem.as_json())


def test_a_questionnaire_without_procedure_question_has_one_group() -> None:
    block = {"id": "block", "questions": [{"id": "words", "kind": "remark"}]}
    structure = {"format": 1, "id": "bare", "version": 1, "scheme": "x", "blocks": [block]}
    bare = Questionnaire.from_json(json.dumps({"structure": structure, "text": {"vi": {}}}))
    assert procedure_group(bare, {"procedure": "cert"}) == "none"
