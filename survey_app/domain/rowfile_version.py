"""The answers of one questionnaire version in a row file, as small numbers.

Cells repeat a million times: each distinct one of a column is parsed and checked when first met, and is a number from then on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import getitem, itemgetter, or_

from survey_app.domain.answers import KINDS
from survey_app.domain.counting import is_counted, reaches
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import unguard
from survey_app.domain.rowfile_columns import CODE_PREFIX, NO_GROUP, role_question

LONGEST_SHOWN = 40
# (place in the line, question id) of every code column.
CodeColumns = Sequence[tuple[int, str]]
# What a form with the answer is counted under: (question id, codes), or ("", dimensions and sub-dimensions).
CountsAs = tuple[str, tuple[str, ...]]


class CellError(ValueError):
    """A cell that cannot be taken; which line it is in is known further up."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: what a cell of a column says. `codes` are those to count, none for age and sex."""

    question: Question
    answer: Answer
    codes: tuple[str, ...]

    @property
    def counts_as(self) -> CountsAs:
        """The question and its codes."""
        return (self.question.id, self.codes) if self.codes else ("", ())


@dataclass(frozen=True, slots=True)
class Reached:
    """Dimensions and sub-dimensions that a form has a scale answer to."""

    names: tuple[str, ...]

    @property
    def counts_as(self) -> CountsAs:
        """No question, and the names."""
        return "", self.names


class VersionReader:
    """Reads answers of one version out of lines; `meanings` says what each number stands for, `counts_as` what it counts as."""

    def __init__(self, questionnaire: Questionnaire, code_columns: CodeColumns) -> None:
        self.questionnaire = questionnaire
        self.hash = questionnaire.hash
        self.meanings: list[Given | Reached] = []
        self.counts_as: list[CountsAs] = []
        self.counted = sorted(q.id for q in questionnaire.questions.values() if is_counted(q))
        known = {q.id: q for q in questionnaire.questions.values() if q.kind in KINDS}
        foreign = [(place, name) for place, name in code_columns if name not in known]
        own = [(place, name) for place, name in code_columns if name in known]
        self._picked = _picker([place for place, _ in (*foreign, *own)])
        self._number(NOTHING)
        self._columns: list[_Column] = [
            *(_ForeignColumn(name) for _, name in foreign),
            *(_OwnColumn(known[name], self._number) for _, name in own),
        ]
        procedure = role_question(questionnaire, "procedure")
        self._procedure = next((p for p, n in own if procedure and n == procedure.id), None)
        self._groups = _Groups({choice.code for choice in procedure.choices} if procedure else ())
        self._reach: dict[str, _Reach] = {}
        self._reached = _ReachedNumbers(self._number)

    def numbers(self, cells: Sequence[str]) -> list[int]:
        """A number for each answer of a line; raises CellError. What was not asked has none."""
        # In the tongue of the interpreter's own loops: this runs a million times.
        return list(filter(None, map(getitem, self._columns, self._picked(cells))))

    def group(self, cells: Sequence[str]) -> str:
        """The procedure group the answers say (as `answers.procedure_group`)."""
        return NO_GROUP if self._procedure is None else self._groups[cells[self._procedure]]

    def reached(self, group: str, numbers: Sequence[int]) -> int:
        """The number for all that a form of the procedure group reaches with its answers."""
        reach = self._reach.get(group)
        if reach is None:
            reach = self._reach[group] = _Reach(group, self.meanings, self._reached.names)
        return self._reached[reduce(or_, map(reach.__getitem__, numbers), 0)]

    def _number(self, meaning: Given | Reached) -> int:
        self.meanings.append(meaning)
        self.counts_as.append(meaning.counts_as)
        return len(self.meanings) - 1


_Number = Callable[[Given | Reached], int]
# The number 0: what an empty cell says.
NOTHING = Reached(())


def _picker(places: Sequence[int]) -> Callable[[Sequence[str]], Iterable[str]]:
    """Takes the cells at `places` out of a line."""
    if len(places) > 1:
        return itemgetter(*places)
    # Of a single place itemgetter would give the cell itself.
    return lambda cells: [cells[place] for place in places]


class _Groups(dict[str, str]):
    """The procedure group that each cell of the question says."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__()
        self.known = frozenset(known)

    def __missing__(self, cell: str) -> str:
        said = unguard(cell)
        self[cell] = group = said if said in self.known else NO_GROUP
        return group


class _Column(dict[str, int]):
    """The number of each cell of one column; an empty one says nothing."""

    def __init__(self) -> None:
        super().__init__({"": 0})


class _OwnColumn(_Column):
    def __init__(self, question: Question, number: _Number) -> None:
        super().__init__()
        self.question = question
        self.number = number

    def __missing__(self, cell: str) -> int:
        kind = KINDS[self.question.kind]
        try:
            answer = kind.parse(unguard(cell))
        except ValueError as error:
            raise self._unknown(cell) from error
        if kind.check(self.question, answer):
            raise self._unknown(cell)
        codes = tuple(kind.codes(answer)) if is_counted(self.question) else ()
        self[cell] = number = self.number(Given(self.question, answer, codes))
        return number

    def _unknown(self, cell: str) -> CellError:
        return unknown_code(CODE_PREFIX + self.question.id, cell)


class _ForeignColumn(_Column):
    """A column of a question that the version does not have: every cell must be empty."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, cell: str) -> int:
        raise CellError("rowfile.foreign_answer", column=CODE_PREFIX + self.name)


class _Reach(dict[int, int]):
    """What each answer reaches in one procedure group, a bit for each dimension and sub-dimension."""

    def __init__(self, group: str, meanings: Sequence[Given | Reached], names: list[str]) -> None:
        super().__init__()
        self.group = group
        self.meanings = meanings
        self.names = names

    def __missing__(self, number: int) -> int:
        given = self.meanings[number]
        found = (
            reaches(given.question, self.group, given.answer) if isinstance(given, Given) else ()
        )
        self[number] = bits = sum(1 << self._place(name) for name in found)
        return bits

    def _place(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


class _ReachedNumbers(dict[int, int]):
    """The number of each combination of bits."""

    def __init__(self, number: _Number) -> None:
        super().__init__()
        self.number = number
        self.names: list[str] = []

    def __missing__(self, bits: int) -> int:
        names = tuple(name for place, name in enumerate(self.names) if bits >> place & 1)
        self[bits] = number = self.number(Reached(names))
        return number


def unknown_code(column: str, cell: str) -> CellError:
    """A cell with none of the codes its column may have."""
    return CellError("rowfile.unknown_code", column=column, cell=cell[:LONGEST_SHOWN])
