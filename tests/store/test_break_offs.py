"""Break-offs are counted once, by counter, week, module and question, and hold nothing else."""

from dataclasses import replace
from datetime import timedelta

from survey_app.domain.breakoff import BreakOff
from survey_app.domain.weeks import Week
from survey_app.store import break_offs, schema
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from tests.support.forms import MONDAY, OTHER_DESK, WARD, FormMaker

W48 = Week(2026, 48)
LEFT = {"module": 1, "question": "posted"}


def ends(database: Database, *weeks: Week) -> dict[BreakOff, int]:
    with database.reading() as connection:
        found = break_offs.of_weeks(connection, WARD, weeks)
    return {end: starts for counts in found.values() for end, starts in counts.items()}


def test_what_a_form_tells_is_counted_once(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.form(abandoned=[LEFT, LEFT])
    assert [intake.submit(form).kind, intake.submit(form).kind] == ["new", "known"]
    intake.submit(maker.form(counter=OTHER_DESK, abandoned=[LEFT]))
    intake.submit(maker.form(MONDAY + timedelta(days=7), abandoned=[LEFT]))
    assert ends(database, W48) == {BreakOff(1, "posted"): 3}
    assert ends(database, W48, W48.next()) == {BreakOff(1, "posted"): 4}


def test_a_partial_form_is_a_break_off_and_a_complete_one_is_none(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    intake.submit_many([maker.partial(), maker.partial(), maker.form()])
    found = ends(database, W48)
    assert {end.question: starts for end, starts in found.items()} == {"courteous": 2}


def test_one_that_conflicts_tells_nothing(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.form(abandoned=[LEFT])
    intake.submit(form)
    other = replace(maker.altered(form), break_offs=form.break_offs)
    assert intake.submit(other).kind == "conflict"
    assert ends(database, W48) == {BreakOff(1, "posted"): 1}


def test_a_row_says_nothing_finer_than_the_week() -> None:
    columns = {column.name for column in schema.break_off.columns}
    assert columns == {
        "unit_id",
        "counter_id",
        "week",
        "questionnaire",
        "module",
        "question",
        "starts",
    }
