"""Who is served without TLS: citizens on trial, and the rooms with passwords on the server itself alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from survey_app.config import Settings
from survey_app.store import authority
from survey_app.transport import OnlyTrust
from tests.support.client import PageOpener
from tests.support.clock import FakeClock

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HOST = "192.168.1.10"
OPEN = f"http://{HOST}:8080"
ROOMS = ("/office/", "/evidence/", "/admin/", "/admin/fleet", "/accounts/login")
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.77"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that tablets reach over plain http."""
    return replace(settings, public_url=OPEN)


def status(client: Client, path: str, **options: object) -> int:
    return int(client.get(path, **options).status_code)


@pytest.mark.parametrize("path", ROOMS)
def test_rooms_with_passwords_are_refused_in_the_open(page: PageOpener, path: str) -> None:
    opened = page.get(path, status=403, base_url=OPEN, environ_overrides=ELSEWHERE)
    assert opened.heading == "Trang này cần kết nối được bảo vệ"
    assert "survey-app tls" in opened.text
    assert 'name="password"' not in opened.text


def test_a_password_sent_in_the_open_is_not_looked_at(client: FlaskClient) -> None:
    answer = client.post(
        "/accounts/login", base_url=OPEN, environ_overrides=ELSEWHERE, data={"login": "a"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/kiosk/connect", "/healthz", "/static/tokens.css"])
def test_everything_else_is_served(client: FlaskClient, path: str) -> None:
    assert status(client, path, base_url=OPEN, environ_overrides=ELSEWHERE) == 200


@pytest.mark.parametrize("path", ["/accounts/login"])
def test_on_the_server_itself_they_open(client: FlaskClient, path: str) -> None:
    assert status(client, path, base_url="http://127.0.0.1:8080") == 200
    assert status(client, path, base_url="http://localhost:8080") == 200


def test_a_request_that_a_proxy_passed_on_is_not_from_here(client: FlaskClient) -> None:
    passed_on = {"X-Forwarded-For": "192.168.1.77"}
    assert (
        status(client, "/accounts/login", base_url="http://localhost:8080", headers=passed_on)
        == 403
    )
    assert status(client, "/accounts/login", base_url=OPEN) == 403


def test_tls_that_a_proxy_on_this_machine_ended_counts(client: FlaskClient) -> None:
    ended = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.168.1.77"}
    assert status(client, "/accounts/login", base_url=OPEN, headers=ended) == 200
    strange = {"environ_overrides": ELSEWHERE, "headers": ended}
    assert status(client, "/accounts/login", base_url=OPEN, **strange) == 403


@pytest.fixture
def with_authority(settings: Settings, clock: FakeClock) -> Path:
    authority.renew(settings.data_dir, HOST, clock())
    return authority.files(settings.data_dir).authority


def test_the_page_shows_how_to_trust_the_authority(page: PageOpener, with_authority: Path) -> None:
    opened = page.get("/trust/")
    assert authority.fingerprint(with_authority) in opened.text
    assert opened.text.count("<svg") == 4
    assert opened.response.headers.get("Set-Cookie") is None


def test_without_an_authority_there_is_nothing_to_install(page: PageOpener) -> None:
    assert page.get("/trust/", status=404).heading == "Ở đây không có gì cần cài"
    page.get("/trust/khao-sat.crt", status=404)


def test_the_plain_listener_has_that_page_alone(app: Flask, with_authority: Path) -> None:
    assert with_authority.is_file()
    client = Client(OnlyTrust(app, "https://192.168.1.10:8080"))
    for path in ("/trust/", "/trust/khao-sat.crt", "/static/tokens.css"):
        assert status(client, path, base_url=OPEN, buffered=True) == 200
    for path in ("/", "/kiosk/", "/accounts/login", "/api/v1/questionnaire", "/trust"):
        answer = client.get(path, base_url=OPEN)
        assert (answer.status_code, answer.location) == (302, "https://192.168.1.10:8080/trust/")
