"""Dossiers by week, and recorded actions."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import actions, dossiers
from survey_app.store.engine import Database
from tests.support.clock import FakeClock
from tests.support.forms import OTHER_WARD, WARD

WEEK = Week(2026, 47)
FULL = Dossiers({"cert": 300, "land": 120}, 420)


@pytest.mark.usefixtures("maker")
def test_a_report_replaces_the_one_before(database: Database, clock: FakeClock) -> None:
    with database.writing() as connection:
        dossiers.report(connection, WARD, WEEK, FULL, clock())
        dossiers.report(connection, WARD, WEEK.previous(), Dossiers({}, 0), clock())
        dossiers.report(connection, OTHER_WARD, WEEK, Dossiers({}, 9), clock())
        dossiers.report(connection, WARD, WEEK, Dossiers({"cert": 301}, 301), clock())
    with database.reading() as connection:
        weeks = [WEEK, WEEK.previous(), WEEK.next()]
        assert dossiers.reported(connection, WARD, weeks) == {
            WEEK.previous(): Dossiers({}, 0),
            WEEK: Dossiers({"cert": 301}, 301),
        }


@pytest.mark.usefixtures("maker")
@pytest.mark.parametrize("wrong", [Dossiers({}, -1), Dossiers({"cert": -1}, 0)])
def test_the_store_refuses_what_is_below_zero(
    database: Database, clock: FakeClock, wrong: Dossiers
) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        dossiers.report(connection, WARD, WEEK, wrong, clock())


@pytest.mark.usefixtures("maker")
def test_actions_are_listed_newest_first_until_withdrawn(
    database: Database, clock: FakeClock
) -> None:
    with database.writing() as connection:
        made = [
            actions.record(
                connection,
                WARD,
                date(2026, month, 5),
                "5",
                f"Việc tháng {month}",
                account_id=1,
                now=clock(),
            )
            for month in (9, 10, 8)
        ]
        assert actions.actions(connection, WARD) == [made[1], made[0], made[2]]
        assert not actions.withdraw(connection, OTHER_WARD, made[0].id, clock())
        assert actions.withdraw(connection, WARD, made[0].id, clock())
        assert not actions.withdraw(connection, WARD, made[0].id, clock())
        assert actions.actions(connection, WARD) == [made[1], made[2]]
        assert actions.actions(connection, OTHER_WARD) == []
