"""Who may open what: each room, asked by each kind of person."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
OFFICE, OTHER_OFFICE = f"/office/{MY_HAO}/", f"/office/{DUONG_HAO}/"
EVIDENCE = "/evidence/"
ADMIN, PEOPLE = "/admin/", "/admin/people"
MATRIX = {
    "official": {OFFICE: 200, OTHER_OFFICE: 403, EVIDENCE: 403, ADMIN: 403, PEOPLE: 403},
    "neighbour": {OFFICE: 403, OTHER_OFFICE: 200, EVIDENCE: 403, ADMIN: 403, PEOPLE: 403},
    "leader": {OFFICE: 200, OTHER_OFFICE: 200, EVIDENCE: 403, ADMIN: 403, PEOPLE: 403},
    "reviewer": {OFFICE: 200, OTHER_OFFICE: 403, EVIDENCE: 200, ADMIN: 403, PEOPLE: 403},
    "administrator": {OFFICE: 200, OTHER_OFFICE: 200, EVIDENCE: 403, ADMIN: 200, PEOPLE: 200},
    "ward_administrator": {OFFICE: 200, OTHER_OFFICE: 403, EVIDENCE: 403, ADMIN: 200, PEOPLE: 200},
}
OPEN_TO_ALL = {"accounts", "api", "codes", "kiosk", "trust", "web"}


@pytest.mark.parametrize("login", MATRIX)
def test_each_person_opens_what_the_role_opens(door: Door, login: str) -> None:
    door.enter(login)
    found = {path: door.page.client.get(path).status_code for path in MATRIX[login]}
    assert found == MATRIX[login]


def test_a_stranger_is_sent_to_log_in_from_every_page_of_the_rooms(
    app: Flask, client: FlaskClient
) -> None:
    values = {
        "unit_id": MY_HAO,
        "week_text": "2026-W47",
        "account_id": 1,
        "counter_id": "12103-q1",
        "kiosk_id": "x",
        "filename": "x",
    }
    opened = []
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if room in OPEN_TO_ALL or rule.endpoint.endswith(".static"):
            continue
        asked = {name: values.get(name, "x") for name in rule.arguments}
        path = app.url_map.bind("127.0.0.1").build(rule.endpoint, asked)
        if "GET" in (rule.methods or ()):
            response = client.get(path)
            if response.status_code != 302 or "/accounts/login" not in response.location:
                opened.append(path)
        if "POST" in (rule.methods or ()) and client.post(path).status_code != 400:
            opened.append(path)  # without a token nothing begins
    assert opened == []


def test_navigation_shows_the_rooms_of_the_role_only(door: Door) -> None:
    door.enter("official")
    navigation = door.page.get(OFFICE).text.split("<nav")[1].split("</nav>")[0]
    assert "/office/" in navigation
    assert "/evidence/" not in navigation
    assert "/admin/" not in navigation


def test_an_unknown_unit_is_refused_like_a_foreign_one(door: Door) -> None:
    door.enter("leader")
    door.page.get("/office/99999@2025-07-01/", status=403)
