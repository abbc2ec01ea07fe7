"""The row file as text: dialects, guarded formulas, and a trip that alters nothing."""

import csv
import io
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.rowfile_cells import (
    DIALECTS,
    EXCEL,
    PLAIN,
    Dialect,
    RowFileError,
    guard,
    read,
    unguard,
    write,
)

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
both = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


def read_back(data: bytes) -> list[list[str]]:
    return [[unguard(cell) for cell in cells] for _, cells in read(io.BytesIO(data))]


@both
@given(lines=st.lists(st.lists(texts, min_size=3, max_size=3)))
def test_any_text_survives(dialect: Dialect, lines: list[list[str]]) -> None:
    header = ["a", "b", "c"]
    data = b"".join(write([header, *lines], dialect))
    expected = [[unicodedata.normalize("NFC", cell) for cell in line] for line in lines]
    assert read_back(data) == [header, *(line for line in expected if any(line))]


@both
@given(line=st.lists(st.text(st.sampled_from("'=+-@\t\r ＝＋－＠\u00a0\u3000;,\"a")), min_size=2))
def test_no_cell_or_header_starts_like_a_formula(dialect: Dialect, line: list[str]) -> None:
    data = b"".join(write([line, line], dialect)).decode("utf-8-sig")
    for cells in csv.reader(io.StringIO(data, newline=""), delimiter=dialect.delimiter):
        for cell in cells:
            assert not cell.strip().startswith(DANGEROUS)
            assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("start", [*DANGEROUS, " =", "\u3000＠", "\ufeff=", "\u200b+"])
def test_a_guard_is_one_apostrophe(start: str) -> None:
    assert guard(f"{start}1+1") == f"'{start}1+1"
    assert unguard(guard(f"{start}1+1")) == f"{start}1+1"


@pytest.mark.parametrize("text", ["Có", "yes", "'quoted'", "", "1-2", "a=b"])
def test_harmless_text_stays(text: str) -> None:
    assert guard(text) == text


@both
def test_numbers_stay_numbers(dialect: Dialect) -> None:
    data = b"".join(write([["x", "y"], [-5, "-5"]], dialect)).decode("utf-8-sig")
    assert data.splitlines()[1] == dialect.delimiter.join(["-5", "'-5"])


def test_excel_gets_a_mark_and_semicolons() -> None:
    data = b"".join(write([["Ủy ban", "b"]], EXCEL))
    assert data == b"\xef\xbb\xbf" + "Ủy ban;b\r\n".encode()


def test_plain_has_neither() -> None:
    assert b"".join(write([["Ủy ban", "b"]], PLAIN)) == "Ủy ban,b\r\n".encode()


def test_decomposed_letters_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Ủy")
    assert b"".join(write([[decomposed, "b"]], PLAIN)) == "Ủy,b\r\n".encode()


def test_the_header_is_sent_before_anything_else_is_asked_for() -> None:
    def lines() -> Iterator[list[str]]:
        yield ["unit", "week"]
        raise AssertionError("consumed eagerly")

    assert next(write(lines(), PLAIN)) == b"unit,week\r\n"


def test_a_long_file_comes_in_bounded_chunks() -> None:
    chunks = list(write((["x" * 100] for _ in range(20_000)), PLAIN))
    assert max(map(len, chunks)) < 100_000
    assert sum(chunk.count(b"\n") for chunk in chunks) == 20_000


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_spreadsheets_make_of_it_is_read(delimiter: str, line_end: str, mark: str) -> None:
    rows = [["unit", "week"], ["'=1", "Có"], ["", ""]]
    text = mark + "".join(delimiter.join(f'"{c}"' for c in r) + line_end for r in rows)
    assert read_back(text.encode()) == [["unit", "week"], ["=1", "Có"]]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "rowfile.empty", "1"),
        (b"\xef\xbb\xbf\r\n", "rowfile.empty", "1"),
        ("a,b\nc,Ủy".encode("utf-16"), "rowfile.not_utf8", "1"),
        (b"a,b\nc,d\ne,\xea\n", "rowfile.not_utf8", "3"),
        (b'a,b\nc,"cut off', "rowfile.broken_line", "2"),
        (b'a,b\n"c"d,e\n', "rowfile.broken_line", "2"),
    ],
)
def test_what_is_no_text_of_ours_is_refused_with_its_line(
    data: bytes, code: str, line: str
) -> None:
    with pytest.raises(RowFileError) as refusal:
        list(read(io.BytesIO(data)))
    assert (refusal.value.problem.code, refusal.value.problem.where) == (code, line)
