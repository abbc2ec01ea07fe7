"""From what a tablet, a phone or the long form sends to a form that may be stored, or to every reason why not."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from survey_app.domain.answers import AnsweredForm, check_answers
from survey_app.domain.breakoff import BreakOff, of_partial, read_abandoned
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.record import Content, content_hash
from survey_app.domain.routing import Answer

OLDEST_DAYS = 400
LONGEST_REMARK = 500
LONGEST_SECONDS = 86_400
# The largest integer that JavaScript holds exactly.
LARGEST_INTEGER = 2**53 - 1

REQUIRED = frozenset(
    {
        "id",
        "questionnaire",
        "unit",
        "counter",
        "channel",
        "language",
        "status",
        "answers",
        "order_seed",
        "active_seconds",
    }
)
FIELDS = REQUIRED | {"abandoned", "day", "remark", "salt"}

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SALT = re.compile(r"[0-9a-f]{32}")
_ALLOWED_CONTROLS = frozenset("\n\r\t")
_NOT_TEXT = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Sender:
    """What the sender is bound to: a tablet to its counter, a code to its unit's online counter."""

    unit_id: str
    counter_id: str
    channel: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form, ready to be stored. `day` is local; `body` is what was sent, for the inbox if it conflicts.

    `arrived_at`: UTC seconds, None: the moment it is stored. It goes where rules on data quality need it until the week closes,
    and nowhere else. `break_offs`: where visits before it were abandoned, and where it ends itself if it is partial.
    """

    unit_id: str
    counter_id: str
    id: str
    questionnaire: str
    channel: str
    day: date
    language: str
    status: str
    answers: Mapping[str, Answer]
    order_seed: int
    active_seconds: int
    remark: str | None
    salt: str | None
    content_hash: str
    body: bytes
    arrived_at: int | None = None
    break_offs: tuple[BreakOff, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a form is checked against: who sends it, every published version, and the local day."""

    sender: Sender
    versions: Mapping[str, Questionnaire]
    today: date


def validate(raw: Mapping[str, object], rules: Rules, body: bytes) -> Submission | list[Problem]:
    """A form that may be stored, or every reason why not (never empty). `raw` is parsed JSON, trusted in nothing."""
    problems = _shape_problems(raw)
    if not problems:
        problems = _value_problems(raw, rules)
    if problems:
        return problems
    return _submission(raw, rules, body)


def _break_offs(
    raw: Mapping[str, object], questionnaire: Questionnaire, answers: Mapping[str, Answer]
) -> tuple[BreakOff, ...]:
    abandoned = read_abandoned(raw.get("abandoned", []), questionnaire)
    told = () if isinstance(abandoned, Problem) else abandoned
    if raw["status"] == "complete":
        return told
    return (*told, of_partial(questionnaire, questionnaire.module_of(str(raw["id"])), answers))


def is_response_id(value: object) -> bool:
    """Whether `value` is a UUIDv4 in its one canonical spelling."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _shape_problems(raw: Mapping[str, object]) -> list[Problem]:
    problems = [Problem("submission.missing_field", name) for name in sorted(REQUIRED - raw.keys())]
    problems += [
        Problem("submission.unknown_field", name[:40]) for name in sorted(raw.keys() - FIELDS)
    ]
    problems += [
        Problem("submission.wrong_type", name)
        for name, value in raw.items()
        if name in FIELDS and not _has_type(name, value)
    ]
    return problems


def _has_type(name: str, value: object) -> bool:
    if name == "answers":
        return isinstance(value, dict)
    if name in {"order_seed", "active_seconds"}:
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "abandoned":
        return isinstance(value, list)
    return isinstance(value, str) or (value is None and name not in REQUIRED)


def _value_problems(raw: Mapping[str, object], rules: Rules) -> list[Problem]:
    return [
        *_sender_problems(raw, rules.sender),
        *_day_problems(raw.get("day"), rules.today),
        *_number_problems(raw),
        *_remark_problems(raw),
        *_version_problems(raw, rules.versions),
    ]


def _sender_problems(raw: Mapping[str, object], sender: Sender) -> list[Problem]:
    problems = [] if is_response_id(raw["id"]) else [Problem("submission.bad_id", "id")]
    bound = {"unit": sender.unit_id, "counter": sender.counter_id, "channel": sender.channel}
    problems += [
        Problem("submission.not_yours", name) for name, own in bound.items() if raw[name] != own
    ]
    if raw["status"] not in {"complete", "partial"}:
        problems.append(Problem("submission.unknown_status", "status"))
    return problems


def _day_problems(value: object, today: date) -> list[Problem]:
    if value is None:
        return []
    day = _parse_day(str(value))
    if day is None:
        return [Problem("submission.bad_day", "day")]
    if today - day > timedelta(days=OLDEST_DAYS):
        return [Problem("submission.old_day", "day", {"days": OLDEST_DAYS})]
    return []


def _day(value: object, today: date) -> date:
    """The day told; today where none is told, or one to come: the tablet's clock was wrong, nothing better is known."""
    told = _parse_day(str(value))
    return today if told is None else min(told, today)


