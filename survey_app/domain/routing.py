"""Which questions a citizen is asked, recomputed from the answers alone.

The same rules run on the tablet; `tests/vectors/routing.json` holds both to one result.
"""

from collections.abc import Mapping

from survey_app.domain.questionnaire import Condition, Question, Questionnaire

Answer = str | int | list[str]
Answers = Mapping[str, Answer]


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether `condition` is true of the answers given so far. An unanswered question makes a leaf false."""
    if condition.all is not None:
        return all(holds(part, answers) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, answers) for part in condition.any)
    given = answers.get(condition.question or "")
    codes = condition.codes or ()
    if isinstance(given, list):
        return any(code in codes for code in given)
    return given in codes


def path(questionnaire: Questionnaire, module: int | None, answers: Answers) -> list[Question]:
    """The questions of this form, in file order.

    A condition sees only answers that are on the path themselves, so an answer changed back cannot keep its followers alive.
    """
    asked: list[Question] = []
    live: dict[str, Answer] = {}
    for block, question in questionnaire.walk():
        if block.module is not None and block.module != module:
            continue
        if question.show_if is not None and not holds(question.show_if, live):
            continue
        asked.append(question)
        if question.id in answers:
            live[question.id] = answers[question.id]
    return asked


def prune(questionnaire: Questionnaire, module: int | None, answers: Answers) -> dict[str, Answer]:
    """Only the answers that are on the path: what a tablet or the long form sends."""
    return {q.id: answers[q.id] for q in path(questionnaire, module, answers) if q.id in answers}
