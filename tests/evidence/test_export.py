"""`survey-app export`: the same file as the page's, from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from survey_app.cli import main
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.evidence.world import DUONG_HAO, MY_HAO, PROVINCE, fill
from tests.support.clock import FakeClock

Export = Callable[..., int]


@pytest.fixture
def export(
    seeded_database_url: str, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Export:
    """Run the command on two closed weeks of two wards, in an empty working folder."""
    database = Database(seeded_database_url)
    fill(database, clock, {MY_HAO: 4, DUONG_HAO: 1}, weeks=2)
    database.dispose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEY_APP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SURVEY_APP_DATABASE_URL", seeded_database_url)
    monkeypatch.setenv("SURVEY_APP_SECRET_KEY", "a long secret that only tests know, 0123456789")
    return lambda *options: main(["export", "--output", "rows.csv", *options])


def lines() -> list[str]:
    return Path("rows.csv").read_text(encoding="utf-8-sig").splitlines()


def test_a_unit_brings_those_below_it(export: Export, seeded_database_url: str) -> None:
    assert export("--unit", PROVINCE) == 0
    assert {line.split(";")[1] for line in lines()[1:]} == {MY_HAO, DUONG_HAO}
    assert len(lines()) == 1 + 2 * (23 + 8)
    assert not Path("rows.csv.part").exists()
    database = Database(seeded_database_url)
    with database.reading() as connection:
        query = select(schema.audit_event).where(schema.audit_event.c.action == "rows.exported")
        events = connection.execute(query).mappings().all()
    database.dispose()
    assert {event["unit_id"] for event in events} == {MY_HAO, DUONG_HAO}
    assert json.loads(events[0]["detail"])["to"] == "2026-W47"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_dialect_and_weeks_can_be_chosen_and_the_file_scored(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--dialect", "plain", "--from", "2026-W47", "--to", "2026-W47")
    assert export("--unit", MY_HAO, *options) == 0
    assert {line.split(",")[2] for line in lines()[1:]} == {"2026-W47"}
    capsys.readouterr()
    assert main(["score", "rows.csv"]) == 0
    assert "12103@2025-07-01 · tuần 2026-W47 · 22 phiếu đầy đủ" in capsys.readouterr().out


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "options",
    [("--unit", "99999@2025-07-01"), ("--unit", MY_HAO, "--from", "2026-W50")],
)
def test_nothing_to_write_is_wrong_use(
    export: Export, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert export(*options) == 2
    assert "no closed week" in capsys.readouterr().err
    assert not Path("rows.csv").exists()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_week_that_is_none_is_wrong_use(export: Export) -> None:
    with pytest.raises(SystemExit) as refusal:
        export("--unit", MY_HAO, "--from", "16/11/2026")
    assert refusal.value.code == 2
