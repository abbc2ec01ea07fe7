"""The rules of codes, the sheets they stand on, and the commands."""

import csv
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.cli import main
from survey_app.commands import doctor
from survey_app.domain.codes import ALPHABET, form_id, read_code, shown, way_problems
from survey_app.domain.submission import is_response_id
from survey_app.store import codes as store
from survey_app.store.engine import Database
from survey_app.web import sheets
from tests.codes.conftest import ORIGIN, WARD
from tests.support.client import PageOpener
from tests.support.clock import FakeClock
from tests.support.people import Door, add_people

sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SECRET = "a long secret that only tests know, 0123456789"


@given(st.text(alphabet=ALPHABET, min_size=10, max_size=10))
def test_a_code_is_read_as_it_is_printed(code: str) -> None:
    assert read_code(shown(code)) == code
    assert read_code(f" {code.lower()} ") == code


@given(st.text(), st.text())
def test_the_id_of_a_form_is_a_uuid_that_says_nothing(ticket: str, content: str) -> None:
    made = form_id(ticket, content)
    assert is_response_id(made)
    assert uuid.UUID(made).version == 4
    assert made == form_id(ticket, content)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://khaosat.example.vn", None),
        ("https://203.0.113.9", "codes.not_public"),  # a documentation address is not global
        ("https://8.8.8.8", None),
        ("http://khaosat.example.vn", "codes.no_https"),
        ("https://192.168.1.20", "codes.not_public"),
        ("https://127.0.0.1:8080", "codes.not_public"),
        ("https://localhost", "codes.not_public"),
        ("https://survey.local", "codes.not_public"),
        ("https://quay", "codes.not_public"),
        ("https://[fe80::1]", "codes.not_public"),
    ],
)
def test_which_addresses_phones_can_reach(address: str, code: str | None) -> None:
    assert [problem.code for problem in way_problems(address)] == ([code] if code else [])


def test_a_square_holds_to_the_policy_of_pages() -> None:
    drawn = sheets.square(f"{ORIGIN}/q/ABCDE23456")
    assert drawn.startswith("<svg ") and "viewBox" in drawn
    assert "style" not in drawn and "khaosat" not in drawn


def test_a_feed_is_read_by_machines() -> None:
    text = sheets.feed(ORIGIN, ["ABCDE23456"], "2026-12-06")
    [row] = csv.DictReader(text.splitlines())
    assert row == {
        "code": "ABCDE-23456",
        "address": f"{ORIGIN}/q/ABCDE23456",
        "expires_day": "2026-12-06",
    }


@pytest.fixture
def door(page: PageOpener, database: Database, clock: FakeClock) -> Door:
    add_people(database, clock)
    return Door(page)


def make(door: Door, status: int = 200, **data: str) -> str:
    token = door.page.get("/admin/codes").csrf_token
    sent = {"csrf_token": token, "unit": WARD, **data}
    origin = {"Origin": ORIGIN, "Referer": f"{ORIGIN}/admin/codes"}
    return door.page.post("/admin/codes", sent, status=status, headers=origin).text


@sqlite
def test_a_sheet_is_printed_once(door: Door, database: Database) -> None:
    enter(door)
    text = make(door, number="30")
    made = set(re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", text))
    assert len(made) == 30
    assert text.count("<svg") == 30
    with database.writing() as connection:
        code = read_code(made.pop()) or ""
        assert store.unit_of(connection, code) == WARD
    assert "30" in door.page.get("/admin/codes").text
    assert "từ 1 đến 2000" in make(door, 422, number="0")


@sqlite
def test_codes_are_made_for_own_units_only(door: Door) -> None:
    enter(door, "ward_administrator")
    make(door, 403, number="3", unit="12133@2025-07-01")
    door.page.get("/admin/codes/wall/12133@2025-07-01", status=403)
    assert "/q/unit/12103" in door.page.get(f"/admin/codes/wall/{WARD}").text


def enter(door: Door, login: str = "administrator") -> None:
    """Over https forms carry a Referer, as browsers send it."""
    from tests.support.people import PASSWORD

    where = "/accounts/login"
    data = {"csrf_token": door.page.get(where).csrf_token, "login": login, "password": PASSWORD}
    door.page.post(where, data, headers={"Referer": ORIGIN + where})


def environment(settings_url: str, folder: Path, public_url: str) -> dict[str, str]:
    return {
        "SURVEY_APP_DATABASE_URL": settings_url,
        "SURVEY_APP_DATA_DIR": str(folder),
        "SURVEY_APP_SECRET_KEY": SECRET,
        "SURVEY_APP_PUBLIC_URL": public_url,
    }


@pytest.fixture
def command(
    seeded_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Run `survey-app` for an installation at a public address."""

    def run(*arguments: str, public_url: str = ORIGIN) -> int:
        for name, value in environment(seeded_database_url, tmp_path, public_url).items():
            monkeypatch.setenv(name, value)
        return main(list(arguments))

    return run


@sqlite
def test_codes_are_made_at_the_command_line(command: Callable[..., int], tmp_path: Path) -> None:
    feed, sheet = tmp_path / "codes.csv", tmp_path / "codes.html"
    words = ("codes", "make", "--unit", "12103", "--number", "5", "--output")
    assert command(*words, str(feed)) == 0
    assert len(feed.read_text(encoding="utf-8").splitlines()) == 6
    assert command(*words, str(sheet), "--format", "html") == 0
    assert sheet.read_text(encoding="utf-8").count('<li class="slip">') == 5


@sqlite
def test_codes_are_refused_in_words(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("codes", "make", "--number", "5", "--unit")
    assert command(*words, "99999") == 2
    assert command(*words, "12103", public_url="http://127.0.0.1:8080") == 2
    assert "doctor" in capsys.readouterr().err
    assert command("codes", "make", "--unit", "12103", "--number", "0") == 2


@sqlite
def test_the_doctor_finds_nothing_to_fix(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("doctor") == 0
    said = capsys.readouterr().out
    assert "codes on receipts: open at https://khaosat.example.vn/q/" in said
    assert "hint  backups: none found" in said
    assert command("doctor", public_url="http://127.0.0.1:8080") == 0
    said = capsys.readouterr().out
    assert "off, because http://127.0.0.1:8080 is not https" in said
    assert "on trial only" in said


def test_the_doctor_says_what_is_wrong(
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment(empty_database_url, tmp_path, ORIGIN).items():
        monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 1
    assert "survey-app migrate" in capsys.readouterr().out
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    assert main(["doctor"]) == 1
    assert "does not answer" in capsys.readouterr().out
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", "short")
    assert main(["doctor"]) == 1
    assert "SECRET_KEY" in capsys.readouterr().out


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from survey_app.config import Settings

    settings = Settings(tmp_path, "sqlite://", SECRET)
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    assert not doctor._disk(settings).is_fine
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "today.zip").touch()
    assert doctor._backups(settings).is_fine
