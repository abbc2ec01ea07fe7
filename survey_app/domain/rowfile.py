"""The row file: one line a response of a closed week, for reviewers to recount everything from (docs/codebook.md).

It holds no id, counter, language, remark and no time beyond the week; lines of a week stand in random order, drawn anew for
every export, so that neither order nor two exports laid side by side tell who answered what.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from survey_app.domain.answers import procedure_group
from survey_app.domain.questionnaire import Question, Questionnaire, Role
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import Cell, Line
from survey_app.domain.rowfile_columns import (
    ROLE_COLUMNS,
    STATUS_LABELS,
    Layout,
    code_cell,
    code_label,
    label_cell,
    role_question,
)

LEAST_SHARING = 5
WEIGHT = 1
# Without a letter in front Excel would read a label such as 1e234567 as a number.
PSU_PREFIX = "p"


@dataclass(frozen=True, slots=True)
class FileRow:
    """What the row file takes of a response. `questionnaire` is the full hash, `psu` the label frozen in the week's vintage.

    `first_vintage`: the week whose closing brought the form into the figures, `flag_vintage` its flag; "" while that waits.
    """

    questionnaire: str
    unit: str
    week: str
    psu: str
    channel: str
    complete: bool
    flagged: bool
    answers: Mapping[str, Answer]
    first_vintage: str
    flag_vintage: str


@dataclass(frozen=True, slots=True)
class _Person:
    """The part of a row that could point at somebody: rows are counted by it."""

    unit: str
    week: str
    group: str
    age: str
    sex: str


def file_lines(
    weeks: Iterable[Sequence[FileRow]], layout: Layout, random: Random
) -> Iterator[Line]:
    """The header, then the lines of each week in random order.

    Lazy: a week is taken from `weeks` when the one before is written. `random` is a fresh SystemRandom outside tests.
    """
    yield layout.header
    writer = _LineWriter(layout)
    for rows in weeks:
        pairs = [(row, writer.person(row)) for row in rows]
        shared = Counter(person for _, person in pairs)
        for row, person in random.sample(pairs, len(pairs)):
            yield writer.line(row, _blanked(person, shared))


def _blanked(person: _Person, shared: Counter[_Person]) -> _Person:
    """Age and sex go together where fewer than five rows of the unit's week share them (Hundepool et al. 2012, ch. 3)."""
    if shared[person] >= LEAST_SHARING:
        return person
    return _Person(person.unit, person.week, person.group, "", "")


class _LineWriter:
    """Turns rows into lines; remembers the cells of answers it has met."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.versions = {version.hash: version for version in layout.versions}
        self.known: dict[tuple[str, str, str], tuple[Cell, Cell]] = {}
        self.asked = {
            (version.hash, role): role_question(version, role)
            for version in layout.versions
            for role in ROLE_COLUMNS.values()
        }

    def person(self, row: FileRow) -> _Person:
        version = self.versions[row.questionnaire]
        return _Person(
            unit=row.unit,
            week=row.week,
            group=procedure_group(version, row.answers),
            age=self.role_answer(row, "age"),
            sex=self.role_answer(row, "sex"),
        )

    def line(self, row: FileRow, person: _Person) -> Line:
        version = self.versions[row.questionnaire]
        status = "complete" if row.complete else "partial"
        answers = [self.cells(version, question, row.answers) for question in self.layout.questions]
        return (
            *(version.label, row.unit, row.week, row.week),
            *(PSU_PREFIX + row.psu, row.channel),
            *(person.group, person.age, person.sex, status, int(row.flagged), WEIGHT),
            *(row.first_vintage, row.flag_vintage),
            *(code for code, _ in answers),
            *self.person_labels(version, person),
            *(label for _, label in answers),
            STATUS_LABELS[status],
            *self.layout.mark,
        )

    def cells(
        self, version: Questionnaire, question_id: str, answers: Mapping[str, Answer]
    ) -> tuple[Cell, Cell]:
        """Code and label of one answer; both empty when the question was not asked."""
        answer = answers.get(question_id)
        if answer is None:
            return "", ""
        question = version.questions[question_id]
        if isinstance(answer, int):
            return answer, answer
        key = (version.hash, question_id, str(answer))
        if key not in self.known:
            self.known[key] = _answer_cells(version, question, answer)
        return self.known[key]

    def role_answer(self, row: FileRow, role: Role) -> str:
        question = self.asked[row.questionnaire, role]
        return str(row.answers.get(question.id, "")) if question else ""

    def person_labels(self, version: Questionnaire, person: _Person) -> Iterator[str]:
        parts: tuple[tuple[Role, str], ...] = (
            ("procedure", person.group),
            ("age", person.age),
            ("sex", person.sex),
        )
        for role, code in parts:
            question = self.asked[version.hash, role]
            yield code_label(version, question.id, code) if question and code else ""


def _answer_cells(version: Questionnaire, question: Question, answer: Answer) -> tuple[Cell, Cell]:
    return code_cell(question, answer), label_cell(version, question, answer)
