"""Columns of the row file: what every response says first, then a code column a question, then labels.

Code columns are the union over all published versions in order of first appearance, so that a question or a choice which a
later version drops leaves every column where it was. Labels are in Vietnamese whatever language a form was answered in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from survey_app.domain.answers import KINDS
from survey_app.domain.counting import is_counted
from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question, Questionnaire, Role
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import Cell

LANGUAGE = "vi"
FIXED = (
    "questionnaire",
    "unit",
    "week",
    "stratum",
    "psu",
    "channel",
    "procedure_group",
    "age",
    "sex",
    "status",
    "flagged",
    "weight",
    "first_vintage",
    "flag_vintage",
)
CODE_PREFIX = "q_"
LABEL_PREFIX = "nhan_"
# Labels of columns whose answers come from a question with a role.
ROLE_COLUMNS: dict[str, Role] = {"procedure_group": "procedure", "age": "age", "sex": "sex"}
STATUS_LABELS = {"complete": "Đầy đủ", "partial": "Dở dang"}
# The procedure group of a form that does not say its matter (`answers.procedure_group`).
NO_GROUP = "none"
RESERVED_LABELS = {
    DONT_KNOW: "Không biết",
    REFUSED: "Không muốn trả lời",
    NO_GROUP: "Không trả lời",
}
DEMO_COLUMN = "ghi_chu"
DEMO_MARK = "DỮ LIỆU MẪU"


@dataclass(frozen=True)
class Layout:
    """The columns for some published versions, oldest first; `demo` adds the mark of simulated data."""

    versions: tuple[Questionnaire, ...]
    demo: bool = False

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Ids of the questions with a code column, in order of first appearance."""
        found = (q.id for version in self.versions for q in _counted(version))
        return tuple(dict.fromkeys(found))

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Names of all columns. The last is never empty in a row: Excel drops empty cells at the end of a line."""
        codes = tuple(CODE_PREFIX + question for question in self.questions)
        labels = (LABEL_PREFIX + name for name in (*ROLE_COLUMNS, *codes, "status"))
        return (*FIXED, *codes, *labels, *self.mark_header)

    @property
    def mark_header(self) -> tuple[str, ...]:
        """The column of the demo mark, in a demo installation only."""
        return (DEMO_COLUMN,) * self.demo

    @property
    def mark(self) -> tuple[str, ...]:
        """Its cell."""
        return (DEMO_MARK,) * self.demo


def code_cell(question: Question, answer: Answer) -> Cell:
    """An answer as its code cell: a whole number stays one, several codes are joined by spaces."""
    return answer if isinstance(answer, int) else KINDS[question.kind].cell(answer)


def label_cell(questionnaire: Questionnaire, question: Question, answer: Answer) -> Cell:
    """An answer in Vietnamese words, as the citizen read it."""
    if isinstance(answer, int):
        return answer
    codes = KINDS[question.kind].codes(answer)
    return "; ".join(code_label(questionnaire, question.id, code) for code in codes)


def code_label(questionnaire: Questionnaire, question_id: str, code: str) -> str:
    """The words of one code; the code itself where a version has none."""
    said = questionnaire.say(LANGUAGE, f"{question_id}.choice.{code}")
    return said or RESERVED_LABELS.get(code, code)


def role_question(questionnaire: Questionnaire, role: Role) -> Question | None:
    """The version's question with `role`, if it has one."""
    return next(iter(questionnaire.with_role(role)), None)


def _counted(questionnaire: Questionnaire) -> Iterator[Question]:
    questions: Iterable[Question] = questionnaire.questions.values()
    return (question for question in questions if is_counted(question))
