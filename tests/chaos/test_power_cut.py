"""The server is killed under load, twenty times."""

from functools import partial

import pytest

from survey_app.store.engine import Database
from tests.chaos.conftest import Draw, stored
from tests.support.load import Load
from tests.support.process import ServerProcess

CUTS = 20
QUEUES = 4
RECEIPTS_A_ROUND = 40


@pytest.mark.slow
@pytest.mark.chaos(4, 39)
def test_every_receipt_has_its_row_whenever_the_server_dies(
    server: ServerProcess, database: Database, credential: str, draw: Draw
) -> None:
    # Enough that the last round still finds work on a quick machine; the rest drains after it.
    made = [draw() for _ in range(CUTS * RECEIPTS_A_ROUND * 5)]
    load = Load([made[number::QUEUES] for number in range(QUEUES)])
    unheard = 0
    for cut in range(CUTS):
        server.start()
        enough = len(load.receipts) + RECEIPTS_A_ROUND + cut  # at another moment each time
        with load.sending(server, credential):
            load.wait_until(partial(load.holds, enough))
            server.kill()
        assert load.waiting > 0
        rows = stored(database)
        assert load.receipts.items() <= rows.items()
        unheard += len(rows) - len(load.receipts)
    assert unheard > 0  # some were stored and never receipted: they come again, and are known
    server.start()
    with load.sending(server, credential):
        pass
    assert load.waiting == 0
    assert stored(database) == load.receipts
    assert load.receipts.keys() == {form["id"] for form in made}
