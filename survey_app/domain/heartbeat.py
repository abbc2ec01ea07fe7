"""What a heartbeat may say, and what its numbers give away (docs/kiosk-api.md): vanished forms, two tablets with one key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from survey_app.domain.problem import Problem

MESSAGES = (
    "charge",
    "check_date",
    "check_wifi",
    "clean_screen",
    "keep_open",
    "call_administrator",
)
COMMANDS = ("reset", "unpair")
PARTS = (
    "worker",
    "offline_start",
    "storage",
    "device_key",
    "trusted_tls",
    "clock",
    "audio",
)
CANARIES = ("ok", "lost", "none")
_Check = Callable[[object], bool]
_EPOCH = re.compile(r"[0-9a-f]{32}")
_LARGEST = 2**53 - 1
_COUNTS = ("created", "acknowledged", "queued", "dead", "sealed_off")


@dataclass(frozen=True, slots=True)
class Tally:
    """Forms of one epoch of one tablet: of those `created`, how many are where."""

    created: int
    acknowledged: int
    queued: int
    dead: int
    sealed_off: int

    @property
    def unaccounted(self) -> int:
        """Forms made that are neither receipted nor anywhere on the tablet: at least so many vanished."""
        known = self.acknowledged + self.queued + self.dead + self.sealed_off
        return max(0, self.created - known)

    @property
    def kept(self) -> int:
        """Forms that are on the tablet alone."""
        return self.queued + self.dead


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One heartbeat, checked; see docs/kiosk-api.md for its members. `persisted`: None where the browser did not say."""

    app_version: str
    questionnaire: str
    epoch: str
    sequence: int
    tally: Tally
    oldest_queued_seconds: int | None
    canary: str
    device_time: int
    in_front: bool
    missing: tuple[str, ...]
    battery_percent: int | None
    charging: bool | None
    done: tuple[str, ...]
    persisted: bool | None


@dataclass(frozen=True, slots=True)
class Epoch:
    """What is known of an epoch of a tablet."""

    sequence: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Step:
    """What one heartbeat adds: forms newly `acknowledged`, and whether it is out of sequence."""

    acknowledged: int
    is_repeat: bool


def read_heartbeat(value: Mapping[str, object]) -> Heartbeat | Problem:
    """The heartbeat, or the first member that is wrong."""
    for name, is_right in _CHECKS.items():
        if not is_right(value.get(name)):
            return Problem("heartbeat.wrong_member", name)
    battery = value.get("battery")
    battery = battery if isinstance(battery, dict) else {}
    return Heartbeat(
        app_version=str(value["app_version"]),
        questionnaire=str(value["questionnaire"]),
        epoch=str(value["epoch"]),
        sequence=_int(value["sequence"]),
        tally=Tally(*(_int(value[name]) for name in _COUNTS)),
        oldest_queued_seconds=_int_or_none(value.get("oldest_queued_seconds")),
        canary=str(value["canary"]),
        device_time=_int(value["device_time"]),
        in_front=value["in_front"] is True,
        missing=_texts(value["missing"]),
        battery_percent=_int_or_none(battery.get("percent")),
        charging=battery.get("charging") if battery else None,
        done=_texts(value["done"]),
        persisted=_bool_or_none(value.get("persisted")),
    )


def judge(beat: Heartbeat, own: Epoch | None, *, is_current: bool) -> Step:
    """Judge a heartbeat by what is known of its epoch (None: new), and whether the last heartbeat had it too.

    A number already used, or an old epoch after another one, is what two tablets with one key look like.
    """
    if own is None:
        return Step(beat.tally.acknowledged, is_repeat=False)
    return Step(
        acknowledged=max(0, beat.tally.acknowledged - own.tally.acknowledged),
        is_repeat=beat.sequence <= own.sequence or not is_current,
    )


def _is_text(most: int) -> _Check:
    return lambda value: isinstance(value, str) and len(value) <= most and value.isprintable()


def _is_int(least: int = 0, most: int = _LARGEST) -> _Check:
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and least <= v <= most


def _is_subset(words: tuple[str, ...]) -> _Check:
    return lambda value: (
        isinstance(value, list) and all(isinstance(word, str) and word in words for word in value)
    )


def _is_battery(value: object) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, dict)
        and _is_int(most=100)(value.get("percent"))
        and isinstance(value.get("charging"), bool)
    )


_CHECKS: Mapping[str, _Check] = {
    "app_version": _is_text(40),
    "questionnaire": _is_text(64),
    "epoch": lambda value: isinstance(value, str) and _EPOCH.fullmatch(value) is not None,
    "sequence": _is_int(1),
    **{name: _is_int() for name in _COUNTS},
    "oldest_queued_seconds": lambda value: value is None or _is_int()(value),
    "canary": lambda value: value in CANARIES,
    "device_time": _is_int(),
    "in_front": lambda value: isinstance(value, bool),
    "missing": _is_subset(PARTS),
    "battery": _is_battery,
    "done": _is_subset(COMMANDS),
    "persisted": lambda value: value is None or isinstance(value, bool),
}


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _int_or_none(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _bool_or_none(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(sorted(set(value))) if isinstance(value, list) else ()
