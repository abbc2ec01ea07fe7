"""Counter-days: counted from forms, counted anew when forms come, rebuilt from nothing."""

from typing import Any

from sqlalchemy import Connection, delete, select

from survey_app.domain.counting import CellKey
from survey_app.store import questionnaires, schema, totals
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.totals import CounterDayKey
from tests.support.forms import DESK, OTHER_DESK, WARD, FormMaker

KEY = CounterDayKey(WARD, DESK, "2026-11-23")
WEEK = "2026-W48"


def stored(connection: Connection) -> Any:
    return connection.execute(select(schema.counter_day)).one()


def cell_key(maker: FormMaker) -> CellKey:
    return CellKey(maker.questionnaire.hash, "kiosk", "cert", flagged=False)


def test_recount_counts_what_is_there(database: Database, maker: FormMaker, intake: Intake) -> None:
    intake.submit_many([maker.form(), maker.form(), maker.partial()])
    with database.writing() as connection:
        counted = totals.recount(connection, KEY, questionnaires.versions(connection))
        row = stored(connection)
    cell = counted[cell_key(maker)]
    assert (cell.forms, cell.partial) == (2, 1)
    assert cell.codes["courteous"] == {"yes": 2}
    assert cell.forms_any == {"5": 2, "5.4": 2}
    assert (row.revision, row.counted_revision) == (3, 3)
    assert totals.load(row.totals) == counted


def test_totals_are_counted_anew_only_where_forms_came(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    intake.submit(maker.form())
    intake.submit(maker.form(counter=OTHER_DESK))
    with database.writing() as connection:
        before = totals.fresh_totals(connection, WARD, WEEK)
    intake.submit(maker.form())
    with database.writing() as connection:
        after = totals.fresh_totals(connection, WARD, WEEK)
    other = CounterDayKey(WARD, OTHER_DESK, KEY.day)
    assert before[KEY][cell_key(maker)].forms == 1
    assert after[KEY][cell_key(maker)].forms == 2
    assert after[other] == before[other]


def test_rebuild_makes_everything_from_the_forms(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    intake.submit_many([maker.form(), maker.form(), maker.form(counter=OTHER_DESK)])
    with database.writing() as connection:
        before = totals.fresh_totals(connection, WARD, WEEK)
        connection.execute(delete(schema.counter_day))
    with database.writing() as connection:
        assert totals.rebuild(connection) == 2
        assert totals.fresh_totals(connection, WARD, WEEK) == before
