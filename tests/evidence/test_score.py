"""`survey-app score`: what it says of good files, spoiled files and unknown questionnaires; no settings needed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from survey_app.cli import main
from survey_app.commands import _dossier_files
from survey_app.commands.score import WORDS
from survey_app.content import bundled_questionnaire, questionnaire_source
from survey_app.domain.rowfile import FileRow
from survey_app.domain.rowfile_cells import EXCEL, PLAIN
from survey_app.domain.rowfile_columns import Layout
from tests.support.rowfiles import file_bytes, questionnaire, row

BUNDLED = bundled_questionnaire()
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SURVEY_APP_DATA_DIR", "SURVEY_APP_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def some_rows(number: int = 40, **changes: Any) -> list[FileRow]:
    answers = {"procedure": "other", "stage": "ask", "staff_courteous": "yes", "satisfaction": "s4"}
    return [row(BUNDLED, answers, psu=f"d{n % 6}", **changes) for n in range(number)]


def save(name: str, data: bytes) -> str:
    Path(name).write_bytes(data)
    return name


def test_a_thin_file_says_in_vietnamese_why_there_is_nothing(capsys: Out) -> None:
    path = save("thin.csv", file_bytes(some_rows(5), Layout((BUNDLED,)), EXCEL))
    assert main(["score", path]) == 0
    out = capsys.readouterr().out
    assert "12103@2025-07-01 · tuần 2026-W47 · dưới 15 phiếu đầy đủ" in out
    assert "chưa đủ 30 phiếu" in out
    assert "Tệp bắt đầu từ tuần 2026-W47." in out


def test_figures_are_printed_with_a_decimal_comma_and_their_interval(capsys: Out) -> None:
    path = save("rows.csv", file_bytes(some_rows(60), Layout((BUNDLED,)), PLAIN))
    assert main(["score", path]) == 0
    out = capsys.readouterr().out
    assert "  Tỷ lệ hài lòng (%)\n    2026-W47: ≥ 95,0, 60 phiếu\n" in out


def test_json_says_what_it_was_computed_from(capsys: Out) -> None:
    path = save("rows.csv", file_bytes(some_rows(), Layout((BUNDLED,)), PLAIN))
    assert main(["score", path, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["questionnaires"] == [BUNDLED.label]
    assert "rows" not in result
    assert result["needs_earlier_weeks"] == ["2026-W47"]
    assert result["findings"] == []


def week_of_all_kinds(week: str, satisfied: int) -> list[FileRow]:
    """Ninety rows: twenty of them flagged, and twenty others from phones; of the plain fifty so many are satisfied."""
    kinds: list[dict[str, Any]] = [{}] * 50 + [{"flagged": True}] * 20 + [{"channel": "code"}] * 20
    answers = {"procedure": "other", "stage": "ask"}
    return [
        row(
            BUNDLED,
            answers | {"satisfaction": "s4" if n < satisfied or n >= 50 else "s2"},
            week=week,
            psu=f"d{n % 6}",
            **kind,
        )
        for n, kind in enumerate(kinds)
    ]


def test_figures_beside_the_bulletin_are_scored_too(capsys: Out) -> None:
    rows = [*week_of_all_kinds("2026-W46", 20), *week_of_all_kinds("2026-W47", 40)]
    path = save("rows.csv", file_bytes(rows, Layout((BUNDLED,)), PLAIN))
    assert main(["score", path, "--json"]) == 0
    week = json.loads(capsys.readouterr().out)["units"]["12103@2025-07-01"]["2026-W47"]
    assert week["flagged"] == 22.0
    plain, other = week["figures"]["satisfaction"], week["without_flagged"]["satisfaction"]
    assert (plain["value"], plain["n"]) == (88.9, 90)
    assert (other["value"], other["n"]) == (85.7, None)
    # 80 of 90 against 60 of 90; at tablets 60 of 70 against 40 of 70.
    assert week["changes"]["satisfaction"]["value"] == 22.2
    assert week["at_tablets"]["satisfaction"]["value"] == 28.6
    assert week["weighted"] == {}


@pytest.mark.parametrize(
    ("unit", "table", "words"),
    [
        (
            "12103",
            "Tuần;cert\n2026-W47;3\n",
            "ho-so.csv: dòng 2: construction: cần đủ các nhóm thủ tục",
        ),
        (
            "12103",
            "Tuần;thuế\n2026-W47;3\n",
            "ho-so.csv: dòng 1: cột “thuế” không phải nhóm thủ tục",
        ),
        (
            "12103",
            "Tuần;cert;construction;land;other;total\n2026-W47;3;2;1;0;7\n",
            "ho-so.csv: dòng 2: total: các nhóm thủ tục cộng lại là 6, nhưng tổng số là 7.",
        ),
        ("12104", "Tuần;total\n2026-W47;3\n", "đơn vị là một trong: 12103@2025-07-01"),
    ],
)
def test_a_table_of_dossiers_that_cannot_be_used_is_refused(
    capsys: Out, unit: str, table: str, words: str
) -> None:
    path = save("rows.csv", file_bytes(some_rows(), Layout((BUNDLED,)), PLAIN))
    Path("ho-so.csv").write_text(table, encoding="utf-8")
    assert main(["score", path, "--dossiers", f"{unit}=ho-so.csv"]) == 2
    assert words in capsys.readouterr().err


def test_every_complaint_about_dossiers_has_words() -> None:
    domain = Path(__file__).parents[2] / "survey_app" / "domain"
    sources = ((domain / f"{name}.py").read_text("utf-8") for name in ("dossiers", "dossier_table"))
    found = {code for text in sources for code in re.findall(r'"(dossiers\.[a-z_]+)"', text)}
    # A row file knows of no week whether it is over.
    assert found == {*_dossier_files.WORDS, "dossiers.week_not_over"}


def test_what_too_many_doubtful_forms_withhold_is_said(capsys: Out) -> None:
    rows = some_rows(20) + some_rows(20, flagged=True)
    path = save("rows.csv", file_bytes(rows, Layout((BUNDLED,)), PLAIN))
    assert main(["score", path]) == 0
    assert "quá 25% số phiếu trong kỳ cần xem xét lại" in capsys.readouterr().out


def test_every_reason_for_withholding_has_words() -> None:
    domain = Path(__file__).parents[2] / "survey_app" / "domain"
    sources = (path.read_text(encoding="utf-8") for path in domain.rglob("*.py"))
    found = {code for text in sources for code in re.findall(r'"(figure\.[a-z_]+)"', text)}
    assert found <= set(WORDS)
    assert len(found) > 5


def test_a_contradiction_is_a_finding(capsys: Out) -> None:
    data = file_bytes(some_rows(3), Layout((BUNDLED,)), PLAIN)
    path = save("rows.csv", data.replace(b",kiosk,other,", b",kiosk,land,", 1))
    assert main(["score", path]) == 1
    assert (
        "Dòng 2: Cột procedure_group ghi “land”, câu trả lời ghi “other”" in capsys.readouterr().err
    )


def test_an_unknown_questionnaire_can_be_given(capsys: Out) -> None:
    version = questionnaire()
    path = save("rows.csv", file_bytes([row(version)] * 12, Layout((version,)), PLAIN))
    assert main(["score", path]) == 2
    assert f"Dòng 2: Không biết bộ câu hỏi “{version.label}”." in capsys.readouterr().err
    Path("thu.json").write_bytes(version.canonical)
    assert main(["score", path, "--questionnaire", "thu.json"]) == 0


def test_an_authored_questionnaire_is_compiled(capsys: Out) -> None:
    Path("own.yaml").write_text(questionnaire_source(), encoding="utf-8")
    path = save("rows.csv", file_bytes(some_rows(3), Layout((BUNDLED,)), PLAIN))
    assert main(["score", path, "--questionnaire", "own.yaml"]) == 0
    assert capsys.readouterr().err == "Đã đọc 3 dòng.\n"


@pytest.mark.parametrize("content", ["{}", "{", "format: 1", "không phải"])
def test_what_is_no_questionnaire_is_refused(capsys: Out, content: str) -> None:
    Path("own").write_text(content, encoding="utf-8")
    path = save("rows.csv", file_bytes(some_rows(3), Layout((BUNDLED,)), PLAIN))
    assert main(["score", path, "--questionnaire", "own"]) == 2
    assert "không phải là bộ câu hỏi dùng được" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Dòng 1: Tệp không có nội dung."),
        ("tuần,đơn vị\n".encode(), "Dòng 1: Thiếu cột: questionnaire, unit, week"),
        ("câu,\xea".encode("latin-1"), "Dòng 1: Dòng này không phải chữ mã UTF-8."),
        (
            file_bytes(some_rows(2), Layout((BUNDLED,)), PLAIN)[:-30],
            "Dòng 3: Dòng này có",
        ),
        (
            file_bytes(some_rows(1, week="2026-W60"), Layout((BUNDLED,)), PLAIN),
            "Dòng 2: “2026-W60” không phải là tuần.",
        ),
    ],
)
def test_spoiled_files_are_refused_in_vietnamese_with_their_line(
    capsys: Out, data: bytes, words: str
) -> None:
    assert main(["score", save("rows.csv", data)]) == 2
    assert f"rows.csv: {words}" in capsys.readouterr().err


def test_a_missing_file_is_wrong_use(capsys: Out) -> None:
    assert main(["score", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_every_complaint_has_words() -> None:
    root = Path(__file__).parents[2] / "survey_app" / "domain"
    found = {
        part.split('"')[0]
        for path in root.glob("rowfile*.py")
        for part in path.read_text(encoding="utf-8").split('"')
        if part.startswith("rowfile.")
    }
    assert found <= set(WORDS)
    assert len(found) > 10
