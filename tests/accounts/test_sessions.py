"""Sessions: their cookie, their end, their tokens."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from survey_app.accounts import people as rules
from survey_app.accounts import sessions
from survey_app.store import accounts as store
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.support.clock import FakeClock
from tests.support.people import MY_HAO, PASSWORD, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PATH = f"/office/{MY_HAO}/"


def is_open(client: FlaskClient) -> bool:
    return client.get(PATH).status_code == 200


def token(client: FlaskClient) -> str:
    cookie = client.get_cookie("visit", domain="127.0.0.1")
    return cookie.value if cookie else ""


def test_fifteen_idle_minutes_end_it(door: Door, client: FlaskClient, clock: FakeClock) -> None:
    door.enter("official")
    clock.advance(minutes=14, seconds=59)
    assert is_open(client)
    clock.advance(minutes=15)
    assert not is_open(client)


def test_use_keeps_it_open_but_not_beyond_twelve_hours(
    door: Door, client: FlaskClient, clock: FakeClock
) -> None:
    door.enter("official")
    for _ in range(12 * 5 - 1):
        clock.advance(minutes=12)
        assert is_open(client)
    clock.advance(minutes=12)
    assert not is_open(client)


@pytest.mark.chaos(40)
def test_on_a_full_disk_who_is_logged_in_goes_on_reading(
    door: Door, client: FlaskClient, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    door.enter("official")
    monkeypatch.setattr(store, "touch_session", full)
    clock.advance(minutes=10)
    assert is_open(client)


@pytest.mark.chaos(40)
def test_on_a_full_disk_nobody_can_log_in_and_is_told_why(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(store, "open_session", full)
    refused = door.enter("official", status=503)
    assert refused.heading == "Hệ thống đang tạm ngừng trong giây lát"
    assert refused.response.headers["Retry-After"] == "30"


def test_log_out_ends_it_on_the_server(door: Door, client: FlaskClient) -> None:
    door.enter("official")
    kept = token(client)
    door.leave(PATH)
    client.set_cookie("visit", kept, domain="127.0.0.1")
    assert not is_open(client)


def test_logging_in_again_makes_a_new_token_and_ends_the_old(
    door: Door, client: FlaskClient, database: Database
) -> None:
    door.enter("official")
    first = token(client)
    client.delete_cookie("visit", domain="127.0.0.1")
    client.set_cookie("visit", "planted", domain="127.0.0.1")
    door.enter("official")
    assert token(client) not in {"", "planted", first}
    with database.reading() as connection:
        stored = set(connection.scalars(select(schema.session.c.token_hash)))
    assert hashlib.sha256(token(client).encode()).hexdigest() in stored
    assert token(client) not in stored


@pytest.mark.parametrize("what", ["close", "password"])
def test_a_closed_account_or_a_new_password_ends_every_session(
    door: Door,
    client: FlaskClient,
    database: Database,
    clock: FakeClock,
    people: dict[str, int],
    what: str,
) -> None:
    door.enter("official")
    assert is_open(client)
    with database.writing() as connection:
        if what == "close":
            rules.close(connection, clock(), people["official"])
        else:
            rules.set_password(connection, clock(), people["official"], "một mật khẩu mới dài")
    assert not is_open(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    door: Door, client: FlaskClient
) -> None:
    door.enter("official")
    cookie = client.get_cookie("visit", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.max_age is None


def test_under_https_the_cookie_is_bound_to_the_host(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_is_https", lambda: True)
    with app.test_request_context():
        assert sessions.cookie_name() == "__Host-visit"


def test_a_planted_cookie_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie("visit", "\ud800x".encode("utf-8", "replace").decode(), domain="127.0.0.1")
    assert client.get(PATH).status_code == 302


def test_one_changes_ones_own_password_with_the_old_one(door: Door) -> None:
    new = "cá rô đồng kho khế"
    door.enter("official")
    wrong = door.page.submit(
        "/accounts/password", {"old": "không phải đâu nhé", "new": new}, status=422
    )
    assert "Mật khẩu hiện tại không đúng." in wrong.text
    short = door.page.submit("/accounts/password", {"old": PASSWORD, "new": "ngắn"}, status=422)
    assert "Mật khẩu phải có ít nhất 14 ký tự." in short.text
    door.page.submit("/accounts/password", {"old": PASSWORD, "new": new})
    door.enter("official", status=403)
    door.enter("official", new)
