"""Sending: thanks only for a receipt, nothing lost on any failure, one row for one visit."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from survey_app.domain.order import seed_of
from survey_app.store import kiosks
from tests.kiosk.tablet import Tablet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Rows = Callable[[], list[dict[str, Any]]]
Provoke = Callable[[str], None]
API = "**/api/v1/responses"
WRONG_RECEIPT = {
    "receipt": {
        "id": "00000000-0000-4000-8000-000000000000",
        "content_hash": "0" * 64,
        "day": "2026-11-23",
        "signature": "x",
    }
}


@pytest.fixture
def ready(tablet: Tablet) -> Tablet:
    """A visit that only has to be sent."""
    tablet.begin()
    tablet.rush({"procedure": "other"})
    return tablet


def send_again(tablet: Tablet) -> None:
    tablet.page.unroute(API)
    tablet.press("again")
    tablet.expect_screen("thanks")


def hold(tablet: Tablet) -> list[Route]:
    """Leave requests without an answer; they gather in the list."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    tablet.page.route(API, keep)
    return held


def abort(route: Route) -> None:
    route.abort()


def fail(route: Route) -> None:
    route.fulfill(status=503, json={"problems": []})


def portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>")


def truncated(route: Route) -> None:
    route.fulfill(status=201, content_type="application/json", body='{"receipt": {"id"')


def another(route: Route) -> None:
    route.fulfill(status=201, json=WRONG_RECEIPT)


def unproven(route: Route) -> None:
    body = json.loads(route.request.post_data or "{}")
    route.fulfill(status=200, json={"receipt": {"id": body["id"]}})


@pytest.mark.parametrize("trouble", [abort, fail, portal, truncated, another, unproven])
def test_without_a_receipt_for_this_form_nobody_is_thanked(
    ready: Tablet, rows: Rows, provoke: Provoke, trouble: Callable[[Route], None]
) -> None:
    ready.page.route(API, trouble)
    ready.send()
    ready.expect_screen("failed")
    expect(ready.screen.get_by_role("heading")).to_have_text("Chưa gửi được")
    assert rows() == []
    send_again(ready)
    [row] = rows()
    assert row["answers"]["procedure"] == "other"
    provoke("Failed to load resource")


def test_stored_but_not_heard_of_is_sent_again_as_the_same_form(
    ready: Tablet, rows: Rows, provoke: Provoke
) -> None:
    bodies: list[str | None] = []

    def lose_the_answer(route: Route) -> None:
        bodies.append(route.request.post_data)
        route.fetch()
        route.abort()

    ready.page.get_by_role("textbox").fill("Tốt.")
    ready.page.route(API, lose_the_answer)
    ready.send()
    ready.expect_screen("failed")
    with ready.page.expect_event("requestfailed"):
        ready.press("again")
    ready.expect_screen("failed")
    send_again(ready)
    assert len(rows()) == 1
    assert len(set(bodies)) == 1
    provoke("Failed to load resource")


def test_whoever_left_a_form_that_could_not_go_need_not_come_back(
    ready: Tablet, rows: Rows, provoke: Provoke
) -> None:
    ready.page.route(API, abort)
    ready.send()
    ready.expect_screen("failed")
    ready.page.unroute(API)
    ready.wait(60_000)
    ready.expect_screen("thanks")
    assert len(rows()) == 1
    provoke("Failed to load resource")


def test_a_server_that_does_not_answer_is_given_up_after_twenty_seconds(
    ready: Tablet, rows: Rows, provoke: Provoke
) -> None:
    held = hold(ready)
    ready.send()
    ready.expect_screen("sending")
    ready.wait(19_000)
    ready.expect_screen("sending")
    ready.wait(2_000)
    ready.expect_screen("failed")
    for route in held:
        route.abort()
    send_again(ready)
    assert len(rows()) == 1
    provoke("Failed to load resource")


def test_after_a_failure_one_can_erase_instead(ready: Tablet, rows: Rows, provoke: Provoke) -> None:
    ready.page.route(API, abort)
    ready.send()
    ready.expect_screen("failed")
    ready.wait()
    ready.screen.get_by_role("button", name="Xoá và thoát").tap()
    ready.erase()
    assert rows() == []
    provoke("Failed to load resource")


def test_a_tablet_without_credential_says_so_and_keeps_the_form(
    ready: Tablet, rows: Rows, app: Flask, provoke: Provoke
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        [paired] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired.kiosk.id, parts.clock())
    ready.send()
    ready.expect_screen("failed")
    expect(ready.screen).to_contain_text("Máy này chưa được kết nối")
    expect(ready.screen.get_by_role("button", name="Gửi lại")).to_be_visible()
    assert rows() == []
    provoke("Failed to load resource")


def test_an_answer_the_server_refuses_is_asked_again(
    ready: Tablet, rows: Rows, provoke: Provoke
) -> None:
    problem = {"code": "answer.unknown_choice", "where": "stage", "params": {}}
    ready.page.route(API, lambda route: route.fulfill(status=422, json={"problems": [problem]}))
    ready.send()
    ready.expect_question("stage")
    expect(ready.screen.get_by_role("alert")).to_have_text("Xin Ông/Bà trả lời lại câu này.")
    ready.page.unroute(API)
    ready.wait()
    ready.choose("ask")
    ready.rush()
    ready.send()
    ready.expect_screen("thanks")
    assert rows()[0]["answers"]["stage"] == "ask"
    provoke("Failed to load resource")


@pytest.mark.parametrize("status", [409, 422])
def test_what_no_second_try_can_change_offers_none(
    ready: Tablet, provoke: Provoke, status: int
) -> None:
    problems = {"problems": [{"code": "store.conflict", "where": "id", "params": {}}]}
    ready.page.route(API, lambda route: route.fulfill(status=status, json=problems))
    ready.send()
    ready.expect_screen("failed")
    expect(ready.screen).to_contain_text("báo giúp nhân viên")
    expect(ready.screen.get_by_role("button", name="Gửi lại")).to_be_hidden()
    expect(ready.screen.get_by_role("button", name="Xoá và thoát")).to_be_visible()
    provoke("Failed to load resource")


def test_who_leaves_while_sending_is_not_thanked_in_anothers_place(
    ready: Tablet, provoke: Provoke
) -> None:
    held = hold(ready)
    ready.send()
    ready.expect_screen("sending")
    ready.press_exit()
    ready.erase()
    ready.page.wait_for_timeout(0)
    for route in held:
        route.continue_()
    ready.page.wait_for_load_state("networkidle")
    ready.expect_screen("welcome")
    provoke("Failed to load resource")


def test_the_body_is_what_the_api_was_promised(ready: Tablet) -> None:
    ready.page.get_by_role("textbox").fill("Tốt.")
    with ready.page.expect_request(API) as caught:
        ready.send()
    request = caught.value
    body: dict[str, Any] = json.loads(request.post_data or "")
    assert request.headers["x-survey-app"] == "1"
    assert request.headers["content-type"] == "application/json"
    assert set(body) == {
        *("id", "questionnaire", "unit", "counter", "channel", "language", "status"),
        *("answers", "order_seed", "active_seconds", "remark", "salt", "abandoned"),
    }
    assert (body["unit"], body["counter"]) == ("12103@2025-07-01", "12103-q1")
    assert body["order_seed"] == seed_of(body["id"])
    # The page's clock moved by what `wait` let pass, and by nothing else.
    assert 0 < body["active_seconds"] < 90
    ready.expect_screen("thanks")
