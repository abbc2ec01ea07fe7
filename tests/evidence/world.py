"""Weeks of simulated forms, taken in by the real intake and closed by the real clockwork."""

import random
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import draw_citizen
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.domain.weeks import Week
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.vintages import close_due
from tests.support.clock import FakeClock

MY_HAO = "12103@2025-07-01"
THUONG_HONG = "12127@2025-07-01"
DUONG_HAO = "12133@2025-07-01"
PROVINCE = "HY@2025-07-01"
LAST = Week(2026, 47)
REMARK = "Xin cảm ơn, số của tôi là 0912 345 678"


def form(
    questionnaire: Questionnaire, unit: str, day: date, rng: random.Random, **changes: Any
) -> Submission:
    """One citizen's form, as valid as a tablet's."""
    citizen = draw_citizen(questionnaire, 1.2, rng)
    raw = {
        "id": citizen.id,
        "questionnaire": questionnaire.hash,
        "unit": unit,
        "counter": f"{unit[:5]}-q{rng.randint(1, 3)}",
        "channel": "kiosk",
        "day": day.isoformat(),
        "language": citizen.language,
        "status": "complete",
        "answers": dict(citizen.answers),
        "order_seed": rng.getrandbits(31),
        "active_seconds": rng.randint(35, 160),
        **changes,
    }
    sender = Sender(raw["unit"], raw["counter"], raw["channel"])
    accepted = validate(raw, Rules(sender, {questionnaire.hash: questionnaire}, day), b"")
    assert isinstance(accepted, Submission), accepted
    return accepted


def partial(questionnaire: Questionnaire, unit: str, day: date, rng: random.Random) -> Submission:
    """A form broken off after the first question."""
    answers = {"procedure": rng.choice(["cert", "land"])}
    return form(questionnaire, unit, day, rng, status="partial", answers=answers)


def fill(
    database: Database, clock: FakeClock, daily: Mapping[str, int], *, weeks: int, seed: int = 7
) -> None:
    """`daily` forms a working day by unit, in the `weeks` that end with 2026-W47; then everything due is closed.

    One form a week is partial, one came by phone, one has a remark.
    """
    rng = random.Random(seed)
    with database.reading() as connection:
        questionnaire = current(connection)
    intake = Intake(database, clock)
    try:
        for unit, number in daily.items():
            for week in range(weeks):
                monday = LAST.monday - timedelta(weeks=weeks - 1 - week)
                intake.submit_many(_week(questionnaire, unit, monday, number, rng))
        close_due(database, clock())
    finally:
        intake.close()


def _week(
    questionnaire: Questionnaire, unit: str, monday: date, number: int, rng: random.Random
) -> list[Submission]:
    days = [monday + timedelta(days=offset) for offset in range(5)]
    forms = [form(questionnaire, unit, day, rng) for day in days for _ in range(number)]
    phone = {"counter": f"{unit[:5]}-online", "channel": "code"}
    salted = {"remark": REMARK, "salt": uuid.UUID(int=rng.getrandbits(128)).hex}
    return [
        *forms,
        partial(questionnaire, unit, days[0], rng),
        form(questionnaire, unit, days[1], rng, **phone),
        form(questionnaire, unit, days[2], rng, **salted),
    ]
