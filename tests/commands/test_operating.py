"""The operator's commands: set up, start, close, verify, rebuild, pair; and what they refuse."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from survey_app.cli import build_parser, main
from survey_app.config import Settings, SettingsError, write_settings_file
from survey_app.domain.weeks import utc_now
from survey_app.store import accounts, kiosks, questionnaires, units
from survey_app.store.engine import Database
from survey_app.store.migrate import downgrade
from survey_app.web import i18n

SECRET = "a secret that is long enough for the rule, 0123456789"
Run = Callable[..., int]


@pytest.fixture
def environ(tmp_path: Path, empty_database_url: str) -> dict[str, str]:
    """Settings of an installation that is not set up yet."""
    return {
        "SURVEY_APP_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_APP_DATABASE_URL": empty_database_url,
    }


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    """Run a command in that environment; its exit code."""

    def command(*words: str, **changes: str) -> int:
        args = build_parser().parse_args(words)
        return int(args.run(args, environ | changes))

    return command


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """The installation's database."""
    opened = Database(empty_database_url)
    yield opened
    opened.dispose()


def contents(database: Database) -> dict[str, Any]:
    with database.reading() as connection:
        return {
            "units": units.list_units(connection),
            "versions": list(questionnaires.versions(connection)),
            "accounts": accounts.list_accounts(connection),
            "counters": [units.counters(connection, u.id) for u in units.list_units(connection)],
        }


