"""What stands on the questionnaire's page for everybody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from survey_app import create_app
from survey_app.config import Settings
from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import schema
from tests.support.client import HouseClient, PageOpener
from tests.support.clock import FakeClock
from tests.support.html import text_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_question_stands_on_the_page_with_its_words(
    kiosk_client: FlaskClient,  # noqa: ARG001  (it pairs the page's client)
    page: PageOpener,
    questionnaire: Questionnaire,
    lang: str,
) -> None:
    opened = page.get(f"/kiosk/?lang={lang}")
    legends = [
        text_of(e) for e in opened.document.all("legend") if e.get("class") == "question-text"
    ]
    assert legends == [questionnaire.say(lang, f"{q}.text") for q in questionnaire.questions]


def test_words_stand_under_every_face(
    kiosk_client: FlaskClient,  # noqa: ARG001  (it pairs the page's client)
    page: PageOpener,
) -> None:
    labels = [
        label
        for label in page.get("/kiosk/").document.all("label")
        if any(e.get("class") == "face" for e in label.iter())
    ]
    assert len(labels) >= 5
    assert all(text_of(label) for label in labels)
    assert all(
        e.get("aria-hidden") == "true"
        for label in labels
        for e in label
        if e.get("class") == "face"
    )


def test_every_visit_gets_an_id_of_its_own(kiosk_client: FlaskClient, page: PageOpener) -> None:
    assert kiosk_client is page.client
    opened = [page.get("/kiosk/").document.all("input") for _ in range(2)]
    ids = {e.get("value") for inputs in opened for e in inputs if e.get("name") == "visit-id"}
    assert len(ids) == 2


def test_the_way_to_report_wrongdoing_is_named(
    kiosk_client: FlaskClient,  # noqa: ARG001  (it pairs the page's client)
    page: PageOpener,
    app: Flask,
) -> None:
    assert "niêm yết tại quầy" in page.get("/kiosk/").text
    with app.extensions["survey_app"].database.writing() as connection:
        connection.execute(update(schema.unit).values(hotline="0221 3000 000"))
    assert "0221 3000 000" in page.get("/kiosk/").text


@pytest.fixture
def demonstration(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(replace(settings, demo=True), clock=clock)
    app.test_client_class = HouseClient
    yield app
    app.extensions["survey_app"].intake.close()
    app.extensions["survey_app"].database.dispose()


def test_a_demonstration_says_so_on_every_page(demonstration: Flask) -> None:
    client = demonstration.test_client()
    for path in ("/kiosk/", "/kiosk/thanks", "/kiosk/pair/token"):
        assert "DỮ LIỆU MẪU" in client.get(path).get_data(as_text=True)
