"""Finished dossiers of many weeks at once, as an administrator pastes them from a spreadsheet.

The first line names the columns: the week, the procedure groups (by code or by name), the total. Cells are apart by
tabulators, semicolons or commas. Either every line is right or nothing is taken: half a table kept would be corrected twice.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.dossiers import TOTAL, read_dossiers
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers

WEEK = "week"
MOST_LINES = 300
_TURNED = re.compile(r"(?:\D*\s)?(\d{1,2})\s*[/-]\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line; `column` names the cell, empty for the whole line."""

    line: int
    column: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Sequence[str]


def read_table(
    text: str, groups: Mapping[str, str], last: Week, names: Mapping[str, Sequence[str]]
) -> dict[Week, Dossiers] | list[LineProblem]:
    """Every week's report, or everything that is wrong, line by line.

    `groups`: procedure groups by code, with their names; `last`: the last week that has ended; `names`: what the
    columns "week" and "total" may be called beside that.
    """
    lines = list(_lines(text))
    if not lines:
        return [LineProblem(1, "", Problem("dossiers.no_lines"))]
    header, *body = lines
    columns, problems = _columns(header, groups, names)
    if not body:
        problems.append(LineProblem(header.number, "", Problem("dossiers.no_lines")))
    if len(body) > MOST_LINES:
        problems.append(
            LineProblem(0, "", Problem("dossiers.many_lines", "", {"most": MOST_LINES}))
        )
    return problems or _read_body(body, columns, list(groups), last)


def _read_body(
    body: Sequence[_Line], columns: Sequence[str], groups: Sequence[str], last: Week
) -> dict[Week, Dossiers] | list[LineProblem]:
    found: dict[Week, Dossiers] = {}
    seen: dict[Week, int] = {}
    problems: list[LineProblem] = []
    for line in body:
        read = _read_line(line, columns, groups, last, seen)
        if isinstance(read, list):
            problems += read
        else:
            week, found[week] = read
    return problems or found


def _read_line(
    line: _Line, columns: Sequence[str], groups: Sequence[str], last: Week, seen: dict[Week, int]
) -> tuple[Week, Dossiers] | list[LineProblem]:
    if len(line.cells) < len(columns) or any(line.cells[len(columns) :]):
        params = {"cells": len(line.cells), "columns": len(columns)}
        return [LineProblem(line.number, "", Problem("dossiers.cells", "", params))]
    cells = dict(zip(columns, line.cells, strict=False))
    week = _week(cells.pop(WEEK), last)
    problems = [week] if isinstance(week, Problem) else _twice(week, line.number, seen)
    counted = read_dossiers(cells, groups)
    if not isinstance(counted, Dossiers):
        problems += counted
    if isinstance(week, Week) and isinstance(counted, Dossiers) and not problems:
        return week, counted
    return [LineProblem(line.number, one.where, one) for one in problems]


def _twice(week: Week, number: int, seen: dict[Week, int]) -> list[Problem]:
    first = seen.setdefault(week, number)
    if first == number:
        return []
    return [Problem("dossiers.week_twice", WEEK, {"week": str(week), "line": first})]


def _week(text: str, last: Week) -> Week | Problem:
    """A week as "2026-W47", "47/2026" or "Tuần 47/2026"."""
    week = _parse(text)
    if week is None:
        return Problem("dossiers.week", WEEK, {"text": text})
    if week > last:
        return Problem("dossiers.week_not_over", WEEK, {"week": str(week)})
    return week


def _parse(text: str) -> Week | None:
    turned = _TURNED.fullmatch(text)
    try:
        return Week.parse(f"{turned[2]}-W{int(turned[1]):02d}" if turned else text.upper())
    except ValueError:
        return None


def _columns(
    header: _Line, groups: Mapping[str, str], names: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[LineProblem]]:
    known = {_plain(name): code for code, name in groups.items()}
    known |= {_plain(code): code for code in (*groups, WEEK, TOTAL)}
    known |= {_plain(name): code for code, called in names.items() for name in called}
    named = list(header.cells)
    while not named[-1]:
        named.pop()
    columns = [known.get(_plain(cell), "") for cell in named]
    problems = [
        Problem("dossiers.unknown_column", "", {"name": cell})
        for cell, column in zip(named, columns, strict=True)
        if not column
    ]
    twice = {column for column in columns if column and columns.count(column) > 1}
    problems += [Problem("dossiers.column_twice", column) for column in sorted(twice)]
    if WEEK not in columns:
        problems.append(Problem("dossiers.no_week_column"))
    return columns, [LineProblem(header.number, one.where, one) for one in problems]


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold anything, with their numbers as people count them."""
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\r\n", "\n")
    lines = text.replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    separator = max("\t;,", key=first.count)
    for number, line in enumerate(lines, 1):
        cells = _cells(line, separator)
        if cells:
            yield _Line(number, cells)


def _cells(line: str, separator: str) -> list[str]:
    """The line's cells; none when all are empty."""
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:  # one cell longer than any week's numbers
        return [line.strip()]
    return cells if any(cells) else []


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
