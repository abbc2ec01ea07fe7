"""For seven days a tablet can give back what it was receipted for, whatever its own date says (failures.md row 42)."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from survey_app.store import schema
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.offline.test_sender import stored
from tests.support.clock import FakeClock
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.chaos(42),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]


def restore_older_backup(app: Flask) -> None:
    with app.extensions["survey_app"].database.writing() as connection:
        for table in (schema.response, schema.response_timing):
            connection.execute(delete(table))


def start_again(tablet: Tablet) -> None:
    with tablet.page.expect_response("**/api/v1/heartbeat"):
        tablet.page.reload()
    tablet.expect_screen("welcome")
    tablet.settle()


def test_a_wrong_date_makes_the_tablet_forget_nothing(
    paired: Tablet, app: Flask, clock: FakeClock, count: Count
) -> None:
    fill_in(paired)
    line(paired, "sẵn sàng")
    paired.page.clock.set_system_time("2031-11-24T02:00:00Z")
    start_again(paired)
    start_again(paired)
    assert len(stored(paired.page)["sent"]) == 1
    paired.page.clock.set_system_time(clock())
    restore_older_backup(app)
    start_again(paired)
    line(paired, "sẵn sàng")
    assert count() == 1


def test_a_form_that_waited_for_ten_days_is_kept_for_seven_from_then_on(
    paired: Tablet, server: Server, clock: FakeClock, count: Count
) -> None:
    def pass_days(days: int) -> None:
        clock.advance(days=days)
        paired.page.clock.set_system_time(clock())

    server.stop()
    fill_in(paired)
    pass_days(10)
    server.start()
    start_again(paired)
    line(paired, "sẵn sàng")
    assert count() == 1
    start_again(paired)
    assert len(stored(paired.page)["sent"]) == 1
    pass_days(7)
    start_again(paired)
    assert len(stored(paired.page)["sent"]) == 1
    pass_days(1)
    start_again(paired)
    line(paired, "sẵn sàng")
    assert stored(paired.page)["sent"] == []
