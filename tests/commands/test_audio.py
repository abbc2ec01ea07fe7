"""`survey-app audio`: makes what is missing, names what it lacks, and never touches a person's recording."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.cli import build_parser
from survey_app.config import Settings
from survey_app.kiosk import recordings

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
Run = Callable[..., int]
# Stand for the two tools: each writes the file it is told to, the words it was given in it.
ENGINE = """#!/bin/sh
while [ "$1" != "-w" ]; do shift; done
cat > "$2"
"""
PACKER = """#!/bin/sh
cp "$4" "$5"
"""


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run the command in an installation that is set up."""
    environ = {
        "SURVEY_APP_DATA_DIR": str(settings.data_dir),
        "SURVEY_APP_DATABASE_URL": settings.database_url,
        "SURVEY_APP_SECRET_KEY": settings.secret_key,
    }

    def command(*words: str) -> int:
        args = build_parser().parse_args(["audio", *words])
        return int(args.run(args, environ))

    return command


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir / "audio" / "vi"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tools that is searched first."""
    place = tmp_path / "tools"
    place.mkdir()
    for name, script in (("espeak-ng", ENGINE), ("opusenc", PACKER)):
        (place / name).write_text(script, encoding="utf-8")
        (place / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    return place


@pytest.mark.usefixtures("tools")
def test_it_makes_a_file_for_each_screen_and_language(run: Run, folder: Path) -> None:
    assert run() == 0
    made = recordings.found(folder.parent, "vi")
    assert len(made) == len(recordings.found(folder.parent, "en")) > 30
    [stage] = [path for stem, path in made.items() if stem.startswith("stage-")]
    words = stage.read_text(encoding="utf-8")
    assert words.startswith("Việc của Ông/Bà đang ở bước nào?\n\nNộp hồ sơ.\n\n")
    assert list(folder.parent.glob("tmp*")) == []


@pytest.mark.usefixtures("tools")
def test_what_is_there_is_not_touched(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    made = sorted(folder.glob("*.opus"))
    person = made[0].with_suffix(".m4a")
    made[0].rename(person)
    made[1].write_text("a person's voice", encoding="utf-8")
    made[2].unlink()
    capsys.readouterr()
    assert run() == 0
    assert "1 were made by machine, 0 are missing" in capsys.readouterr().out
    assert made[1].read_text(encoding="utf-8") == "a person's voice"
    assert not made[0].exists()
    assert made[2].exists()


@pytest.mark.usefixtures("tools")
def test_files_of_earlier_words_are_named(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir(parents=True)
    old = folder / "stage-00000000.opus"
    old.touch()
    run()
    assert str(old) in capsys.readouterr().out
    assert old.exists()


def test_without_a_voice_it_names_what_to_install(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run() == 1
    told = capsys.readouterr()
    assert "apt-get install espeak-ng" in told.err
    assert "apt-get install opus-tools" in told.err
    assert "--script" in told.err


def test_the_script_names_each_recording(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "script.csv"
    assert run("--script", str(sheet)) == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    [stage] = [r for r in rows if r["file"].startswith("stage-") and r["language"] == "vi"]
    assert stage["words"].splitlines()[:2] == ["Việc của Ông/Bà đang ở bước nào?", "Nộp hồ sơ"]
