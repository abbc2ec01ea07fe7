"""What waits on the tablet outlives failing servers and new versions, and is missed when it is gone."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, Response
from playwright.sync_api import expect
from sqlalchemy import select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import inbox, questionnaires, schema
from survey_app.store.judging_again import Judge
from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.offline.test_sender import ENQUEUE, send_now, stored
from tests.support.forms import form_json
from tests.support.visits import fill_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]
LONGEST_PAUSES = """async () => {
  const {Sender} = await import("/kiosk/static/sender.js");
  return [0, 1].map((chance) => {
    const sender = new Sender({address: "", chance: () => chance});
    return Array.from({length: 50}, () => {
      sender.postpone("a", 0);
      return Math.round((sender.patience.get("a").until - Date.now()) / 100) / 10;
    });
  });
}"""
CLEAN_QUEUE = """() => new Promise((resolve) => {
  const open = indexedDB.open("survey-app");
  open.onsuccess = () => {
    const transaction = open.result.transaction(["queue"], "readwrite");
    transaction.objectStore("queue").clear();
    transaction.oncomplete = () => { open.result.close(); resolve(); };
  };
})"""


@contextmanager
def outage(app: Flask) -> Iterator[list[str]]:
    """The server is there, and forms fail in it; what asked for them gathers in the list."""
    asked: list[str] = []

    def fail() -> Response:
        asked.append("")
        return Response('{"problems": []}', 503, content_type="application/json")

    names = ("api.post_one", "api.post_batch")
    real = {name: app.view_functions[name] for name in names}
    app.view_functions.update(dict.fromkeys(names, fail))
    yield asked
    app.view_functions.update(real)


@pytest.mark.chaos(9)
def test_no_number_of_failures_takes_a_form_off(paired: Tablet, app: Flask, count: Count) -> None:
    with outage(app) as asked:
        fill_in(paired)
        paired.wait(2 * 3_600_000)
        assert 20 < len(asked) < 80  # it goes on trying, and does not storm
        assert len(stored(paired.page)["queue"]) == 1
    paired.wait(345_000)  # the longest pause and one probe
    paired.settle()
    assert count() == 1
    line(paired, "sẵn sàng")


@pytest.mark.chaos(9)
def test_pauses_grow_to_five_minutes_and_differ_from_tablet_to_tablet(paired: Tablet) -> None:
    short, long = paired.page.evaluate(LONGEST_PAUSES)
    assert long == [5, 10, 20, 40, 80, 160, *[300] * 44]
    assert short[:3] == [2.5, 5, 10]
    assert max(short) == 150


@pytest.mark.chaos(18)
def test_forms_of_two_questionnaires_wait_side_by_side(
    paired: Tablet, app: Flask, count: Count
) -> None:
    parts = app.extensions["survey_app"]
    with outage(app):
        fill_in(paired, 2)  # the same answers twice
        with parts.database.writing() as connection:
            old = questionnaires.current(connection)
            new = next_version(old)
            questionnaires.publish(connection, new, parts.clock())
        with paired.page.expect_event("load"):
            paired.wait(61_000)
        fill_in(paired)
        assert len(stored(paired.page)["queue"]) == 3
    paired.wait(345_000)
    line(paired, "sẵn sàng")
    with parts.database.reading() as connection:
        found = list(connection.scalars(select(schema.response.c.questionnaire)))
    assert sorted(found) == sorted([old.hash, old.hash, new.hash])
    assert count() == 3


def next_version(questionnaire: Questionnaire) -> Questionnaire:
    document = json.loads(questionnaire.canonical)
    document["structure"]["version"] += 1
    return Questionnaire.from_json(json.dumps(document))


@pytest.mark.chaos(15)
def test_forms_that_vanish_from_the_tablet_raise_an_alarm(
    paired: Tablet, server: Server, app: Flask
) -> None:
    server.stop()
    fill_in(paired, 2)
    paired.page.evaluate(CLEAN_QUEUE)
    server.start()
    paired.wait(61_000)
    line(paired, "sẵn sàng")
    with app.extensions["survey_app"].database.reading() as connection:
        epoch: Any = connection.execute(select(schema.kiosk_epoch)).one()
    assert (epoch.created, epoch.acknowledged, epoch.lost) == (2, 0, 2)


@pytest.mark.chaos(15)
def test_a_tablet_whose_memory_was_cleared_is_not_ready(paired: Tablet, server: Server) -> None:
    server.stop()
    fill_in(paired)
    clear_site_data(paired.page)
    server.start()
    paired.page.reload()
    paired.expect_screen("welcome")
    expect(paired.page.locator("[data-line]")).to_contain_text("cần kết nối lại với quầy")


def clear_site_data(page: "Page") -> None:
    """What "delete browsing data" does; the cookie stays, as a cleaner may leave it."""
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    kinds = "indexeddb,service_workers,cache_storage,local_storage"
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})
    session.detach()


@pytest.mark.slow
def test_a_thousand_forms_arrive_once_each(paired: Tablet, app: Flask, count: Count) -> None:
    with app.extensions["survey_app"].database.reading() as connection:
        questionnaire = questionnaires.current(connection)
    with outage(app):
        forms = [partial_form(questionnaire) for _ in range(1_000)]
        assert set(paired.page.evaluate(ENQUEUE, forms)) == {"stored"}
    send_now(paired)
    paired.settle()
    line(paired, "sẵn sàng")
    assert count() == 1_000
    assert stored(paired.page)["queue"] == []


@pytest.mark.chaos(7)
def test_a_refused_form_that_was_taken_in_since_leaves_by_its_receipt(
    paired: Tablet, app: "Flask", count: Count
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.reading() as connection:
        questionnaire = questionnaires.current(connection)
    # The tablet has come to another counter with forms of the one before.
    forms = [{**partial_form(questionnaire), "counter": "12103-q2"} for _ in range(2)]
    paired.page.evaluate(ENQUEUE, forms)
    send_now(paired)
    line(paired, "sẵn sàng · 2 phiếu bị máy chủ từ chối")
    judge = Judge(parts.database, parts.intake, parts.sealing)
    with parts.database.reading() as connection:
        [first, _] = inbox.waiting(connection)
    assert (judge.again(first), count()) == ("new", 1)
    paired.page.reload()
    line(paired, "sẵn sàng · 1 phiếu bị máy chủ từ chối")
    kept = stored(paired.page)
    assert [len(kept[name]) for name in ("queue", "dead", "sent")] == [0, 1, 1]
    paired.wait(61_000)
    paired.settle()
    with parts.database.reading() as connection:
        epoch = connection.execute(select(schema.kiosk_epoch)).one()
    assert (epoch.created, epoch.acknowledged, epoch.dead, epoch.lost) == (2, 1, 1, 0)
    assert count() == 1


def partial_form(questionnaire: Questionnaire) -> dict[str, Any]:
    """Broken off after the first question: the shortest there is."""
    first = {"procedure": "cert"}
    return form_json(questionnaire, id=str(uuid.uuid4()), status="partial", answers=first)
