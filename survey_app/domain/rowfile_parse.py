"""The first columns of a row file's line, and its header: read and checked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from survey_app.domain.counting import CellKey
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_bins import Bin, Entered, PsuKey
from survey_app.domain.rowfile_cells import RowFileError, unguard
from survey_app.domain.rowfile_columns import CODE_PREFIX, FIXED
from survey_app.domain.rowfile_version import LONGEST_SHOWN, CellError, VersionReader, unknown_code
from survey_app.domain.weeks import Week

FindVersion = Callable[[str], Questionnaire | None]
FirstColumns = tuple[str, ...]
Value = TypeVar("Value")

# Needed to count; age, sex and labels may be cut out of a file before it is passed on.
NEEDED = tuple(name for name in FIXED if name not in {"age", "sex"})
# Those that name the sampling unit stand side by side.
_PSU = slice(NEEDED.index("unit"), NEEDED.index("psu") + 1)
CHANNELS = {name: name for name in ("kiosk", "code", "open")}
STATUSES = {"complete": True, "partial": False}


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
class Kind:
    """What a line's first columns say beside its sampling unit. `group`: as its column says; the answers decide."""

    version: VersionReader
    channel: str
    complete: bool
    entered: Entered
    group: str

    def bin(self, psu: PsuKey, group: str) -> Bin:
        """An empty bin for such forms of a sampling unit and procedure group."""
        key = _cell_key(self.version.hash, self.channel, group, self.entered.flag is not None)
        return Bin(self.version, psu, key, self.entered, complete=self.complete)


class LineParser:
    """Reads lines under one header. `find_version` gives a questionnaire by the label in the first column."""

    def __init__(self, header: Header, find_version: FindVersion) -> None:
        self.header = header
        self.find_version = find_version
        self.versions: dict[str, VersionReader] = {}
        self._psus: dict[FirstColumns, PsuKey] = {}
        self._kinds: dict[FirstColumns, Kind] = {}
        # The first columns of a line as they stand in it.
        self.first_columns: Callable[[Sequence[str]], FirstColumns] = itemgetter(*header.needed)

    def bin(self, raw: FirstColumns, group: str | None) -> Bin:
        """An empty bin for lines that begin like this, or for the `group` that their answers say. Raises CellError."""
        # Each of the two repeats more often than both together.
        own, other = raw[_PSU], (*raw[: _PSU.start], *raw[_PSU.stop :])
        if own not in self._psus or other not in self._kinds:
            cells = dict(zip(NEEDED, map(unguard, raw), strict=True))
            self._psus[own], self._kinds[other] = _psu(cells), self._kind(cells)
        kind = self._kinds[other]
        return kind.bin(self._psus[own], kind.group if group is None else group)

    def wrong_length(self, cells: Sequence[str]) -> CellError:
        """What to say of a line that is cut off or too long."""
        expected = self.header.width
        return CellError("rowfile.line_length", found=len(cells), expected=expected)

    def _kind(self, cells: Mapping[str, str]) -> Kind:
        _expect(cells, "weight", "1")
        return Kind(
            version=self._version(cells["questionnaire"]),
            channel=_one_of(cells, "channel", CHANNELS),
            complete=_one_of(cells, "status", STATUSES),
            entered=_entered(cells),
            group=cells["procedure_group"],
        )

    def _version(self, label: str) -> VersionReader:
        if label not in self.versions:
            questionnaire = self.find_version(label)
            if questionnaire is None:
                raise CellError("rowfile.unknown_questionnaire", label=label[:80])
            self.versions[label] = VersionReader(questionnaire, self.header.questions)
        return self.versions[label]


# Hundreds of thousands of bins share a few keys.
_cell_key = lru_cache(maxsize=1024)(CellKey)
_known_entered = lru_cache(maxsize=1024)(Entered)


def _psu(cells: Mapping[str, str]) -> PsuKey:
    week = _week(cells["week"])
    _expect(cells, "stratum", cells["week"])
    for name in ("unit", "psu"):
        if not cells[name]:
            raise CellError("rowfile.cell_empty", column=name)
    return cells["unit"], week, cells["psu"]


def _entered(cells: Mapping[str, str]) -> Entered:
    first, flag = (
        _week(cells[name]) if cells[name] else None for name in ("first_vintage", "flag_vintage")
    )
    _expect(cells, "flagged", "0" if flag is None else "1")
    return _known_entered(first, flag)


@lru_cache(maxsize=1024)
def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise CellError("rowfile.week", cell=text[:LONGEST_SHOWN]) from error


def _expect(cells: Mapping[str, str], column: str, value: str) -> None:
    if cells[column] != value:
        cell = cells[column][:LONGEST_SHOWN]
        raise CellError("rowfile.cell_differs", column=column, cell=cell, expected=value)


def _one_of(cells: Mapping[str, str], column: str, values: Mapping[str, Value]) -> Value:
    if cells[column] not in values:
        raise unknown_code(column, cells[column])
    return values[cells[column]]


def _refuse(code: str, columns: Sequence[str]) -> None:
    if columns:
        raise RowFileError(Problem(code, "1", {"columns": ", ".join(columns)}))
