"""Reading a row file: what was exported is counted as it was, and what is spoiled is refused with its line."""

import csv
import io
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting import CountedForm, Totals, count, totals_from_json, totals_to_json
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile import FileRow
from survey_app.domain.rowfile_cells import DIALECTS, EXCEL, PLAIN, Dialect, RowFileError
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.rowfile_read import FileCounts, read_counts
from survey_app.domain.weeks import Week
from tests.support.rowfiles import UNIT, file_bytes, questionnaire, row

ONE, TWO = questionnaire(1), questionnaire(2)
VERSIONS = {version.label: version for version in (ONE, TWO)}
LAYOUT = Layout((ONE, TWO))
W47 = Week(2026, 47)
both = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
awkward = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


def reading(data: bytes) -> FileCounts:
    return read_counts(io.BytesIO(data), VERSIONS.get)


def counted(rows: list[FileRow]) -> dict[str, Totals]:
    """What counting the responses themselves gives, by label."""
    forms: dict[str, list[CountedForm]] = {}
    for r in rows:
        form = CountedForm(r.questionnaire, r.channel, r.complete, r.flagged, r.answers)
        forms.setdefault("p" + r.psu, []).append(form)
    return {label: count(found, {v.hash: v for v in (ONE, TWO)}) for label, found in forms.items()}


@st.composite
def some_answers(draw: st.DrawFn, version: Questionnaire) -> dict[str, Answer]:
    """Answers to any of the questions, each valid."""
    answers: dict[str, Answer] = {}
    for question in version.questions.values():
        codes = st.sampled_from(question.codes) if question.codes else st.nothing()
        match question.kind:
            case "integer":
                choice: st.SearchStrategy[Answer] = st.integers(-10, 10) | codes
            case "multiple":
                choice = st.lists(codes, min_size=1, unique=True)
            case "remark":
                continue
            case _:
                choice = codes
        if draw(st.booleans()):
            answers[question.id] = draw(choice)
    return answers


@st.composite
def some_rows(draw: st.DrawFn) -> FileRow:
    version = draw(st.sampled_from([ONE, TWO]))
    return row(
        version,
        draw(some_answers(version)),
        psu=draw(st.sampled_from("abc")),
        channel=draw(st.sampled_from(["kiosk", "code", "open"])),
        complete=draw(st.booleans()),
        flagged=draw(st.booleans()),
    )


@both
@given(rows=st.lists(some_rows(), min_size=1, max_size=30), seed=st.integers())
def test_export_then_count_equals_counting(
    dialect: Dialect, rows: list[FileRow], seed: int
) -> None:
    counts = reading(file_bytes(rows, LAYOUT, dialect, seed=seed))
    psus = counts.week_counts(UNIT)[W47].psus
    assert {psu.label: psu.totals for psu in psus} == _without_zeros(counted(rows))
    assert [psu.label for psu in psus] == sorted({"p" + r.psu for r in rows})
    assert counts.rows == {(UNIT, W47): len(rows)}
    assert counts.findings == []


def _without_zeros(totals: dict[str, Totals]) -> dict[str, Totals]:
    return {label: totals_from_json(totals_to_json(t)) for label, t in totals.items()}


@both
@given(rows=st.lists(some_rows(), min_size=1, max_size=20))
@pytest.mark.chaos(36)
def test_every_stored_value_is_found_in_the_file(dialect: Dialect, rows: list[FileRow]) -> None:
    text = file_bytes(rows * 5, LAYOUT, dialect).decode("utf-8-sig")
    for r in rows:
        for answer in r.answers.values():
            shown = " ".join(answer) if isinstance(answer, list) else str(answer)
            assert shown in text


@both
@given(unit=awkward, psu=awkward)
def test_names_that_look_like_formulas_come_back(dialect: Dialect, unit: str, psu: str) -> None:
    unit, psu = (unicodedata.normalize("NFC", text) for text in (unit, psu))
    counts = reading(file_bytes([row(ONE, unit=unit, psu=psu)], LAYOUT, dialect))
    assert counts.units == [unit]
    assert [found.label for found in counts.week_counts(unit)[W47].psus] == ["p" + psu]


def test_lines_may_stand_in_any_order_and_columns_may_be_moved_added_or_cut() -> None:
    rows = [row(ONE, {"courteous": "yes"}, psu=psu) for psu in "abab"]
    lines = [
        line.split(",") for line in file_bytes(rows, Layout((ONE,)), PLAIN).decode().splitlines()
    ]
    keep = [i for i, name in enumerate(lines[0]) if not name.startswith("nhan_") and name != "age"]
    Random(3).shuffle(keep)
    moved = "\n".join(";".join([*(line[i] for i in keep), "x"]) for line in lines)
    totals = {p.label: p.totals for p in reading(moved.encode()).week_counts(UNIT)[W47].psus}
    assert totals == _without_zeros(counted(rows))


def test_weeks_without_lines_are_weeks_without_forms() -> None:
    weeks = ["2026-W50", "2027-W01"]
    data = b"".join(
        file_bytes([row(ONE, week=week)], LAYOUT, PLAIN).split(b"\r\n", bool(i))[-1]
        for i, week in enumerate(weeks)
    )
    counts = reading(data).week_counts(UNIT)
    assert [str(week) for week in counts] == [
        *("2026-W50", "2026-W51", "2026-W52", "2026-W53", "2027-W01")
    ]
    assert [len(found.psus) for found in counts.values()] == [1, 0, 0, 0, 1]


