"""A row file of more than a million answers, written with little memory whatever its length."""

import csv
import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import insert

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_columns import FIXED, Layout
from survey_app.domain.simulation import draw_citizen
from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.chaos.conftest import DESK, WARD
from tests.support.process import SECRET

WEEKS = [Week(2026, number) for number in range(1, 48)]
FORMS = 80_000
LEAST_ANSWERS = 1_000_000
DIFFERENT = 500
MOST_KILOBYTES = 512 * 1024
# What a file forty-seven times as long may need more: buffers of the database's driver.
MOST_MORE = 48 * 1024


def rows(questionnaire: Questionnaire) -> Iterator[dict[str, object]]:
    """Responses over all weeks; simulated citizens come again and again under new names."""
    rng = random.Random(35)
    citizens = [draw_citizen(questionnaire, 1.2, rng) for _ in range(DIFFERENT)]
    answers = [json.dumps(dict(c.answers), sort_keys=True) for c in citizens]
    for number in range(FORMS):
        week = WEEKS[number % len(WEEKS)]
        yield {
            "unit_id": WARD,
            "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "counter_id": DESK,
            "questionnaire": questionnaire.hash,
            "channel": "kiosk",
            "day": (week.monday + timedelta(days=number % 5)).isoformat(),
            "week": str(week),
            "language": "vi",
            "status": "complete",
            "answers": answers[number % DIFFERENT],
            "order_seed": 0,
            "active_seconds": 60,
            "content_hash": "0" * 64,
            "first_vintage": 1,
        }


@pytest.fixture
def year(database: Database, questionnaire: Questionnaire) -> None:
    """A year of closed weeks, as closing leaves them; their counts are no part of the file."""
    made = rows(questionnaire)
    with database.writing() as connection:
        while chunk := list(islice(made, 5_000)):
            connection.execute(insert(schema.response), chunk)
        connection.execute(insert(schema.vintage), [vintage(week) for week in WEEKS])


def vintage(week: Week) -> dict[str, object]:
    days = [(week.monday + timedelta(days=number)).isoformat() for number in range(5)]
    psus = [
        {"label": f"{n:08x}", "days": [d], "forms": 0, "totals": []} for n, d in enumerate(days)
    ]
    return {
        "unit_id": WARD,
        "week": str(week),
        "number": 1,
        "closed_at": 0,
        "forms": FORMS // len(WEEKS),
        "psus": json.dumps(psus),
        "figures_from": str(week),
    }


def export(data_dir: Path, url: str, file: Path, *options: str) -> int:
    """Run the command under a cap on its memory; its peak in kilobytes."""
    environ = {
        **os.environ,
        "SURVEY_APP_DATA_DIR": str(data_dir),
        "SURVEY_APP_DATABASE_URL": url,
        "SURVEY_APP_SECRET_KEY": SECRET,
    }
    words = ["-m", "survey_app", "export", "--unit", WARD, "--output", str(file), *options]
    capped = f'ulimit -v {MOST_KILOBYTES}; exec "$@"'
    process = subprocess.Popen(["sh", "-c", capped, "sh", sys.executable, *words], env=environ)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss


@pytest.mark.slow
@pytest.mark.chaos(35, 36)
@pytest.mark.usefixtures("year")
def test_a_million_answers_are_exported_in_constant_memory(
    seeded_database_url: str, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    one_week = export(tmp_path, seeded_database_url, file, "--from", str(WEEKS[-1]))
    assert export(tmp_path, seeded_database_url, file) < one_week + MOST_MORE
    asked = len(Layout((questionnaire,)).questions)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = csv.reader(opened, delimiter=";")
        assert len(next(lines)) > len(FIXED) + asked
        answered = [asked - line[len(FIXED) : len(FIXED) + asked].count("") for line in lines]
    assert len(answered) == FORMS
    assert sum(answered) >= LEAST_ANSWERS
