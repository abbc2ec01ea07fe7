"""What the codes of a row file mean, question by question, for one questionnaire version."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey_app.domain.answers import KINDS
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.rowfile_cells import Cell, Line
from survey_app.domain.rowfile_columns import CODE_PREFIX, LANGUAGE, code_label

HEADER = (
    "questionnaire",
    "column",
    "question",
    "code",
    "label",
    "value",
    "scale_minimum",
    "scale_maximum",
    "direction",
    "subdimension",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code; `value` is its place on the indicator's scale, if it has one."""

    code: str
    label: str
    value: int | None


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """One column. `targets`: (procedure group or "", sub-dimension) pairs an answer counts for; empty: it enters no score."""

    column: str
    text: str
    question: Question
    codes: tuple[CodeEntry, ...]
    targets: tuple[tuple[str, str], ...]


def question_entries(version: Questionnaire) -> list[QuestionEntry]:
    """Every question with a column, in the order they are asked."""
    closed = (q for q in version.questions.values() if q.kind in KINDS)
    return [_entry(version, question) for question in closed]


def codebook_lines(versions: Iterable[Questionnaire]) -> Iterator[Line]:
    """The codebook as a table: a line each code, a line for the range of a whole number."""
    yield HEADER
    for version in versions:
        for entry in question_entries(version):
            yield from _lines(version, entry)


def _entry(version: Questionnaire, question: Question) -> QuestionEntry:
    values = question.values
    return QuestionEntry(
        column=question.role
        if question.is_personal and question.role
        else CODE_PREFIX + question.id,
        text=version.say(LANGUAGE, f"{question.id}.text"),
        question=question,
        codes=tuple(
            CodeEntry(code, code_label(version, question.id, code), values.get(code))
            for code in question.codes
        ),
        targets=_targets(question),
    )


def _targets(question: Question) -> tuple[tuple[str, str], ...]:
    indicator = question.indicator
    if indicator is None:
        return ()
    if indicator.by_group is not None:
        return tuple(indicator.by_group.items())
    return (("", indicator.subdimension),) if indicator.subdimension else ()


def _lines(version: Questionnaire, entry: QuestionEntry) -> Iterator[Line]:
    about = (version.label, entry.column, entry.text)
    scored = _scale(entry)
    if entry.question.kind == "integer":
        span = f"{entry.question.minimum}…{entry.question.maximum}"
        yield (*about, span, "", "", *scored)
    for code in entry.codes:
        value: Cell = "" if code.value is None else code.value
        yield (*about, code.code, code.label, value, *scored)


def _scale(entry: QuestionEntry) -> Line:
    indicator = entry.question.indicator
    if indicator is None:
        return ("",) * 5
    targets = " ".join(f"{group}:{sub}" if group else sub for group, sub in entry.targets)
    return (
        indicator.minimum,
        indicator.maximum,
        indicator.direction,
        targets,
        indicator.evidence,
    )
