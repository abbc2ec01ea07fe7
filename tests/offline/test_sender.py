"""The queue and its sender against a network and a disk that misbehave (failures.md)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.tablet import Tablet
from tests.offline.conftest import Server, line
from tests.support.visits import fill_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Count = Callable[[], int]
MISBEHAVE = """(kind) => {
  const real = window.real ?? window.fetch;
  window.real = real;
  window.calls = 0;
  const answers = {
    portal: () => new Response("<h1>Wi-Fi</h1>", {status: 200, headers: {"Content-Type": "text/html"}}),
    truncated: () => new Response('{"results": [{"sta', {status: 200}),
    empty: () => new Response("", {status: 201}),
    failing: () => new Response('{"problems": []}', {status: 500}),
    forged: () => Response.json({results: [{status: 201, receipt: {id: "x", content_hash: "y", signature: "z"}}]}),
    proxy: () => new Response("Forbidden", {status: 403}),
    late: null,
  };
  window.fetch = async (address, options) => {
    if (options?.method !== "POST" || !String(address).includes("/responses")) {
      return real(address, options);
    }
    window.calls += 1;
    if (kind === "altered") {
      const value = await (await real(address, options)).json();
      for (const {receipt} of value.results) receipt.content_hash = "0".repeat(64);
      return Response.json(value);
    }
    if (kind === "late") {
      await real(address, options);
      throw new TypeError("the answer is lost");
    }
    return answers[kind]();
  };
}"""
BEHAVE = "() => { window.fetch = window.real; }"
STORED = """() => new Promise((resolve) => {
  const open = indexedDB.open("survey-app");
  open.onsuccess = () => {
    const database = open.result;
    const names = ["queue", "dead", "sent"];
    const transaction = database.transaction(names);
    const asked = names.map((name) => transaction.objectStore(name).getAll());
    transaction.oncomplete = () => {
      database.close();
      resolve(Object.fromEntries(names.map((name, i) => [name, asked[i].result])));
    };
  };
})"""
ENQUEUE = """async (bodies) => {
  const {Keeper} = await import("/kiosk/static/keeper.js");
  const key = JSON.parse(document.querySelector("#visit").dataset.sealingKey);
  const keeper = new Keeper(key, {kick() {}});
  const kinds = [];
  for (const body of bodies) kinds.push((await keeper.keep(body)).kind);
  return kinds;
}"""
POISON = """() => new Promise((resolve) => {
  const open = indexedDB.open("survey-app");
  open.onsuccess = () => {
    const transaction = open.result.transaction(["queue"], "readwrite");
    transaction.objectStore("queue").put({id: "0", content_hash: "0", sealed: "not sealed", at: Date.now()});
    transaction.oncomplete = () => { open.result.close(); resolve(); };
  };
})"""


def stored(page: Page) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = page.evaluate(STORED)
    return found


def send_now(tablet: Tablet) -> None:
    tablet.page.evaluate("window.dispatchEvent(new Event('online'))")


@pytest.mark.chaos(5, 6, 26)
@pytest.mark.parametrize(
    "kind", ["portal", "truncated", "empty", "failing", "forged", "altered", "proxy", "late"]
)
def test_only_a_receipt_for_this_form_takes_it_off_the_tablet(
    paired: Tablet, count: Count, kind: str
) -> None:
    paired.page.evaluate(MISBEHAVE, kind)
    fill_in(paired)
    expect(paired.page.locator("[data-line]")).to_have_text(re.compile("còn 1 phiếu chưa gửi"))
    assert paired.page.evaluate("window.calls") >= 1
    assert len(stored(paired.page)["queue"]) == 1
    paired.page.evaluate(BEHAVE)
    line(paired, "sẵn sàng")
    assert count() == 1
    assert stored(paired.page)["queue"] == []


@pytest.mark.chaos(4, 23)
def test_twenty_minutes_without_a_server_then_it_drains_by_itself_within_a_minute(
    paired: Tablet, server: Server, count: Count
) -> None:
    server.stop()
    fill_in(paired)
    paired.wait(1_200_000)
    server.start()
    paired.wait(60_000)
    paired.settle()
    assert count() == 1


@pytest.mark.chaos(7, 8)
def test_a_poison_form_lets_the_others_pass_and_is_never_deleted(
    paired: Tablet, count: Count
) -> None:
    paired.page.evaluate(POISON)
    fill_in(paired, 2)
    line(paired, "sẵn sàng · 1 phiếu bị máy chủ từ chối")
    assert count() == 2
    paired.page.get_by_text("Dành cho nhân viên").tap()
    expect(paired.page.locator("[data-reasons]")).to_contain_text("1 phiếu, cũ nhất 0 ngày")
    [dead] = stored(paired.page)["dead"]
    assert (dead["sealed"], dead["reason"]) == ("not sealed", "sealed.unreadable")


@pytest.mark.chaos(10, 17)
@pytest.mark.parametrize("name", ["QuotaExceededError", "AbortError", "UnknownError"])
def test_what_could_not_be_kept_is_not_thanked_for(paired: Tablet, count: Count, name: str) -> None:
    page = paired.page
    paired.begin()
    paired.rush()
    page.evaluate(
        """(name) => {
          window.add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function () {
            if (name === "AbortError") {
              const request = window.add.apply(this, arguments);
              this.transaction.abort();
              return request;
            }
            throw new DOMException("no", name);
          };
        }""",
        name,
    )
    paired.send()
    paired.expect_screen("failed")
    expect(paired.screen).to_contain_text("Máy chưa lưu được các câu trả lời")
    expect(page.locator("[data-line]")).to_have_text(re.compile("bộ nhớ máy đã đầy"))
    page.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    paired.press("again")
    paired.expect_screen("thanks")
    paired.wait(13_000)
    line(paired, "sẵn sàng")
    assert count() == 1


@pytest.mark.chaos(13)
def test_a_database_that_the_system_closed_is_opened_again(paired: Tablet, count: Count) -> None:
    paired.page.evaluate(
        """() => new Promise((closed) => {
          const {transaction} = IDBDatabase.prototype;
          IDBDatabase.prototype.transaction = function (...names) {
            IDBDatabase.prototype.transaction = transaction;
            const begun = transaction.apply(this, names);
            this.close();
            closed();
            return begun;
          };
          window.dispatchEvent(new Event("online"));
        })"""
    )
    fill_in(paired)
    line(paired, "sẵn sàng")
    assert count() == 1


@pytest.mark.chaos(11, 21)
def test_two_tabs_and_many_calls_send_each_form_once(
    paired: Tablet, server: Server, count: Count
) -> None:
    server.stop()
    fill_in(paired, 2)
    other = paired.page.context.new_page()
    other.clock.install(time="2026-11-23T02:00:00Z")
    other.goto(paired.url)
    answered: list[str] = []
    # Listening before the server is back: the other tab may send as soon as it is.
    paired.page.context.on(
        "response", lambda r: answered.append(r.url) if r.url.endswith("/batch") else None
    )
    server.start()
    for page in (paired.page, other) * 3:
        page.evaluate("for (let i = 0; i < 5; i++) window.dispatchEvent(new Event('online'))")
    line(paired, "sẵn sàng")
    assert count() == 2
    assert len(answered) == 1


@pytest.mark.chaos(42)
def test_a_restored_server_gets_back_what_it_had_receipted(
    paired: Tablet, app: Any, count: Count
) -> None:
    from sqlalchemy import delete

    from survey_app.store import schema

    fill_in(paired, 2)
    line(paired, "sẵn sàng")
    assert count() == 2
    with app.extensions["survey_app"].database.writing() as connection:
        for table in (schema.response, schema.response_timing):
            connection.execute(delete(table))
    with paired.page.expect_response("**/api/v1/responses/batch"):
        paired.page.reload()
    assert count() == 2
    line(paired, "sẵn sàng")


@pytest.mark.chaos(44)
def test_what_lies_on_the_tablet_can_be_read_by_nobody_there(
    paired: Tablet, server: Server
) -> None:
    server.stop()
    paired.begin()
    paired.rush()
    paired.page.get_by_role("textbox").fill("Ghế ngồi chờ hơi ít.")
    paired.send()
    paired.expect_screen("thanks")
    [item] = stored(paired.page)["queue"]
    assert set(item) == {"id", "content_hash", "sealed", "at"}
    assert "Ghế" not in str(item)
    assert item["sealed"].count(".") == 4
