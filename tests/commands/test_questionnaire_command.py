"""`survey-app questionnaire`: in Vietnamese, with lines, and nothing stored that is not sound."""

import json
from pathlib import Path

import pytest

from survey_app import content
from survey_app.cli import main
from survey_app.config import Settings
from survey_app.store.engine import Database
from survey_app.store.questionnaires import current, versions
from survey_app.web.authoring_texts import TEXTS
from survey_app.web.i18n import translate
from tests.support.authored import SOUND, changed

CATALOGUE = 'msgid ""\nmsgstr "Language: en\\n"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The bundled questionnaire as a file of one's own."""
    path = tmp_path / "mine.yaml"
    path.write_text(content.questionnaire_source(), encoding="utf-8")
    return path


def test_check_prints_the_reading_time_of_each_module(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["questionnaire", "check", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Không có lỗi trong {file}."
    assert [line.split(":")[0].strip() for line in lines[2:9]] == [
        f"Bộ luân phiên {module}" for module in range(7)
    ]
    assert lines[-1].startswith("  Dài nhất: 16 màn hình, 8")
    assert "," in lines[-1].rpartition("màn hình, ")[2]


def test_check_lists_all_mistakes_in_vietnamese_with_their_lines(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text(encoding="utf-8")
    text = text.replace("Cán bộ có thạo việc không?", "Cán bộ TTHC có không thạo việc không?")
    text = text.replace("in: [collect]", "in: [done]")
    file.write_text(text, encoding="utf-8")
    assert main(["questionnaire", "check", str(file)]) == 1
    *problems, count = capsys.readouterr().out.splitlines()
    assert len(problems) >= 4
    assert count == f"Số lỗi: {len(problems)}"
    assert all(line.startswith("Dòng ") for line in problems)
    line = text[: text.index("TTHC")].count("\n") + 1
    assert (
        f"Dòng {line}: “TTHC” là chữ viết tắt chưa được viết đầy đủ trên cùng màn hình." in problems
    )


def test_check_against_the_version_before(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tmp_path / "before.json"
    before.write_bytes(content.bundled_questionnaire().canonical)
    text = file.read_text(encoding="utf-8").replace("direction: negative", "direction: positive")
    file.write_text(text, encoding="utf-8")
    assert main(["questionnaire", "check", str(file), "--against", str(before)]) == 1
    said = capsys.readouterr().out
    assert "Số phiên bản phải lớn hơn 1 của bản trước." in said
    assert "“extra_payment” có thang đo hoặc chiều khác bản trước" in said


def test_a_catalogue_of_ones_own_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, catalogue = tmp_path / "small.yaml", tmp_path / "small.po"
    file.write_text(SOUND, encoding="utf-8")
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    assert main(["questionnaire", "check", str(file), "--catalogue", str(catalogue)]) == 1
    assert "Bản dịch “en” còn thiếu “stage.text”." in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.yaml"],
        ["{file}", "--catalogue", "missing.po"],
        ["{file}", "--catalogue", "{file}"],
        ["{file}", "--against", "{file}"],
    ],
)
def test_files_that_cannot_be_used_are_named(
    arguments: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.replace("{file}", str(file)) for argument in arguments]
    assert main(["questionnaire", "check", *given]) == 2
    said = capsys.readouterr().err
    assert given[-1] in said
    assert said.startswith(("Không đọc được",))


def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "utf16.yaml"
    file.write_bytes(SOUND.encode("utf-16"))
    assert main(["questionnaire", "check", str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questionnaire", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"].startswith("Questionnaire source")


def test_every_problem_has_vietnamese_words_of_its_own() -> None:
    said = {code: translate("vi", msgid) for code, msgid in TEXTS.items()}
    assert all(said[code] != msgid for code, msgid in TEXTS.items())
    assert len(set(said.values())) == len(said)


# ---- publishing ---------------------------------------------------------------------------------
@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation as the command finds it."""
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", settings.secret_key)
    return settings


def stored(settings: Settings) -> tuple[str, list[int]]:
    """The live version's hash, and the numbers of all versions."""
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            known = versions(connection).values()
            return current(connection).hash, [known_.structure.version for known_ in known]
    finally:
        database.dispose()


def test_publishing_what_is_live_changes_nothing(
    file: Path, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored(environment)
    assert main(["questionnaire", "publish", str(file)]) == 0
    assert "Phiếu này đang được dùng" in capsys.readouterr().out
    assert stored(environment) == before


@pytest.mark.chaos(19)
def test_a_new_version_goes_live_and_the_old_one_stays(
    file: Path, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text(encoding="utf-8").replace("\nversion: 1", "\nversion: 2")
    file.write_text(text, encoding="utf-8")
    assert main(["questionnaire", "publish", str(file)]) == 0
    live, numbers = stored(environment)
    assert numbers == [1, 2]
    assert f"Đã công bố: hai-long-mot-cua@{live[:12]}" in capsys.readouterr().out


@pytest.mark.chaos(37)
def test_a_broken_file_is_not_published(
    tmp_path: Path, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored(environment)
    broken = tmp_path / "broken.yaml"
    broken.write_text(changed(("in: [collect]", "in: [done]")), encoding="utf-8")
    assert main(["questionnaire", "publish", str(broken)]) == 1
    assert "không có lựa chọn “done”" in capsys.readouterr().out
    assert stored(environment) == before


@pytest.mark.chaos(37)
def test_a_version_that_bends_given_answers_is_not_published(
    file: Path, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text(encoding="utf-8").replace("\nversion: 1", "\nversion: 2")
    file.write_text(text.replace("direction: negative", "direction: positive"), encoding="utf-8")
    assert main(["questionnaire", "publish", str(file)]) == 1
    assert "hãy đặt mã khác cho câu hỏi mới" in capsys.readouterr().out
    assert stored(environment)[1] == [1]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_database_without_tables_is_refused(
    file: Path,
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", "a long secret that only tests know, 0123456789")
    assert main(["questionnaire", "publish", str(file)]) == 2
    assert capsys.readouterr().err
