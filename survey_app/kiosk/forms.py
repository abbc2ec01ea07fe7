"""The whole questionnaire as one WTForms form, made from the published version."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.kiosk.fields import AnswerField, make_field
from survey_app.web.problem_texts import problem_text

# Sets the questions' fields apart from the form's own; a question id has no hyphen.
PREFIX = "q-"
# The button of a long form that asks for another language, and sends nothing.
TRANSLATE = "translate"

Fields = Mapping[str, "UnboundField[Any]"]
_fields: dict[tuple[str, str], Fields] = {}


def make_form(
    questionnaire: Questionnaire, language: str, given: MultiDict[str, str] | None = None
) -> BaseForm:
    """The form of a version in a language, filled with what was `given`; a field is named PREFIX + question id."""
    form = BaseForm(_fields_of(questionnaire, language), prefix=PREFIX)
    form.process(given)
    return form


def field_of(form: BaseForm, question_id: str) -> AnswerField:
    """The bound field of a question."""
    return cast(AnswerField, form[question_id])


def answers_of(form: BaseForm, questionnaire: Questionnaire) -> dict[str, Answer]:
    """Every answer given, on the path or off it; a remark is none."""
    given = {
        question.id: field_of(form, question.id).answer
        for question in questionnaire.questions.values()
        if question.kind != "remark"
    }
    return {question_id: answer for question_id, answer in given.items() if answer is not None}


def remark_of(form: BaseForm, questionnaire: Questionnaire) -> str | None:
    """The citizen's own words, None when there are none."""
    place = remark_question(questionnaire)
    answer = field_of(form, place).answer if place else None
    return answer if isinstance(answer, str) else None


def remark_question(questionnaire: Questionnaire) -> str | None:
    """The id of the question that asks for a remark."""
    remarks = (q.id for q in questionnaire.questions.values() if q.kind == "remark")
    return next(remarks, None)


def carry(form: BaseForm, questionnaire: Questionnaire, problems: Iterable[Problem]) -> list[str]:
    """Hang problems on their fields, in the page's language; returns the words of those that have no field."""
    elsewhere = []
    for problem in problems:
        place = remark_question(questionnaire) if problem.where == "remark" else problem.where
        if place and place in form:
            field = form[place]
            field.errors = [*field.errors, problem_text(problem)]
        else:
            elsewhere.append(problem_text(problem))
    return elsewhere


def _fields_of(questionnaire: Questionnaire, language: str) -> Fields:
    # A hash names one content for ever, so unbound fields are made once a version and language.
    key = (questionnaire.hash, language)
    if key not in _fields:
        _fields[key] = {
            question.id: make_field(questionnaire, question, language)
            for question in questionnaire.questions.values()
        }
    return _fields[key]
