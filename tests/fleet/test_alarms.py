"""Which alarm is raised when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from survey_app.domain.fleet import LastBeat, Present, State, alarms, receipts_missing
from survey_app.domain.heartbeat import Tally

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PRESENT = Present(NOW, is_open=True, app_version="0.3.0", questionnaire="a" * 64)
BEAT = LastBeat(NOW, "0.3.0", "a" * 64, 0, None, "ok", (), 80, True, None)
FINE = State(
    is_trial=False, beat=BEAT, tally=Tally(9, 9, 0, 0, 0), lost=0, left_behind=0, repeats=0
)


def raised(state: State = FINE, present: Present = PRESENT, **beat: Any) -> list[str]:
    changed = replace(state, beat=replace(BEAT, **beat)) if beat else state
    return [problem.code for problem in alarms(changed, present)]


def test_a_tablet_in_order_raises_none() -> None:
    assert raised() == []


@pytest.mark.parametrize(
    ("beat", "code"),
    [
        ({"at": NOW - timedelta(minutes=16)}, "fleet.silent"),
        ({"clock_offset": -301}, "fleet.clock_off"),
        ({"clock_offset": 5 * 365 * 86_400}, "fleet.clock_off"),
        ({"missing": ("audio",)}, "fleet.not_ready"),
        ({"canary": "lost"}, "fleet.canary_lost"),
        ({"app_version": "0.2.9"}, "fleet.old_app"),
        ({"questionnaire": "b" * 64}, "fleet.old_questionnaire"),
        ({"battery_percent": 19, "charging": False}, "fleet.battery_low"),
        ({"oldest_queued_seconds": 5 * 3600}, "fleet.queue_old"),
    ],
)
def test_what_the_last_heartbeat_shows(beat: dict[str, Any], code: str) -> None:
    assert raised(**beat) == [code]


@pytest.mark.parametrize(
    "beat",
    [
        {"at": NOW - timedelta(minutes=15)},
        {"clock_offset": 300},
        {"battery_percent": 19, "charging": True},
        {"battery_percent": None, "charging": None},
        {"questionnaire": ""},
        {"oldest_queued_seconds": 4 * 3600},
    ],
)
def test_what_is_still_in_order(beat: dict[str, Any]) -> None:
    assert raised(**beat) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"repeats": 1}, "fleet.two_tablets"),
        ({"left_behind": 3}, "fleet.storage_cleared"),
        ({"lost": 2}, "fleet.forms_lost"),
        ({"is_trial": True}, "fleet.trial"),
        ({"beat": None}, "fleet.never_seen"),
        ({"tally": Tally(9, 8, 0, 1, 0)}, "fleet.forms_rejected"),
    ],
)
@pytest.mark.chaos(3, 15, 31)
def test_what_the_totals_show(state: dict[str, Any], code: str) -> None:
    assert raised(replace(FINE, **state)) == [code]


def test_nobody_is_called_outside_opening_hours() -> None:
    assert raised(present=replace(PRESENT, is_open=False), at=NOW - timedelta(hours=14)) == []


@pytest.mark.chaos(42)
def test_receipts_without_forms_are_a_restored_or_altered_server() -> None:
    assert receipts_missing(10, 10) == []
    (problem,) = receipts_missing(12, 10)
    assert (problem.code, problem.params) == ("fleet.server_has_fewer", {"number": 2})
    assert receipts_missing(12, 10, noted=2) == []
