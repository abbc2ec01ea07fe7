"""Forms are safe on the tablet before anybody is thanked, and reach the server once each (failures.md)."""

from collections.abc import Callable

import pytest

from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]


def test_a_form_is_sent_at_once_where_there_is_a_server(paired: Tablet, count: Count) -> None:
    fill_in(paired)
    line(paired, "sẵn sàng")
    assert count() == 1


@pytest.mark.chaos(23)
def test_a_day_without_the_server(paired: Tablet, server: Server, count: Count) -> None:
    server.stop()
    fill_in(paired, 2)
    paired.page.reload()
    paired.expect_screen("welcome")
    paired.begin("en")
    paired.rush()
    paired.send()
    paired.expect_screen("thanks")
    paired.wait(13_000)
    line(paired, "sẵn sàng · mất mạng · còn 3 phiếu chưa gửi")
    assert count() == 0
    server.start()
    paired.page.goto(paired.url)
    line(paired, "sẵn sàng")
    assert count() == 3
