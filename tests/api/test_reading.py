"""What may be read without a credential: the questionnaire, and whether the server is well."""

import pytest
from flask import Flask

from survey_app.domain.canonical import sha256_hex
from survey_app.store import migrate, questionnaires
from survey_app.store.engine import Database
from tests.api.conftest import ORIGIN, Tablet
from tests.support.forms import PUBLISHED, furnish, short_questionnaire

PATH = "/api/v1/questionnaire"


def test_the_questionnaire_is_what_its_hash_is_of(tablet: Tablet) -> None:
    response = tablet.app.test_client().get(PATH, base_url=ORIGIN)
    assert sha256_hex(response.data) == tablet.questionnaire.hash
    assert response.headers["ETag"] == f'"{tablet.questionnaire.hash}"'
    assert response.mimetype == "application/json"


def test_a_tablet_that_has_it_does_not_load_it_again(tablet: Tablet) -> None:
    response = tablet.app.test_client().get(
        PATH, base_url=ORIGIN, headers={"If-None-Match": f'"{tablet.questionnaire.hash}"'}
    )
    assert (response.status_code, response.data) == (304, b"")


def test_old_versions_stay_readable_and_their_forms_are_taken(
    tablet: Tablet, database: Database
) -> None:
    newer = short_questionnaire(2)
    with database.writing() as connection:
        questionnaires.publish(connection, newer, PUBLISHED)
    client = tablet.app.test_client()
    live = client.get(PATH, base_url=ORIGIN)
    old = client.get(f"{PATH}?version={tablet.questionnaire.hash}", base_url=ORIGIN)
    assert sha256_hex(live.data) == newer.hash
    assert sha256_hex(old.data) == tablet.questionnaire.hash
    assert tablet.send(tablet.form()).status_code == 201
    assert tablet.send(tablet.form(questionnaire=newer.hash)).status_code == 201


def test_an_unknown_version_is_not_found(tablet: Tablet) -> None:
    response = tablet.app.test_client().get(f"{PATH}?version=abc", base_url=ORIGIN)
    assert response.status_code == 404


def test_before_the_first_questionnaire_there_is_none(app: Flask) -> None:
    response = app.test_client().get(PATH, base_url=ORIGIN)
    assert response.status_code == 404
    assert response.get_json()["problems"][0]["code"] == "questionnaire.none_published"


def test_alive_and_ready(app: Flask, database: Database) -> None:
    furnish(database)
    client = app.test_client()
    assert client.get("/healthz", base_url=ORIGIN).get_json() == {"status": "ok"}
    assert client.get("/readyz", base_url=ORIGIN).status_code == 200


@pytest.mark.chaos(37)
def test_not_ready_on_an_old_schema(app: Flask, database_url: str) -> None:
    migrate.downgrade(database_url, "0001")
    client = app.test_client()
    assert client.get("/readyz", base_url=ORIGIN).status_code == 503
    assert client.get("/healthz", base_url=ORIGIN).status_code == 200
