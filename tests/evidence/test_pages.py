"""/evidence/: who gets in, what the pages say, what the downloads are."""

import csv
import dataclasses
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey_app.content import bundled_questionnaire
from survey_app.store import schema
from survey_app.store.engine import Database
from tests.evidence.conftest import LogIn
from tests.evidence.world import DUONG_HAO, MY_HAO
from tests.support.client import PageOpener

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PATHS = ("/evidence/", "/evidence/rows.csv", "/evidence/codebook", "/evidence/codebook.csv")


def table(client: FlaskClient, query: str) -> list[dict[str, str]]:
    response = client.get(f"/evidence/rows.csv?dialect=plain&{query}")
    assert response.status_code == 200, response.status
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True), newline="")))


def events(database: Database) -> list[dict[str, Any]]:
    query = select(schema.audit_event).where(schema.audit_event.c.action == "rows.exported")
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_sent_to_log_in(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert "/accounts/login" in response.location


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("login", ["official", "administrator"])
def test_other_roles_are_refused(page: PageOpener, log_in: LogIn, login: str, path: str) -> None:
    log_in(login)
    page.get(path, status=403)


@pytest.mark.usefixtures("two_weeks")
def test_a_reviewer_of_another_unit_gets_only_that_one(
    page: PageOpener, client: FlaskClient, log_in: LogIn, database: Database
) -> None:
    log_in("colleague")
    for path in ("/evidence/", "/evidence/rows.csv"):
        page.get(f"{path}?unit={MY_HAO}", status=403)
        page.get(f"{path}?unit={DUONG_HAO}&unit={MY_HAO}", status=403)
    assert events(database) == []
    assert "Phường Mỹ Hào" not in page.get("/evidence/").text
    assert {line["unit"] for line in table(client, "")} == {DUONG_HAO}


@pytest.mark.usefixtures("two_weeks")
def test_the_page_says_what_can_be_taken(page: PageOpener, log_in: LogIn) -> None:
    log_in("province")
    opened = page.get("/evidence/")
    assert opened.heading == "Kiểm chứng số liệu"
    assert "62 phiếu, từ tuần 46/2026 đến tuần 47/2026." in opened.text
    assert "23 (1)" in opened.text
    chosen = page.get(f"/evidence/?unit={DUONG_HAO}&from=2026-W47&to=2026-W47")
    assert "8 phiếu, từ tuần 47/2026" in chosen.text
    assert "xin chọn từ tuần 46/2026." in chosen.text
    assert "xin chọn từ" not in opened.text


def test_before_the_first_week_closes_the_page_says_when(
    page: PageOpener, client: FlaskClient, log_in: LogIn
) -> None:
    log_in("reviewer")
    assert "6 giờ sáng thứ Hai" in page.get("/evidence/").text
    assert client.get("/evidence/rows.csv").status_code == 404


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize(
    "query", ["from=2026-W60", "to=hôm qua", "dialect=sas", "unit=12103@2025-07-01&from=x"]
)
def test_addresses_nobody_was_given_are_not_found(
    client: FlaskClient, log_in: LogIn, query: str
) -> None:
    log_in("reviewer")
    assert client.get(f"/evidence/rows.csv?{query}").status_code == 404


@pytest.mark.usefixtures("two_weeks")
def test_the_download_is_a_named_file_nobody_keeps(client: FlaskClient, log_in: LogIn) -> None:
    log_in("reviewer")
    response = client.get("/evidence/rows.csv?dialect=excel")
    assert response.get_data().startswith(b"\xef\xbb\xbfquestionnaire;unit;week;")
    assert response.content_type == "text/csv; charset=utf-8"
    name = "phieu_12103_2026-W46_2026-W47_excel.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("two_weeks")
def test_weeks_and_units_chosen_are_the_ones_that_come(client: FlaskClient, log_in: LogIn) -> None:
    log_in("province")
    lines = table(client, f"unit={DUONG_HAO}&from=2026-W47&to=2026-W46")
    assert {(line["unit"], line["week"]) for line in lines} == {
        (DUONG_HAO, "2026-W46"),
        (DUONG_HAO, "2026-W47"),
    }
    assert "ghi_chu" not in lines[0]


@pytest.mark.usefixtures("two_weeks")
def test_every_download_is_audited_before_its_first_byte(
    client: FlaskClient, log_in: LogIn, database: Database
) -> None:
    log_in("reviewer")
    client.get("/evidence/")
    assert events(database) == []
    response = client.get("/evidence/rows.csv", buffered=False)
    [event] = events(database)
    response.close()
    assert event["unit_id"] == MY_HAO
    assert event["account_id"] is not None
    assert json.loads(event["detail"]) == {
        "from": "2026-W46",
        "to": "2026-W47",
        "dialect": "excel",
        "rows": 46,
    }


@pytest.mark.usefixtures("two_weeks")
def test_simulated_data_are_marked_in_name_and_rows(
    app: Flask, client: FlaskClient, log_in: LogIn
) -> None:
    log_in("reviewer")
    services = app.extensions["survey_app"]
    app.extensions["survey_app"] = dataclasses.replace(
        services, settings=dataclasses.replace(services.settings, demo=True)
    )
    response = client.get("/evidence/rows.csv?dialect=plain")
    assert "_DU-LIEU-MAU.csv" in response.headers["Content-Disposition"]
    assert {line["ghi_chu"] for line in table(client, "")} == {"DỮ LIỆU MẪU"}


def test_the_codebook_explains_every_column(
    page: PageOpener, client: FlaskClient, log_in: LogIn
) -> None:
    log_in("reviewer")
    shown = page.get("/evidence/codebook").text
    text = client.get("/evidence/codebook.csv?dialect=plain").get_data(as_text=True)
    codes = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {line["column"] for line in codes} >= {"q_procedure", "q_satisfaction", "age", "sex"}
    for column in ("questionnaire", "psu", "weight", *{line["column"] for line in codes}):
        assert f"<code>{column}</code>" in shown
    [courteous] = [
        line for line in codes if (line["column"], line["code"]) == ("q_staff_courteous", "no")
    ]
    assert courteous | {"questionnaire": "", "question": ""} == {
        "questionnaire": "",
        "column": "q_staff_courteous",
        "question": "",
        "code": "no",
        "label": "Không",
        "value": "0",
        "scale_minimum": "0",
        "scale_maximum": "1",
        "direction": "positive",
        "subdimension": "cert:5.1 construction:5.2 land:5.3 other:5.4",
        "evidence": "experience",
    }


def test_a_questionnaire_can_be_taken_for_scoring_elsewhere(
    client: FlaskClient, page: PageOpener, log_in: LogIn
) -> None:
    log_in("reviewer")
    version = bundled_questionnaire()
    response = client.get(f"/evidence/questionnaire/{version.hash[:12]}.json")
    assert response.get_data() == version.canonical
    page.get("/evidence/questionnaire/000000000000.json", status=404)


@pytest.mark.usefixtures("two_weeks")
def test_the_room_is_in_the_navigation_of_reviewers_only(page: PageOpener, log_in: LogIn) -> None:
    log_in("reviewer")
    assert "Kiểm chứng" in page.get("/evidence/").text
