"""A real server process over a seeded database, and forms as tablets draw them."""

import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import draw_citizen
from survey_app.domain.weeks import utc_now
from survey_app.store import kiosks, questionnaires, schema
from survey_app.store.engine import Database
from survey_app.store.verification import verify
from tests.support.process import ServerProcess

WARD = "12103@2025-07-01"
DESK = "12103-q1"
Draw = Callable[..., dict[str, Any]]


@pytest.fixture
def database(seeded_database_url: str) -> Iterator[Database]:
    """The server's database, as the test looks into it."""
    opened = Database(seeded_database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def server(seeded_database_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that the test starts; it is killed at the end."""
    process = ServerProcess(tmp_path, seeded_database_url)
    yield process
    process.kill()


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


@pytest.fixture
def credential(database: Database) -> str:
    """Of a tablet without a key at the first counter."""
    with database.writing() as connection:
        return kiosks.pair(connection, DESK, utc_now())


@pytest.fixture
def draw(questionnaire: Questionnaire) -> Draw:
    """`draw()`: a complete form with a remark, as a tablet sends it; keywords change members."""
    rng = random.Random(20)

    def drawn(**changes: Any) -> dict[str, Any]:
        citizen = draw_citizen(questionnaire, 1.2, rng)
        return {
            "id": citizen.id,
            "questionnaire": questionnaire.hash,
            "unit": WARD,
            "counter": DESK,
            "channel": "kiosk",
            "language": "vi",
            "status": "complete",
            "answers": dict(citizen.answers),
            "order_seed": rng.getrandbits(31),
            "active_seconds": rng.randint(40, 150),
            "remark": f"Ý kiến số {rng.random()}",
            "salt": secrets.token_hex(16),
            **changes,
        }

    return drawn


def stored(database: Database) -> dict[str, str]:
    """Content hash by id of every form stored, each of them whole: hash, remark, moment and count agree."""
    with database.reading() as connection:
        assert verify(connection) == []
        rows = connection.execute(select(schema.response.c.id, schema.response.c.content_hash))
        found = {row.id: row.content_hash for row in rows}
        remarks = set(connection.scalars(select(schema.comment.c.response_id)))
        moments = set(connection.scalars(select(schema.response_timing.c.response_id)))
        revisions = sum(connection.scalars(select(schema.counter_day.c.revision)))
    assert (remarks, moments, revisions) == (set(found), set(found), len(found))
    return found