def _parse_day(text: str) -> date | None:
    # fromisoformat also reads "20261123" and "2026-W48-1".
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _number_problems(raw: Mapping[str, object]) -> list[Problem]:
    limits = {"order_seed": LARGEST_INTEGER, "active_seconds": LONGEST_SECONDS}
    return [
        Problem("submission.out_of_range", name, {"minimum": 0, "maximum": most})
        for name, most in limits.items()
        if not 0 <= cast(int, raw[name]) <= most
    ]


def _remark_problems(raw: Mapping[str, object]) -> list[Problem]:
    remark = _remark(raw)
    if remark is None:
        return []
    problems = []
    if len(remark) > LONGEST_REMARK:
        problems.append(Problem("submission.remark_too_long", "remark", {"most": LONGEST_REMARK}))
    if any(unicodedata.category(c) in _NOT_TEXT and c not in _ALLOWED_CONTROLS for c in remark):
        problems.append(Problem("submission.remark_not_text", "remark"))
    if not _SALT.fullmatch(str(raw.get("salt"))):
        problems.append(Problem("submission.bad_salt", "salt"))
    return problems


def _remark(raw: Mapping[str, object]) -> str | None:
    remark = raw.get("remark")
    if not isinstance(remark, str) or not remark.strip():
        return None
    return unicodedata.normalize("NFC", remark)


def _version_problems(
    raw: Mapping[str, object], versions: Mapping[str, Questionnaire]
) -> list[Problem]:
    questionnaire = versions.get(cast(str, raw["questionnaire"]))
    if questionnaire is None:
        return [Problem("submission.unknown_version", "questionnaire")]
    problems = []
    abandoned = read_abandoned(raw.get("abandoned", []), questionnaire)
    if isinstance(abandoned, Problem):
        problems.append(abandoned)
    if raw["language"] not in questionnaire.text:
        problems.append(Problem("submission.unknown_language", "language"))
    if _remark(raw) and not any(q.kind == "remark" for q in questionnaire.questions.values()):
        problems.append(Problem("submission.remark_not_asked", "remark"))
    if not is_response_id(raw["id"]):
        return problems  # without an id nobody knows which module was asked
    form = AnsweredForm(
        questionnaire=questionnaire,
        module=questionnaire.module_of(cast(str, raw["id"])),
        answers=cast(Mapping[str, object], raw["answers"]),
        complete=raw["status"] == "complete",
    )
    return problems + check_answers(form)


def _submission(raw: Mapping[str, object], rules: Rules, body: bytes) -> Submission:
    remark = _remark(raw)
    words = cast(Mapping[str, str], raw)
    numbers = cast(Mapping[str, int], raw)
    answers = cast(Mapping[str, Answer], raw["answers"])
    content = Content(
        id=words["id"],
        questionnaire=words["questionnaire"],
        unit=words["unit"],
        counter=words["counter"],
        channel=words["channel"],
        language=words["language"],
        status=words["status"],
        answers=answers,
        remark=remark,
        salt=words["salt"] if remark else None,
    )
    return Submission(
        unit_id=content.unit,
        counter_id=content.counter,
        id=content.id,
        questionnaire=content.questionnaire,
        channel=content.channel,
        day=_day(raw.get("day"), rules.today),
        language=content.language,
        status=content.status,
        answers=answers,
        order_seed=numbers["order_seed"],
        active_seconds=numbers["active_seconds"],
        remark=remark,
        salt=content.salt,
        content_hash=content_hash(content),
        body=body,
        break_offs=_break_offs(raw, rules.versions[content.questionnaire], answers),
    )
