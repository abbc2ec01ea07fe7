"""Dossiers of many weeks at once: what spreadsheets send is read, what cannot be right is said line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.dossier_table import LineProblem, read_table
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers

GROUPS = {"cert": "Chứng thực, xác nhận giấy tờ", "land": "Đất đai"}
NAMES = {"week": ("Tuần",), "total": ("Tổng số hồ sơ",)}
LAST = Week(2026, 47)
HEADER = "Tuần;Đất đai;cert;TỔNG SỐ HỒ SƠ\n"


def read(text: str) -> dict[Week, Dossiers]:
    found = read_table(text, GROUPS, LAST, NAMES)
    assert isinstance(found, dict), found
    return found


def problems(text: str) -> list[tuple[int, str, str]]:
    found = read_table(text, GROUPS, LAST, NAMES)
    assert isinstance(found, list)
    return [(one.line, one.column, one.problem.code) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "47/2026;70;1.200;1.270\n\n2026-w46;0;3;\n",
        "\ufeff" + (HEADER + "Tuần 47/2026;70;1200;1270\r\n46/2026;0;3;3\r\n").replace(";", "\t"),
        'tuần,land,"Chứng thực, xác nhận giấy tờ",total,,\n47/2026,70,"1,200",1270,,\n46-2026,0,3,3,,',
    ],
)
def test_what_spreadsheets_send_is_read(text: str) -> None:
    assert read(text) == {
        Week(2026, 47): Dossiers({"cert": 1200, "land": 70}, 1270),
        Week(2026, 46): Dossiers({"cert": 3, "land": 0}, 3),
    }


def test_the_total_alone_is_enough() -> None:
    assert read("Tuần;total\n47/2026;12") == {LAST: Dossiers({}, 12)}


def test_every_line_is_told_what_is_wrong_with_it() -> None:
    lines = [
        "47/2026;70;1200;1271",
        "46/2026;-1;3;2",
        "45/2026;mười;3;13",
        "48/2026;1;2;3",
        "tháng 10;1;2;3",
        "44/2026;1;2",
        "43/2026;;2;3",
        "42/2026;;;",
        "41/2026;1;2;3",
        "2026-W41;1;2;3",
        "2026-W54;1;2;3",
    ]
    text = HEADER + "\n".join(lines)
    assert problems(text) == [
        (2, "total", "dossiers.sum_differs"),
        (3, "land", "dossiers.number"),
        (4, "land", "dossiers.number"),
        (5, "week", "dossiers.week_not_over"),
        (6, "week", "dossiers.week"),
        (7, "", "dossiers.cells"),
        (8, "land", "dossiers.group_missing"),
        (9, "total", "dossiers.nothing"),
        (11, "week", "dossiers.week_twice"),
        (12, "week", "dossiers.week"),
    ]


def test_two_faults_of_a_line_are_both_said() -> None:
    found = problems(HEADER + "48/2026;x;2;3")
    assert found == [(2, "week", "dossiers.week_not_over"), (2, "land", "dossiers.number")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Tuần;Hộ tịch;total", (1, "", "dossiers.unknown_column")),
        ("Đất đai;cert", (1, "", "dossiers.no_week_column")),
        ("Tuần;land;Đất đai", (1, "land", "dossiers.column_twice")),
    ],
)
def test_columns_that_cannot_be_are_said(header: str, expected: tuple[int, str, str]) -> None:
    assert expected in problems(header + "\n47/2026;1;2")


@pytest.mark.parametrize("text", ["", "\n \n", HEADER, HEADER + ";;;\n"])
def test_nothing_is_not_a_table(text: str) -> None:
    assert problems(text)[0][2] == "dossiers.no_lines"


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    for sent in (text, HEADER + text):
        found = read_table(sent, GROUPS, LAST, NAMES)
        assert isinstance(found, dict) or all(isinstance(one, LineProblem) for one in found)
