"""The row file as text: two CSV dialects, and cells no spreadsheet can take for a formula.

A text cell or header that a spreadsheet would execute (it starts with = + - @, their full-width forms, a tab or a line break,
also after blanks) gets a guarding apostrophe; reading takes exactly that one off again, so that nothing is altered by the
trip. Numbers stay numbers: −5 is written -5.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from survey_app.domain.problem import Problem

Cell = str | int
Line = Sequence[Cell]

BOM = "\ufeff"
_BLANK = r"[\s\u200b\ufeff]*"
_DANGER = rf"(?:[\t\r\n]|{_BLANK}[=+\-@＝＋－＠])"
# Apostrophes before a danger count too: else a text that already starts with one would lose it on reading.
_TO_GUARD = re.compile(rf"'*{_DANGER}")
_GUARDED = re.compile(rf"'+{_DANGER}")
_LINES_A_CHUNK = 500
# RFC 4180; and with any other, Python's csv leaves a lone carriage return inside a cell unquoted.
_LINE_END = "\r\n"


class RowFileError(ValueError):
    """A row file that cannot be read; `problem.where` is the line number, counted from 1."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.where}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a row file is spelled."""

    name: str
    delimiter: str
    bom: bool


# A `sep=` line would make Excel drop the encoding, so there is none.
EXCEL = Dialect("excel", ";", bom=True)
PLAIN = Dialect("plain", ",", bom=False)
DIALECTS = {dialect.name: dialect for dialect in (EXCEL, PLAIN)}


@lru_cache(maxsize=4096)
def guard(text: str) -> str:
    """A text as it may stand in a cell: NFC, with an apostrophe before what looks like a formula."""
    text = unicodedata.normalize("NFC", text)
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguard(text: str) -> str:
    """The text of a cell: the inverse of `guard`."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def write(lines: Iterable[Line], dialect: Dialect) -> Iterator[bytes]:
    """Encode lines, header first: the first chunk at once, then a few hundred lines a chunk.

    Lazy: takes from `lines` no more than the chunk it makes.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator=_LINE_END)
    buffer.write(BOM if dialect.bom else "")
    for number, line in enumerate(lines):
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in line])
        if number % _LINES_A_CHUNK == 0:
            yield _take(buffer)
    yield _take(buffer)


def read(raw_lines: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells, still guarded, of each line that is not blank.

    Reads both dialects and what Excel makes of them (BOM, semicolon, comma or tab, CRLF, quotes). Raises RowFileError.
    """
    raw = iter(raw_lines)
    first = _first_line(next(raw, b""))
    if not first.strip():
        raise RowFileError(Problem("rowfile.empty", "1"))
    # Without a frame of ours between the lines and csv: there may be a million of them.
    texts = chain((first,), map(bytes.decode, raw))
    reader = csv.reader(texts, delimiter=_delimiter(first), strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise RowFileError(Problem("rowfile.broken_line", str(reader.line_num))) from error
    except UnicodeDecodeError as error:
        raise RowFileError(Problem("rowfile.not_utf8", str(reader.line_num + 1))) from error


def _first_line(raw: bytes) -> str:
    try:
        return raw.decode().removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise RowFileError(Problem("rowfile.not_utf8", "1")) from error


def _delimiter(header: str) -> str:
    """The one of ; , and tab that the header has most of: no name of a column holds any."""
    return max(";,\t", key=header.count)


def _take(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
