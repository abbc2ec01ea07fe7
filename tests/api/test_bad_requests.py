"""Requests that are refused before, or because, their body cannot be read."""

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from survey_app.api import responses
from survey_app.store import inbox, kiosks, schema
from survey_app.store import intake as intake_module
from survey_app.store.engine import Database
from tests.api.conftest import HEADERS, ORIGIN, Tablet, kept, rows
from tests.support.clock import FakeClock
from tests.support.forms import WARD

BATCH = "/api/v1/responses/batch"
UNREADABLE = [
    (b"", "request.not_json"),
    (b"{", "request.not_json"),
    (b"\xff\xfe{}", "request.not_json"),
    (b'{"id": "\xff"}', "request.not_json"),
    (b'{"order_seed": NaN}', "request.not_json"),
    (b'{"order_seed": -Infinity}', "request.not_json"),
    (b'{"order_seed": ' + b"9" * 5000 + b"}", "request.not_json"),
    (b'{"id": 1, "id": 2}', "request.duplicate_key"),
    (b'{"answers": {"a": "yes", "a": "no"}}', "request.duplicate_key"),
    (b'{"answers": [[[[[[1]]]]]]}', "request.too_deep"),
    (b"[" * 60_000, "request.too_deep"),
    (b"[]", "request.not_an_object"),
    (b"null", "request.not_an_object"),
    (b'"form"', "request.not_an_object"),
]


@pytest.mark.parametrize(("body", "code"), UNREADABLE)
@pytest.mark.chaos(7)
def test_what_cannot_be_read_is_refused_and_kept(
    tablet: Tablet, database: Database, body: bytes, code: str
) -> None:
    response = tablet.send(body)
    assert response.status_code == 400
    (problem,) = response.get_json()["problems"]
    assert problem["code"] == code
    assert not problem["message"].endswith(f"({code}).")
    (row,) = rows(database, schema.inbox)
    assert (row.kind, row.id, row.unit_id) == ("poison", "", WARD)
    assert bytes(row.body) == body


@pytest.mark.parametrize("path", ["/api/v1/responses", BATCH])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415, "request.content_type"),
        ({"Content_Type": "text/plain"}, 415, "request.content_type"),
        ({"Content_Type": "application/json; charset=utf-16"}, 415, "request.content_type"),
        ({"Content_Type": None}, 415, "request.content_type"),
        ({"Origin": "http://127.0.0.1:9999"}, 403, "request.origin"),
        ({"Origin": "https://127.0.0.1:8080"}, 403, "request.origin"),
        ({"Origin": "null"}, 403, "request.origin"),
        ({"Origin": None}, 403, "request.origin"),
        ({"X_Survey_App": None}, 403, "request.header"),
        ({"X_Survey_App": "2"}, 403, "request.header"),
    ],
)
def test_a_request_that_is_not_our_pages_is_refused(
    tablet: Tablet,
    database: Database,
    path: str,
    headers: dict[str, str | None],
    status: int,
    code: str,
) -> None:
    response = tablet.send(tablet.form(), path, **headers)
    assert response.status_code == status
    assert response.get_json()["problems"][0]["code"] == code
    assert rows(database, schema.response) == []


def test_utf8_may_be_named(tablet: Tablet) -> None:
    response = tablet.send(tablet.form(), Content_Type="application/json; charset=UTF-8")
    assert response.status_code == 201


@pytest.mark.parametrize(("path", "size"), [("/api/v1/responses", 64 * 1024), (BATCH, 1024 * 1024)])
def test_too_much_is_refused_and_the_limit_is_not(tablet: Tablet, path: str, size: int) -> None:
    assert tablet.send(b" " * (size + 1), path).status_code == 413
    assert tablet.send(b" " * size, path).status_code == 400


def test_a_body_without_a_length_is_counted(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "LARGEST_FORM", 10)
    builder = EnvironBuilder(
        path="/api/v1/responses",
        method="POST",
        base_url=ORIGIN,
        data=b" " * 11,
        headers=Headers(HEADERS),
    )
    environ = {**builder.get_environ(), "wsgi.input_terminated": True}
    del environ["CONTENT_LENGTH"]
    response = tablet.client().open(environ)
    assert response.status_code == 413
    assert response.get_json()["problems"][0]["code"] == "request.too_large"


def test_no_credential_no_form(tablet: Tablet, database: Database) -> None:
    for credential in ("", "guessed", "x" * 3000):
        stranger = Tablet(tablet.app, tablet.questionnaire, credential)
        response = stranger.send(b"not even json")
        assert response.status_code == 401
        assert response.get_json()["problems"][0]["code"] == "request.no_credential"
    assert kept(database) == []


def test_a_withdrawn_tablet_is_a_stranger(
    tablet: Tablet, database: Database, clock: FakeClock
) -> None:
    assert tablet.send(tablet.form()).status_code == 201
    with database.writing() as connection:
        (paired,) = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired.kiosk.id, clock())
    assert tablet.send(tablet.form()).status_code == 401


def test_only_posts(tablet: Tablet) -> None:
    assert tablet.client().get("/api/v1/responses", base_url=ORIGIN).status_code == 405


@pytest.mark.chaos(40)
def test_a_full_disk_says_come_again_and_loses_nothing(
    tablet: Tablet, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    form = tablet.form()
    with monkeypatch.context() as patched:
        patched.setattr(intake_module, "write_group", full)
        patched.setattr(inbox, "keep", full)
        for body in (form, tablet.form(language="fr"), b"{"):
            response = tablet.send(body)
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) > 0
            assert "receipt" not in response.get_json()
        batch = tablet.send({"responses": [form]}, BATCH)
        assert batch.status_code == 503
    assert rows(database, schema.response) == []
    assert kept(database) == []
    assert tablet.send(form).status_code == 201