@given(rows=st.lists(some_rows(), min_size=1, max_size=8), times=st.integers(1, 40))
def test_answers_of_like_forms_may_be_counted_before_the_end(
    rows: list[FileRow], times: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("survey_app.domain.rowfile_bins._MOST_HELD", 50)
        psus = reading(file_bytes(rows * times, LAYOUT, PLAIN)).week_counts(UNIT)[W47].psus
    assert {psu.label: psu.totals for psu in psus} == _without_zeros(counted(rows * times))


@given(rows=st.lists(some_rows(), min_size=1, max_size=20), cut=st.sampled_from(LAYOUT.questions))
def test_a_question_whose_column_was_cut_counts_as_not_asked(rows: list[FileRow], cut: str) -> None:
    lines = [line.split(",") for line in file_bytes(rows, LAYOUT, PLAIN).decode().splitlines()]
    place = lines[0].index(f"q_{cut}")
    data = "\n".join(",".join([*line[:place], *line[place + 1 :]]) for line in lines)
    left = [
        replace(r, answers={q: answer for q, answer in r.answers.items() if q != cut}) for r in rows
    ]
    psus = reading(data.encode()).week_counts(UNIT)[W47].psus
    assert {psu.label: psu.totals for psu in psus} == _without_zeros(counted(left))


def test_a_group_that_contradicts_the_answer_is_a_finding_and_the_answer_counts() -> None:
    data = file_bytes([row(ONE, {"procedure": "cert"})], LAYOUT, PLAIN)
    counts = reading(data.replace(b",kiosk,cert,", b",kiosk,land,"))
    [finding] = counts.findings
    assert (finding.code, finding.where) == ("rowfile.group_contradicts", "2")
    assert [key.group for key in counts.week_counts(UNIT)[W47].psus[0].totals] == ["cert"]


Spoil = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("spoil", "code", "line"),
    [
        (lambda d: d.replace(b"psu,", b"day,"), "rowfile.columns_missing", "1"),
        (lambda d: d.replace(b"q_needs,", b"q_courteous,"), "rowfile.columns_doubled", "1"),
        (lambda d: d.replace(b"thu@", b"khac@"), "rowfile.unknown_questionnaire", "2"),
        (lambda d: d.replace(b",yes,", b",maybe,"), "rowfile.unknown_code", "2"),
        (lambda d: d.replace(b",-5,", b",-11,"), "rowfile.unknown_code", "3"),
        (lambda d: d.replace(b",-5,", b",minus,"), "rowfile.unknown_code", "3"),
        (lambda d: d.replace(b",-5,", ",²,".encode()), "rowfile.unknown_code", "3"),
        (lambda d: d.replace(b",kiosk,", b",door,"), "rowfile.unknown_code", "2"),
        (lambda d: d.replace(b",complete,", b",done,"), "rowfile.unknown_code", "2"),
        (lambda d: d.replace(b",complete,0,1", b",complete,0,2"), "rowfile.cell_differs", "2"),
        (lambda d: d.replace(b",complete,0,1", b",complete,x,1"), "rowfile.cell_differs", "2"),
        (lambda d: d.replace(b",complete,0,1", b",complete,1,1"), "rowfile.cell_differs", "2"),
        (lambda d: d.replace(b",0,1,2026-W47,", b",0,1,2026-W54,"), "rowfile.week", "2"),
        (lambda d: d.replace(b"W47,2026-W47,", b"W47,2026-W46,"), "rowfile.cell_differs", "2"),
        (lambda d: d.replace(b"2026-W47", b"2026-W54"), "rowfile.week", "2"),
        (lambda d: d.replace(b"2026-W47", b"16/11/2026"), "rowfile.week", "2"),
        (lambda d: d.replace(b",pk3f9,", b",,"), "rowfile.cell_empty", "2"),
        (lambda d: d[:-40], "rowfile.line_length", "3"),
        (lambda d: d.replace(b",seat,", b",,"), "", ""),
        (lambda d: d.split(b"\r\n")[0], "rowfile.no_rows", "1"),
        (
            lambda d: d.replace(b",short,", b",,").replace(TWO.label.encode(), ONE.label.encode()),
            "",
            "",
        ),
        (
            lambda d: d.replace(TWO.label.encode(), ONE.label.encode()),
            "rowfile.foreign_answer",
            "2",
        ),
    ],
)
def test_spoiled_files_are_refused_with_their_line(spoil: Spoil, code: str, line: str) -> None:
    rows = [
        row(TWO, {"courteous": "yes", "queue": "short"}),
        row(ONE, {"needs": ["seat"], "warmth": -5}),
    ]
    data = spoil(file_bytes(rows, LAYOUT, PLAIN, seed=1))
    if not code:
        assert reading(data).rows[UNIT, W47] == 2
        return
    with pytest.raises(RowFileError) as refusal:
        reading(data)
    assert (refusal.value.problem.code, refusal.value.problem.where) == (code, line)


def test_what_excel_saves_again_gives_the_same_counts() -> None:
    rows = [row(ONE, {"courteous": "no", "warmth": -5}), row(TWO, {"queue": "long"})]
    text = file_bytes(rows, LAYOUT, EXCEL).decode("utf-8-sig")
    again = io.StringIO("\ufeff", newline="")
    again.seek(0, io.SEEK_END)
    writer = csv.writer(again, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    writer.writerow([""] * len(LAYOUT.header))
    assert reading(again.getvalue().encode()).totals == reading(text.encode()).totals