def test_setup_makes_everything_once(
    run: Run, database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("setup") == 0
    said = capsys.readouterr().out
    assert "shown only now" in said
    assert "/kiosk/pair/" in said
    first = contents(database)
    wards = [unit for unit in first["units"] if unit.kind == "ward"]
    assert sorted(unit.code for unit in wards) == ["12103", "12127", "12133"]
    with database.reading() as connection:
        old = [units.predecessors(connection, ward.id) for ward in wards]
    assert sum(map(len, old)) == 13
    assert (tmp_path / "data" / "settings.env").stat().st_mode & 0o077 == 0
    assert run("setup") == 0
    assert capsys.readouterr().out == ""
    assert contents(database) == first


def test_setup_takes_the_password_from_outside_but_not_a_weak_one(
    run: Run, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("setup", SURVEY_APP_ADMIN_PASSWORD="ngắn") == 2
    assert "SURVEY_APP_ADMIN_PASSWORD is too weak" in capsys.readouterr().err
    assert contents(database)["accounts"] == []
    assert run("setup", SURVEY_APP_ADMIN_PASSWORD="mật khẩu dài hơn mười bốn") == 0
    assert "shown only now" not in capsys.readouterr().out


def test_weeks_close_verify_and_rebuild(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("setup")
    capsys.readouterr()
    assert run("close-week") == 0
    assert "Nothing to close" in capsys.readouterr().out
    assert run("verify", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run("rebuild") == 0
    assert run("migrate") == 0


def test_a_tablet_is_invited_listed_and_withdrawn(
    run: Run, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("setup")
    capsys.readouterr()
    assert run("kiosk", "add", "12103-q2") == 0
    token = capsys.readouterr().out.strip().rpartition("/")[2]
    with database.writing() as connection:
        assert kiosks.claim(connection, token, utc_now()) is not None
        tablet = kiosks.list_kiosks(connection)[0].kiosk
    assert run("kiosk", "list") == 0
    assert tablet.id in capsys.readouterr().out
    assert run("kiosk", "revoke", tablet.id) == 0
    with database.reading() as connection:
        assert kiosks.list_kiosks(connection)[0].revoked
    assert run("kiosk", "add", "no-such-counter") != 0


WRONG: list[tuple[Mapping[str, str], str]] = [
    ({}, "SURVEY_APP_SECRET_KEY is missing"),
    ({"SURVEY_APP_SECRET_KEY": "changeme"}, "SURVEY_APP_SECRET_KEY is a default"),
    ({"SURVEY_APP_SECRET_KEY": "short"}, "shorter than 32"),
    ({"SURVEY_APP_PORT": "http"}, "SURVEY_APP_PORT is 'http'"),
    ({"SURVEY_APP_PORT": "70000"}, "SURVEY_APP_PORT is '70000'"),
    ({"SURVEY_APP_PUBLIC_URL": "khaosat.vn"}, "SURVEY_APP_PUBLIC_URL is 'khaosat.vn'"),
    ({"SURVEY_APP_PUBLIC_URL": "https://a.vn/x"}, "without a path"),
    ({"SURVEY_APP_DATABASE": "x"}, "SURVEY_APP_DATABASE is not a setting"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_wrong_settings_are_refused_with_what_to_set(
    wrong: Mapping[str, str], message: str, tmp_path: Path
) -> None:
    base = {"SURVEY_APP_DATA_DIR": str(tmp_path)}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**base, **wrong})
    assert any(message in said for said in caught.value.messages)


def test_all_wrong_settings_are_said_at_once(tmp_path: Path) -> None:
    wrong = {"SURVEY_APP_DATA_DIR": str(tmp_path), "SURVEY_APP_PORT": "x", "SURVEY_APP_WRONG": "1"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(wrong)
    assert len(caught.value.messages) == 3


def test_the_environment_goes_before_the_settings_file(tmp_path: Path) -> None:
    write_settings_file(tmp_path, {"SECRET_KEY": SECRET, "PORT": "9000"})
    write_settings_file(tmp_path, {"SECRET_KEY": "overwritten", "PORT": "1"})
    base = {"SURVEY_APP_DATA_DIR": str(tmp_path)}
    settings = Settings.from_environment(base)
    assert (settings.secret_key, settings.port) == (SECRET, 9000)
    assert settings.public_url == "http://127.0.0.1:9000"
    assert Settings.from_environment({**base, "SURVEY_APP_PORT": "9001"}).port == 9001


def test_the_command_line_says_it_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SURVEY_APP_SECRET_KEY", raising=False)
    assert main(["run"]) == 2
    assert "SURVEY_APP_SECRET_KEY is missing" in capsys.readouterr().err


def test_a_database_that_is_away_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", SECRET)
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", f"sqlite:///{tmp_path}/no/such/folder.sqlite3")
    for command in ("verify", "close-week", "backup"):
        assert main([command]) == 1
        assert "The database cannot be reached or written: unable" in capsys.readouterr().err


def test_run_refuses_a_database_that_is_not_at_the_newest_migration(
    run: Run, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("setup")
    downgrade(environ["SURVEY_APP_DATABASE_URL"], "0002")
    assert run("run") == 2
    assert "survey-app migrate" in capsys.readouterr().err
    assert run_raises(run, "verify")


def run_raises(run: Run, command: str) -> bool:
    with pytest.raises(SettingsError, match="survey-app migrate"):
        run(command)
    return True


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_run_refuses_an_incomplete_vietnamese_catalogue(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("setup")
    monkeypatch.setattr(i18n, "missing_messages", lambda _language: ["Send"])
    assert run("run") == 2
    assert "The catalogue vi lacks 1 translations ('Send')" in capsys.readouterr().err


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_run_refuses_a_missing_catalogue(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("setup")
    i18n.catalogue.cache_clear()
    monkeypatch.setattr(i18n, "catalogue_folder", lambda: tmp_path)
    assert run("run") == 2
    assert "is missing" in capsys.readouterr().err
    i18n.catalogue.cache_clear()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_server_starts_answers_and_stops_on_interrupt(
    run: Run, environ: dict[str, str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ["SURVEY_APP_PORT"] = str(port)
    run("setup")
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "survey_app", "run"],
        env={**environ, **path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert answered(process, port) == (200, {"status": "ready"})
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/office/" in out
    assert errors == ""


def answered(process: "subprocess.Popen[str]", port: int) -> tuple[int, object]:
    """What /readyz says, as soon as the process listens; fails when it ends first."""
    for _ in range(600):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/readyz")
                response = connection.getresponse()
                return response.status, json.loads(response.read())
        except ConnectionRefusedError:
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(process.communicate()) from None
    raise AssertionError("the server does not listen")
