"""Answers: one class per question kind that parses, checks and counts.

`domain` alone decides what is valid, for the long form, the API and `score` (docs/architecture).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question, Questionnaire
from survey_app.domain.routing import Answer, path

# str.isdigit() also accepts ² and ٣, which int() refuses or misreads.
_INTEGER = re.compile(r"-?[0-9]{1,9}")


class SingleKind:
    """One code out of the choices."""

    def check(self, question: Question, answer: object) -> list[Problem]:
        """Problems of one answer; empty when it is valid."""
        if not isinstance(answer, str):
            return [Problem("answer.code_expected", question.id)]
        if answer not in question.codes:
            return [Problem("answer.unknown_choice", question.id, {"code": answer[:40]})]
        return []

    def codes(self, answer: Answer) -> tuple[str, ...]:
        """The codes to count for this answer."""
        return (str(answer),)

    def cell(self, answer: Answer) -> str:
        """The answer as one CSV cell."""
        return str(answer)

    def parse(self, cell: str) -> Answer:
        """The answer from its CSV cell."""
        return cell


class MultipleKind(SingleKind):
    """Some of the choices, each once; a reserved code stands alone."""

    def check(self, question: Question, answer: object) -> list[Problem]:
        """Problems of one answer; empty when it is valid."""
        if not isinstance(answer, list) or not all(isinstance(item, str) for item in answer):
            return [Problem("answer.codes_expected", question.id)]
        problems = [p for item in answer for p in super(MultipleKind, self).check(question, item)]
        reserved = {DONT_KNOW, REFUSED} & set(answer)
        if len(set(answer)) != len(answer) or not answer or (reserved and len(answer) > 1):
            problems.append(Problem("answer.contradictory", question.id))
        if question.most is not None and len(answer) > question.most:
            problems.append(Problem("answer.too_many", question.id, {"most": question.most}))
        return problems

    def codes(self, answer: Answer) -> tuple[str, ...]:
        """The codes to count for this answer."""
        return tuple(answer) if isinstance(answer, list) else (str(answer),)

    def cell(self, answer: Answer) -> str:
        """The answer as one CSV cell."""
        return " ".join(self.codes(answer))

    def parse(self, cell: str) -> Answer:
        """The answer from its CSV cell."""
        return cell.split()


class IntegerKind(SingleKind):
    """A whole number in a range, or a reserved code."""

    def check(self, question: Question, answer: object) -> list[Problem]:
        """Problems of one answer; empty when it is valid."""
        if isinstance(answer, str):
            return super().check(question, answer)
        if not isinstance(answer, int) or isinstance(answer, bool):
            return [Problem("answer.integer_expected", question.id)]
        low, high = question.minimum or 0, question.maximum or 0
        if not low <= answer <= high:
            return [Problem("answer.out_of_range", question.id, {"minimum": low, "maximum": high})]
        return []

    def parse(self, cell: str) -> Answer:
        """The answer from its CSV cell."""
        return int(cell) if _INTEGER.fullmatch(cell) else cell


KINDS: Mapping[str, SingleKind] = {
    "single": SingleKind(),
    "multiple": MultipleKind(),
    "integer": IntegerKind(),
}


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """What decides validity: the version's questions, who is asked what, and the answers."""

    questionnaire: Questionnaire
    module: int | None
    answers: Mapping[str, object]
    complete: bool


def check_answers(form: AnsweredForm) -> list[Problem]:
    """Every problem of the answers; empty when they are valid.

    A complete form has answered each core question on its path ("Không biết" and "Không muốn trả
    lời" are answers). Absent means not asked, so an answer off the path is an error, not noise.
    """
    known = form.questionnaire.questions
    problems = [Problem("answer.unknown_question", q[:40]) for q in form.answers if q not in known]
    sound: dict[str, Answer] = {}
    for question_id, answer in form.answers.items():
        question = known.get(question_id)
        if question is not None:
            found = _check_one(question, answer)
            problems += found
            if not found:
                sound[question_id] = answer  # type: ignore[assignment]  # checked just above
    return problems + _check_path(form, sound)


def _check_one(question: Question, answer: object) -> list[Problem]:
    kind = KINDS.get(question.kind)
    if kind is None:
        return [Problem("answer.remark_apart", question.id)]
    return kind.check(question, answer)


def _check_path(form: AnsweredForm, sound: Mapping[str, Answer]) -> list[Problem]:
    asked = path(form.questionnaire, form.module, sound)
    asked_ids = {question.id for question in asked}
    problems = [Problem("answer.off_path", q) for q in sound if q not in asked_ids]
    if form.complete:
        missing = (q for q in asked if is_due(form.questionnaire, q) and q.id not in form.answers)
        problems += [Problem("answer.missing", q.id) for q in missing]
    return problems


def is_due(questionnaire: Questionnaire, question: Question) -> bool:
    """Whether a complete form must answer it when it is on the path."""
    return questionnaire.block_of[question.id].core and question.kind != "remark"


def procedure_group(questionnaire: Questionnaire, answers: Mapping[str, object]) -> str:
    """The procedure group of a form: the code of its procedure question, else "none"."""
    for question in questionnaire.with_role("procedure"):
        answer = answers.get(question.id)
        if isinstance(answer, str) and answer in {c.code for c in question.choices}:
            return answer
    return "none"
