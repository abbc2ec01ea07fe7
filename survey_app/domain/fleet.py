"""What is wrong with a tablet, from its last heartbeat and its totals: each alarm names what to do (its words are in `web`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey_app.domain.heartbeat import Tally
from survey_app.domain.problem import Problem

SILENT_AFTER = timedelta(minutes=15)
OLD_QUEUE = timedelta(hours=4)
CLOCK_TOLERANCE = timedelta(minutes=5)
LOW_BATTERY = 20
# The server renews its own certificate a month before the end: with less left, something does not work.
SHORT_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LastBeat:
    """The last heartbeat of a tablet; `clock_offset` is its clock minus ours, in seconds.

    `persisted`: whether its browser has promised to keep what lies there, None where it did not say; never an alarm.
    """

    at: datetime
    app_version: str
    questionnaire: str
    clock_offset: int
    oldest_queued_seconds: int | None
    canary: str
    missing: tuple[str, ...]
    battery_percent: int | None
    charging: bool | None
    persisted: bool | None


@dataclass(frozen=True, slots=True)
class State:
    """A tablet in use. `lost`, `left_behind`, `repeats`: not yet noted by an administrator."""

    is_trial: bool
    beat: LastBeat | None
    tally: Tally
    lost: int
    left_behind: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Present:
    """What a tablet is held against: the time, whether its counter is open, and what the server has now."""

    now: datetime
    is_open: bool
    app_version: str
    questionnaire: str


def alarms(state: State, present: Present) -> list[Problem]:
    """Everything that somebody should do something about, the worst first."""
    return [
        *_losses(state),
        *_trial(state),
        *_of_beat(state, present),
        *_of_queue(state),
    ]


def receipts_missing(acknowledged: int, stored: int, noted: int = 0) -> list[Problem]:
    """Whether a counter's tablets got more receipts than the server has forms, beyond those `noted`.

    Then an older backup was restored, or what the server counts was altered.
    """
    missing = acknowledged - stored - noted
    return [Problem("fleet.server_has_fewer", "", {"number": missing})] if missing > 0 else []


def ends_soon(end: datetime | None, now: datetime) -> bool:
    """Whether a certificate has so little life left that tablets will soon not trust the server."""
    return end is not None and end - now <= SHORT_LIFE


def _losses(state: State) -> Iterator[Problem]:
    if state.repeats:
        yield Problem("fleet.two_tablets")
    if state.left_behind:
        yield Problem("fleet.storage_cleared", "", {"number": state.left_behind})
    if state.lost:
        yield Problem("fleet.forms_lost", "", {"number": state.lost})


def _trial(state: State) -> Iterator[Problem]:
    if state.is_trial:
        yield Problem("fleet.trial")


def _of_beat(state: State, present: Present) -> Iterator[Problem]:
    beat = state.beat
    if beat is None:
        yield Problem("fleet.never_seen")
        return
    if present.is_open and present.now - beat.at > SILENT_AFTER:
        minutes = int((present.now - beat.at).total_seconds() // 60)
        yield Problem("fleet.silent", "", {"minutes": minutes})
    if abs(beat.clock_offset) > CLOCK_TOLERANCE.total_seconds():
        yield Problem("fleet.clock_off")
    if beat.missing:
        yield Problem("fleet.not_ready")
    if beat.canary == "lost":
        yield Problem("fleet.canary_lost")
    yield from _of_versions(beat, present)
    percent = beat.battery_percent
    if percent is not None and percent < LOW_BATTERY and not beat.charging:
        yield Problem("fleet.battery_low", "", {"percent": percent})


def _of_versions(beat: LastBeat, present: Present) -> Iterator[Problem]:
    if beat.app_version != present.app_version:
        yield Problem("fleet.old_app")
    if beat.questionnaire and beat.questionnaire != present.questionnaire:
        yield Problem("fleet.old_questionnaire")


def _of_queue(state: State) -> Iterator[Problem]:
    oldest = state.beat.oldest_queued_seconds if state.beat else None
    if oldest is not None and oldest > OLD_QUEUE.total_seconds():
        yield Problem("fleet.queue_old", "", {"hours": oldest // 3600})
    if state.tally.dead:
        yield Problem("fleet.forms_rejected", "", {"number": state.tally.dead})
