"""A line of a row file becomes a form to be counted, or the reason why it cannot be.

Cells repeat a million times, so each distinct one is parsed and checked once.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from survey_app.domain.answers import KINDS
from survey_app.domain.counting import CountedForm
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import RowFileError, unguard
from survey_app.domain.rowfile_columns import CODE_PREFIX, FIXED, role_question
from survey_app.domain.weeks import Week

FindVersion = Callable[[str], Questionnaire | None]
PsuKey = tuple[str, Week, str]
Value = TypeVar("Value")

# Needed to count; age, sex and labels may be cut out of a file before it is passed on.
NEEDED = tuple(name for name in FIXED if name not in {"age", "sex"})
CHANNELS = {name: name for name in ("kiosk", "code", "open")}
STATUSES = {"complete": True, "partial": False}
FLAGS = {"0": False, "1": True}
_LONGEST_SHOWN = 40


class _CellError(ValueError):
    """A cell that cannot be taken; which line it is in is known further up."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand: they may have been moved, and others added."""

    width: int
    needed: tuple[int, ...]
    questions: tuple[tuple[int, str], ...]

    @classmethod
    def parse(cls, names: Sequence[str]) -> "Header":
        """Read the first line; raises RowFileError."""
        names = [unguard(name).strip() for name in names]
        _refuse("rowfile.columns_missing", [name for name in NEEDED if name not in names])
        _refuse(
            "rowfile.columns_doubled", [n for n, times in Counter(names).items() if n and times > 1]
        )
        questions = (
            (place, name.removeprefix(CODE_PREFIX))
            for place, name in enumerate(names)
            if name.startswith(CODE_PREFIX)
        )
        return cls(len(names), tuple(names.index(name) for name in NEEDED), tuple(questions))


@dataclass(frozen=True, slots=True)
class Place:
    """The checked first columns of a line: `psu` is unit, week and label, `group` what the column says."""

    version: "VersionReader"
    psu: PsuKey
    channel: str
    complete: bool
    flagged: bool
    group: str

    def form(self, answers: Mapping[str, Answer]) -> CountedForm:
        """The form that `count()` takes."""
        return CountedForm(self.version.hash, self.channel, self.complete, self.flagged, answers)


class VersionReader:
    """How to read the answers of one questionnaire version out of a line."""

    def __init__(self, questionnaire: Questionnaire, header: Header) -> None:
        self.questionnaire = questionnaire
        self.hash = questionnaire.hash
        known = {q.id: q for q in questionnaire.questions.values() if q.kind in KINDS}
        self.columns = [(p, n, _Column(known[n])) for p, n in header.questions if n in known]
        self.foreign = [(place, name) for place, name in header.questions if name not in known]
        procedure = role_question(questionnaire, "procedure")
        self.procedure = procedure.id if procedure else ""
        self.groups = {choice.code for choice in procedure.choices} if procedure else set()

    def answers(self, cells: Sequence[str]) -> dict[str, Answer]:
        """Answers of a line; a cell of a question this version does not have must be empty."""
        for place, name in self.foreign:
            if cells[place]:
                raise _CellError("rowfile.foreign_answer", column=CODE_PREFIX + name)
        return {name: known[cells[place]] for place, name, known in self.columns if cells[place]}

    def group(self, answers: Mapping[str, Answer]) -> str:
        """The procedure group the answers say (`answers.procedure_group`, a million times)."""
        said = answers.get(self.procedure)
        return said if isinstance(said, str) and said in self.groups else "none"


class LineParser:
    """Reads lines under one header. `find_version` gives a questionnaire by the label in the first column."""

    def __init__(self, header: Header, find_version: FindVersion) -> None:
        self.header = header
        self.find_version = find_version
        self.versions: dict[str, VersionReader] = {}
        self._places: dict[tuple[str, ...], Place] = {}
        self._first_columns: Callable[[Sequence[str]], Any] = itemgetter(*header.needed)

    def parse(self, line: int, cells: Sequence[str]) -> tuple[Place, dict[str, Answer]]:
        """One line's place and answers; raises RowFileError that names the line."""
        if len(cells) != self.header.width:
            params = {"found": len(cells), "expected": self.header.width}
            raise RowFileError(Problem("rowfile.line_length", str(line), params))
        try:
            place = self._place(self._first_columns(cells))
            return place, place.version.answers(cells)
        except _CellError as error:
            raise RowFileError(Problem(error.code, str(line), error.params)) from error

    def _place(self, raw: tuple[str, ...]) -> Place:
        place = self._places.get(raw)
        if place is None:
            place = self._parse_place(dict(zip(NEEDED, map(unguard, raw), strict=True)))
            self._places[raw] = place
        return place

    def _parse_place(self, cells: Mapping[str, str]) -> Place:
        week = _week(cells["week"])
        _expect(cells, "stratum", cells["week"])
        _expect(cells, "weight", "1")
        for name in ("unit", "psu"):
            if not cells[name]:
                raise _CellError("rowfile.cell_empty", column=name)
        return Place(
            version=self._version(cells["questionnaire"]),
            psu=(cells["unit"], week, cells["psu"]),
            channel=_one_of(cells, "channel", CHANNELS),
            complete=_one_of(cells, "status", STATUSES),
            flagged=_one_of(cells, "flagged", FLAGS),
            group=cells["procedure_group"],
        )

    def _version(self, label: str) -> VersionReader:
        if label not in self.versions:
            questionnaire = self.find_version(label)
            if questionnaire is None:
                raise _CellError("rowfile.unknown_questionnaire", label=label[:80])
            self.versions[label] = VersionReader(questionnaire, self.header)
        return self.versions[label]


class _Column(dict[str, Answer]):
    """The answer each cell of one column stands for, parsed and checked when first met."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def __missing__(self, cell: str) -> Answer:
        kind = KINDS[self.question.kind]
        try:
            answer = kind.parse(unguard(cell))
        except ValueError as error:
            raise self._unknown(cell) from error
        if kind.check(self.question, answer):
            raise self._unknown(cell)
        self[cell] = answer
        return answer

    def _unknown(self, cell: str) -> _CellError:
        return _unknown_code(CODE_PREFIX + self.question.id, cell)


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise _CellError("rowfile.week", cell=text[:_LONGEST_SHOWN]) from error


def _expect(cells: Mapping[str, str], column: str, value: str) -> None:
    if cells[column] != value:
        cell = cells[column][:_LONGEST_SHOWN]
        raise _CellError("rowfile.cell_differs", column=column, cell=cell, expected=value)


def _one_of(cells: Mapping[str, str], column: str, values: Mapping[str, Value]) -> Value:
    if cells[column] not in values:
        raise _unknown_code(column, cells[column])
    return values[cells[column]]


def _unknown_code(column: str, cell: str) -> _CellError:
    return _CellError("rowfile.unknown_code", column=column, cell=cell[:_LONGEST_SHOWN])


def _refuse(code: str, columns: Sequence[str]) -> None:
    if columns:
        raise RowFileError(Problem(code, "1", {"columns": ", ".join(columns)}))
