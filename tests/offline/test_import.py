"""The queue of a dead tablet comes in by its sealed file."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey_app.cli import main
from survey_app.store.sealing import seal
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, enter_staff_room
from tests.support.visits import fill_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Count = Callable[[], int]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], int]:
    """`run(file)`: the command's exit code."""
    settings = app.extensions["survey_app"].settings
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", settings.secret_key)
    return lambda file: main(["kiosk", "import", str(file)])


@pytest.mark.browser
@pytest.mark.chaos(14)
def test_a_tablets_file_is_taken_in_once(
    paired: Tablet, pin: str, server: Server, count: Count, tmp_path: Path, run: Any, capsys: Any
) -> None:
    server.stop()
    fill_in(paired, 2)
    enter_staff_room(paired.page, pin)
    with paired.page.expect_download() as expected:
        paired.page.get_by_role("button", name="Lưu tệp niêm phong").tap()
    file = tmp_path / "sealed.json"
    expected.value.save_as(file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert len(saved["sealed"]) == 2
    assert re.fullmatch("[0-9a-f]{32}", saved["epoch"])
    assert run(file) == 0
    assert count() == 2
    assert run(file) == 0
    assert count() == 2
    assert capsys.readouterr().out.splitlines() == [
        "2 new forms, 0 already here, 0 refused.",
        "0 new forms, 2 already here, 0 refused.",
    ]


def test_what_is_not_ours_is_counted_and_left_out(
    app: Flask, count: Count, tmp_path: Path, run: Any, capsys: Any
) -> None:
    jwk = app.extensions["survey_app"].sealing.public_jwk
    foreign = {"unit": "x", "counter": "y"}
    known = {"unit": "12103@2025-07-01", "counter": "12103-q1"}
    sealed = [seal(json.dumps(form).encode(), jwk) for form in (foreign, known)]
    file = tmp_path / "sealed.json"
    file.write_text(json.dumps({"format": 1, "sealed": [*sealed, "no seal"]}), encoding="utf-8")
    assert run(file) == 1
    assert "3 refused" in capsys.readouterr().out
    assert count() == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "sealed": []}'])
def test_another_file_is_wrong_use(tmp_path: Path, run: Any, text: str) -> None:
    file = tmp_path / "sealed.json"
    file.write_text(text, encoding="utf-8")
    assert run(file) == 2
    assert run(tmp_path / "none.json") == 2
