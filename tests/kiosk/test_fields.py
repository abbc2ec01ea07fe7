"""Every kind of question has a field that renders, keeps what was typed, and gives the domain its answer."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from survey_app.domain.answers import KINDS
from survey_app.domain.questionnaire import Questionnaire
from survey_app.kiosk.fields import MAKERS
from survey_app.kiosk.forms import answers_of, make_form, remark_of

YES_NO = [{"code": "yes"}, {"code": "no"}]
STRUCTURE: dict[str, Any] = {
    "format": 1,
    "id": "every-kind",
    "version": 1,
    "scheme": "papi-2019",
    "blocks": [
        {
            "id": "all",
            "core": True,
            "questions": [
                {"id": "one", "kind": "single", "choices": YES_NO, "refusable": True},
                {"id": "some", "kind": "multiple", "choices": YES_NO, "dont_know": True},
                {
                    "id": "times",
                    "kind": "integer",
                    "minimum": 0,
                    "maximum": 9,
                    "dont_know": True,
                },
                {"id": "words", "kind": "remark"},
            ],
        }
    ],
}


@pytest.fixture
def version() -> Questionnaire:
    return Questionnaire.model_validate({"structure": STRUCTURE, "text": {"vi": {}}}, strict=False)


def test_every_kind_of_the_domain_has_a_field() -> None:
    assert set(MAKERS) == {*KINDS, "remark"}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ([], {}),
        ([("q-one", "yes")], {"one": "yes"}),
        ([("q-one", "foreign")], {"one": "foreign"}),
        ([("q-some", "yes"), ("q-some", "no")], {"some": ["yes", "no"]}),
        ([("q-some", "dont_know")], {"some": ["dont_know"]}),
        ([("q-times", "3")], {"times": 3}),
        ([("q-times", " 0 ")], {"times": 0}),
        ([("q-times", ""), ("q-times", "dont_know")], {"times": "dont_know"}),
        ([("q-times", "3"), ("q-times", "dont_know")], {"times": ["3", "dont_know"]}),
        ([("q-times", "three")], {"times": "three"}),
        ([("q-times", "-1")], {"times": "-1"}),
    ],
)
def test_a_field_gives_what_was_meant(
    app: Flask, version: Questionnaire, given: list[tuple[str, str]], answers: dict[str, Any]
) -> None:
    with app.test_request_context("/kiosk/"):
        form = make_form(version, "vi", MultiDict(given))
        assert answers_of(form, version) == answers


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_is_no_number_is_shown_again(app: Flask, version: Questionnaire) -> None:
    with app.test_request_context("/kiosk/"):
        form = make_form(version, "vi", MultiDict({"q-times": "three"}))
        assert 'value="three"' in form["times"]()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("typed", "kept"), [("  ", None), (" Tốt \r\n", "Tốt")])
def test_an_empty_remark_is_none(
    app: Flask, version: Questionnaire, typed: str, kept: str | None
) -> None:
    with app.test_request_context("/kiosk/"):
        form = make_form(version, "vi", MultiDict({"q-words": typed}))
        assert remark_of(form, version) == kept
