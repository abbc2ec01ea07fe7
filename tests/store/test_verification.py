"""Whatever is altered, added or removed in the store is found."""

import pytest
from sqlalchemy import text

from survey_app.store import totals, vintages
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import FormMaker

COPY = """
INSERT INTO response (unit_id, id, counter_id, questionnaire, channel, day, week, language, status,
  answers, order_seed, active_seconds, content_hash, first_vintage)
SELECT unit_id, '00000000-0000-4000-8000-000000000000', counter_id, questionnaire, channel, day,
  week, language, status, answers, order_seed, active_seconds, content_hash, first_vintage
FROM response LIMIT 1
"""
# Not the one with the remark: without its form a remark is a finding of its own.
ONE = """(SELECT min(id) FROM response WHERE status = 'complete'
  AND id NOT IN (SELECT response_id FROM comment))"""

TAMPERINGS = {
    "an answer": (
        f"""UPDATE response SET answers = replace(answers, '"yes"', '"no"') WHERE id = {ONE}""",
        {"verify.form_altered", "verify.totals_differ", "verify.vintage_differs"},
    ),
    "a form removed": (
        f"DELETE FROM response WHERE id = {ONE}",
        {"verify.forms_missing", "verify.vintage_differs"},
    ),
    "a form copied": (
        COPY,
        {"verify.form_altered", "verify.forms_added", "verify.vintage_differs"},
    ),
    "a status": (
        f"UPDATE response SET status = 'partial' WHERE id = {ONE}",
        {"verify.form_altered", "verify.totals_differ", "verify.vintage_differs"},
    ),
    "a day": (
        f"UPDATE response SET day = '2026-11-24' WHERE id = {ONE}",
        {"verify.counter_day_missing", "verify.forms_missing", "verify.vintage_differs"},
    ),
    "a week": (
        f"UPDATE response SET week = '2026-W10' WHERE id = {ONE}",
        {
            "verify.week_not_of_day",
            "verify.counter_day_missing",
            "verify.forms_missing",
            "verify.vintage_differs",
            "verify.vintage_missing",
        },
    ),
    "a vintage mark": (
        f"UPDATE response SET first_vintage = NULL WHERE id = {ONE}",
        {"verify.vintage_differs"},
    ),
    "a vintage's totals": (
        """UPDATE vintage SET psus = replace(psus, '"yes":', '"no":') WHERE forms > 0""",
        {"verify.vintage_differs"},
    ),
    "sums kept for the figures": (
        """UPDATE vintage_sum SET numbers = replace(numbers, '"n":{"/', '"n":{"')""",
        {"verify.sums_differ"},
    ),
    "a vintage removed": (
        "DELETE FROM vintage WHERE week = '2026-W48'",
        {"verify.vintage_missing"},
    ),
    "an empty vintage removed": (
        "DELETE FROM vintage WHERE week = '2026-W49'",
        {"verify.vintage_missing"},
    ),
    "totals": (
        """UPDATE counter_day SET totals = replace(totals, '"yes":', '"no":')""",
        {"verify.totals_differ"},
    ),
    "a counter-day removed": (
        "DELETE FROM counter_day",
        {"verify.counter_day_missing"},
    ),
    "a remark": (
        "UPDATE comment SET remark = 'rất tốt'",
        {"verify.form_altered"},
    ),
    "a remark removed": (
        "DELETE FROM comment",
        {"verify.form_altered"},
    ),
    "a remark moved": (
        "UPDATE comment SET response_id = 'elsewhere'",
        {"verify.form_altered", "verify.remark_without_form"},
    ),
}


@pytest.fixture
def closed(database: Database, maker: FormMaker, intake: Intake, clock: FakeClock) -> Database:
    """Three weeks closed: twelve forms and a partial one, none, none."""
    forms = [maker.form() for _ in range(11)]
    intake.submit_many([*forms, maker.remark("chờ lâu"), maker.partial()])
    clock.set("2026-12-14 06:00")
    vintages.close_due(database, clock())
    return database


def codes(database: Database) -> set[str]:
    with database.reading() as connection:
        return {finding.code for finding in verify(connection)}


def test_an_untouched_store_has_no_findings(closed: Database) -> None:
    assert codes(closed) == set()


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(closed: Database, name: str) -> None:
    statement, expected = TAMPERINGS[name]
    with closed.writing() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    assert codes(closed) == expected


def test_a_wrong_total_is_mended_by_rebuilding(closed: Database) -> None:
    with closed.writing() as connection:
        connection.execute(text("UPDATE counter_day SET totals = '[]'"))
    assert codes(closed) == {"verify.totals_differ"}
    with closed.writing() as connection:
        totals.rebuild(connection)
    assert codes(closed) == set()
