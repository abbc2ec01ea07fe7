"""From a form's answers to what the rules need of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from survey_app.domain.counting import scale_value
from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question, Questionnaire
from survey_app.domain.routing import Answer

_SILENT = frozenset({DONT_KNOW, REFUSED})
_JUDGED_ROLES = frozenset({"criterion", "satisfaction"})
_PERSON_ROLES = frozenset({"procedure", "age", "sex"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the answers of one form say; fields as in JudgedForm."""

    items: int
    shape: str
    pattern: str
    who: str
    score: float
    run: int
    reversed_run: int


def read_answers(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Reading:
    """Read one form. A form without an answered core question scores 0."""
    core = [q for q in _judged(questionnaire) if q.id in answers]
    values = [_share(q, str(answers[q.id])) for q in core]
    known = [value for value in values if value is not None]
    run, reversed_run = longest_run(questionnaire, answers)
    return Reading(
        items=len(answers),
        shape=" ".join(q.id for q in core),
        pattern=" ".join(str(answers[q.id]) for q in core),
        who=" ".join(str(answers.get(q.id, "")) for q in _plan(questionnaire).person),
        score=fsum(known) / len(known) if known else 0.0,
        run=run,
        reversed_run=reversed_run,
    )


def longest_run(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[int, int]:
    """The longest run of one answer over questions with the same choices that holds a reversed item.

    Questions with other choices in between are passed over; "Không biết" and "Không muốn trả lời" end a run. Returns its length
    and its reversed items, (0, 0) when no run holds one: eight times "Có" to eight good things is an opinion, not a habit.
    """
    best = (0, 0)
    for family in _families(questionnaire):
        code, length, backward = "", 0, 0
        for question in family:
            answer = answers.get(question.id)
            if answer is None:
                continue
            if answer != code:
                code, length, backward = str(answer), 0, 0
            length += 1
            backward += _is_reversed(question)
            if backward and code not in _SILENT:
                best = max(best, (length, backward))
    return best


def _judged(questionnaire: Questionnaire) -> tuple[Question, ...]:
    return _plan(questionnaire).judged


def _families(questionnaire: Questionnaire) -> tuple[tuple[Question, ...], ...]:
    return _plan(questionnaire).families


@dataclass(frozen=True, slots=True)
class _Plan:
    judged: tuple[Question, ...]
    person: tuple[Question, ...]
    families: tuple[tuple[Question, ...], ...]


_PLANS: dict[str, _Plan] = {}


def _plan(questionnaire: Questionnaire) -> _Plan:
    """A version never changes, so what is worked out of it is kept by its hash."""
    plan = _PLANS.get(questionnaire.hash)
    if plan is None:
        plan = _PLANS[questionnaire.hash] = _make_plan(questionnaire)
    return plan


def _make_plan(questionnaire: Questionnaire) -> _Plan:
    families: dict[tuple[str, ...], list[Question]] = {}
    for question in questionnaire.questions.values():
        if question.kind == "single" and question.indicator is not None:
            key = tuple(choice.code for choice in question.choices)
            families.setdefault(key, []).append(question)
    return _Plan(
        judged=tuple(q for q in questionnaire.questions.values() if q.role in _JUDGED_ROLES),
        person=tuple(q for q in questionnaire.questions.values() if q.role in _PERSON_ROLES),
        families=tuple(tuple(f) for f in families.values() if any(map(_is_reversed, f))),
    )


def _is_reversed(question: Question) -> bool:
    return question.indicator is not None and question.indicator.direction == "negative"


def _share(question: Question, code: str) -> float | None:
    value = scale_value(question, code)
    if value is None:
        return None
    if question.indicator is not None:
        return question.indicator.z(value)
    low, high = min(question.values.values()), max(question.values.values())
    return (value - low) / (high - low)
