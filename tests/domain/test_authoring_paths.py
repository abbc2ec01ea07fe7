"""The longest way and what can be reached: equal to trying every combination of answers."""

from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.authoring.paths import Screen, explore, seconds_to_read
from survey_app.domain.authoring.reading import syllables
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import Answer, path
from tests.support.authored import SOUND, changed, checked, found, line_of

CODES = ("a1", "b1", "c1")


def build(questions: list[dict[str, object]]) -> Questionnaire:
    """One block of these questions."""
    block = {"id": "block", "core": True, "questions": questions}
    structure = {"format": 1, "id": "drawn", "version": 1, "scheme": "x", "blocks": [block]}
    return Questionnaire.model_validate({"structure": structure, "text": {"vi": {}}}, strict=False)


@st.composite
def drawn(draw: st.DrawFn) -> Questionnaire:
    """Up to five questions, each possibly conditional on earlier ones."""
    questions: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 4))):
        question: dict[str, object] = {
            "id": f"q{number}",
            "kind": draw(st.sampled_from(["single", "multiple"])),
            "choices": [{"code": code} for code in CODES],
            "refusable": draw(st.booleans()),
        }
        if question["kind"] == "multiple":
            question["most"] = draw(st.sampled_from([None, 1, 2]))
        if number and draw(st.booleans()):
            question["show_if"] = draw(condition([f"q{i}" for i in range(number)]))
        questions.append(question)
    return build(questions)


def condition(earlier: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """A condition on earlier questions, nested up to a few levels."""
    codes = st.lists(st.sampled_from([*CODES, "refused"]), min_size=1, max_size=2, unique=True)
    leaf: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {"question": st.sampled_from(earlier), "in": codes}
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
            st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
        ),
        max_leaves=3,
    )


def every_answer(questionnaire: Questionnaire) -> list[list[Answer | None]]:
    """All valid answers of each question, none included."""
    return [
        [None, *map(list, subsets(q))] if q.kind == "multiple" else [None, *q.codes]
        for q in questionnaire.questions.values()
    ]


def subsets(question: Question) -> list[tuple[str, ...]]:
    sizes = range(1, (question.most or len(CODES)) + 1)
    refused = [("refused",)] if question.refusable else []
    return [*chain.from_iterable(combinations(CODES, size) for size in sizes), *refused]


@settings(max_examples=40, deadline=None)
@given(drawn())
def test_the_walk_finds_what_trying_everything_finds(questionnaire: Questionnaire) -> None:
    screens = {
        id_: Screen(own=3 * i + 1, shared_set=f"set{i % 2}", shared=5)
        for i, id_ in enumerate(questionnaire.questions)
    }
    asked: set[str] = set()
    longest, slowest = 0, 0.0
    for answers in product(*every_answer(questionnaire)):
        chosen = zip(questionnaire.questions, answers, strict=True)
        route = path(questionnaire, None, {q: a for q, a in chosen if a is not None})
        asked |= {q.id for q in route}
        longest = max(longest, len(route))
        slowest = max(slowest, seconds([screens[q.id] for q in route]))
    exploration = explore(questionnaire, None, screens)
    assert exploration.asked == asked
    assert exploration.longest.screens == longest
    assert exploration.longest.seconds == pytest.approx(slowest)


def seconds(route: list[Screen]) -> float:
    """By the definition: a shared set is read on the first screen that shows it."""
    read: set[str | None] = set()
    total = 0.0
    for screen in route:
        total += seconds_to_read(screen.own + screen.shared * (screen.shared_set not in read))
        read.add(screen.shared_set)
    return total


def test_syllables_are_what_stands_between_spaces() -> None:
    assert syllables("Ông/Bà có thấy nơi này – tốt không?") == 7
    assert syllables("60 tuổi trở lên") == 4
    assert syllables("") == 0


def test_the_estimate_of_the_small_form_by_hand() -> None:
    """Longest: collect. procedure 5+4, stage 5+6, courteous 6+2 (Có, Không), on_time 8, air 7, age 5+10, remark 6."""
    first, second = checked(SOUND).longest
    assert (first.screens, second.screens) == (7, 7)
    assert first.seconds == (9 + 11 + 8 + 8 + 7 + 15 + 6) / 4 + 7 * 1.5
    assert second.seconds == first.seconds + (5 - 7) / 4


def test_too_many_screens_and_too_many_seconds_are_told_per_module() -> None:
    more = "".join(
        f"""
      - id: more{i}
        kind: single
        text: Ông/Bà có thấy điều thứ {i} trong số rất nhiều điều ở nơi này là rất vừa ý mình không?
        choices: yes_no"""
        for i in range(10)
    )
    text = changed(("  - id: quality\n", f"  - id: more\n    questions:{more}\n  - id: quality\n"))
    lines = [line_of(text, "id: air") - 3, line_of(text, "id: visits") - 3]
    codes = ["path.screens", "path.seconds"]
    assert found(text) == [(line, code) for line in lines for code in codes]
    facts = {problem.params["found"] for problem in checked(text).problems}
    assert 17 in facts


def test_a_question_that_only_another_module_could_open_is_unreachable() -> None:
    text = changed(
        (
            "    questions:\n      - id: age",
            "    questions:\n      - id: after\n        kind: single\n        text: Vì sao?\n        choices: yes_no\n"
            '        show_if: {question: air, in: ["yes"]}\n      - id: age',
        )
    )
    assert {code for _, code in found(text)} == {"condition.other_module"}
