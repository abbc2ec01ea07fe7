"""The server's disk is full, under load."""

import re
from functools import partial
from itertools import pairwise

import pytest

from survey_app.store.engine import Database
from tests.chaos.conftest import Draw, stored
from tests.support.load import Load
from tests.support.process import ServerProcess

QUEUES = 4
UNLIMITED = -1


# The disk of PostgreSQL is full elsewhere; what its complaint becomes is in tests/store/test_intake.py and tests/api.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.chaos(40)
def test_a_full_disk_refuses_forms_and_nothing_else(
    server: ServerProcess, database: Database, credential: str, draw: Draw
) -> None:
    made = [draw() for _ in range(2_000)]
    load = Load([made[number::QUEUES] for number in range(QUEUES)])
    assert database.file is not None
    server.start()
    with load.sending(server, credential):
        load.wait_until(partial(load.holds, 40))
        server.limit_file_size(database.file.stat().st_size)
        load.wait_until(lambda: load.refusals > 0)
    assert load.waiting > 0
    assert stored(database) == load.receipts
    for path in ("/healthz", "/readyz", "/api/v1/questionnaire", "/kiosk/connect"):
        assert server.get(path)[0] == 200
    # Once when it begins, not at each form; near the edge a small form may still find room.
    said = re.findall(r"forms (cannot be|are) stored", server.log)
    assert said[0] == "cannot be"
    assert all(one != next_one for one, next_one in pairwise(said))
    server.limit_file_size(UNLIMITED)
    with load.sending(server, credential):
        pass
    assert load.waiting == 0
    assert stored(database) == load.receipts
    assert "forms are stored again" in server.log
    assert load.receipts.keys() == {form["id"] for form in made}
