"""What every page stands in: headers, hosts, error pages, the first page, the log."""

import dataclasses
import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, default_exceptions

from survey_app.config import Settings
from survey_app.web import headers, shell
from survey_app.web import logging as house_log
from tests.support.client import PageOpener
from tests.support.queries import counted_queries

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PATHS = ("/", "/nowhere", "/static/tokens.css", "/vendor/be-vietnam-pro/font.css", "/healthz")
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process logs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    house_log.configure(stream)
    yield stream
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        for name, value in headers.HEADERS.items():
            assert response.headers[name] == value
    assert "Strict-Transport-Security" not in response.headers
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_under_https_browsers_are_told_to_stay_there(settings: Settings) -> None:
    app = Flask("survey_app", static_folder=None)
    shell.install(app, dataclasses.replace(settings, public_url="https://khaosat.example.vn"))
    response = app.test_client().get("/", base_url="https://khaosat.example.vn")
    assert response.status_code == 200
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert app.config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("host", ["evil.example", "khaosat.example.vn.evil.example", "10.0.0.1"])
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    response = client.get("/", base_url=f"http://{host}")
    assert response.status_code == 400
    assert host not in response.get_data(as_text=True)


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1"])
def test_the_loopback_is_always_served(client: FlaskClient, host: str) -> None:
    assert client.get("/", base_url=f"http://{host}").status_code == 200


def test_the_first_page_names_the_rooms(page: PageOpener) -> None:
    first = page.get("/")
    assert first.heading == "Khảo sát hài lòng một cửa"
    links = [a.get("href") for a in first.document.all("a")]
    assert {"/kiosk/", "/office/", "/evidence/", "/admin/"} <= set(links)
    assert "DỮ LIỆU MẪU" not in first.text


def test_a_demonstration_says_so_on_every_page(settings: Settings) -> None:
    app = Flask("survey_app", static_folder=None)
    shell.install(app, dataclasses.replace(settings, demo=True))
    client = app.test_client()
    for path in ("/", "/nowhere"):
        text = client.get(path, base_url=settings.public_url).get_data(as_text=True)
        assert "DỮ LIỆU MẪU" in text
        assert "– DỮ LIỆU MẪU</title>" in text  # the name of a sheet saved as PDF
        assert 'data-mark="DỮ LIỆU MẪU"' in text  # the watermark of each printed sheet


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_need_neither_session_nor_database(
    app: Flask, page: PageOpener, status: int
) -> None:
    def fail() -> str:
        raise default_exceptions[status]

    app.testing = False
    app.add_url_rule("/probe", "probe", fail)
    page.client.set_cookie("visit", "somebody", domain="127.0.0.1")
    with counted_queries() as statements:
        shown = page.get("/probe", status=status)
    assert statements == []
    assert "Set-Cookie" not in shown.response.headers
    assert f"Lỗi {status}" in shown.text


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("room", "start"), [("kiosk", "/kiosk/"), ("q", "/q/")])
def test_citizens_errors_speak_of_no_account_and_lead_back_to_their_start(
    app: Flask, page: PageOpener, status: int, room: str, start: str
) -> None:
    def fail() -> str:
        raise default_exceptions[status]

    app.testing = False
    app.before_request_funcs.clear()  # without a public address /q/ says that it is closed
    app.add_url_rule(f"/{room}/probe/here", "probe", fail)
    with counted_queries() as statements:
        shown = page.get(f"/{room}/probe/here", status=status)
    assert statements == []
    assert [link.get("href") for link in shown.document.all("a")] == [start]
    assert f"Lỗi {status}" in shown.text
    assert "tài khoản" not in shown.text.lower()
    assert "đăng nhập" not in shown.text.lower()


def test_a_fault_is_told_without_details(app: Flask, page: PageOpener) -> None:
    def fail() -> str:
        raise RuntimeError("the secret is 4711")

    app.testing = False
    app.add_url_rule("/probe", "probe", fail)
    shown = page.get("/probe", status=500)
    assert shown.heading == "Hệ thống gặp sự cố"
    assert "4711" not in shown.text


def test_what_an_error_says_beside_its_page_stays(app: Flask, client: FlaskClient) -> None:
    response = client.post("/healthz")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert app.error_handler_spec[None][None][HTTPException] is not None


def test_machines_get_errors_as_json(client: FlaskClient) -> None:
    response = client.get("/api/v1/nowhere")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["problems"][0]["code"] == "http.404"


def test_the_log_of_the_rooms_has_path_and_time_and_no_address(
    client: FlaskClient, log: io.StringIO
) -> None:
    client.get("/office/?a=1")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["path"] == "/office/"
    assert line["status"] == 302
    assert "T" in line["at"]
    assert "127.0.0.1" not in log.getvalue()


@pytest.mark.parametrize("path", ["/kiosk/", "/q/x", "/api/v1/questionnaire", "/", "/nowhere"])
def test_citizens_leave_no_line_in_the_log(
    client: FlaskClient, log: io.StringIO, path: str
) -> None:
    client.get(path)
    client.post(path, data={})
    assert log.getvalue() == ""


def test_a_citizens_fault_is_logged_by_kind_and_day_alone(
    app: Flask, client: FlaskClient, log: io.StringIO
) -> None:
    def fail() -> str:
        raise RuntimeError("the answer was no")

    app.testing = False
    app.add_url_rule("/q/broken", "broken", fail)
    client.get("/q/broken")
    line = json.loads(log.getvalue())
    assert line["error"] == "RuntimeError"
    assert len(line["at"]) == len("2026-11-23")
    assert any("fail" in place for place in line["where"])
    for secret in ("/q/broken", "127.0.0.1", "the answer was no"):
        assert secret not in log.getvalue()


def test_too_large_a_body_is_refused(client: FlaskClient) -> None:
    response = client.post("/accounts/login", data={"login": "x" * (shell.LARGEST_BODY + 1)})
    assert response.status_code == 413
