"""Forms that are not valid: every reason is told, and the form is kept."""

import json
from typing import Any

import pytest

from survey_app.store import schema
from survey_app.store.engine import Database
from tests.api.conftest import Tablet, kept, rows
from tests.support.forms import FOREIGN_DESK, OTHER_DESK, OTHER_WARD, response_id

SALT = "0f" * 16
GOOD = {
    "procedure": "cert",
    "courteous": "yes",
    "channels_seen": ["web"],
    "visits": 2,
    "age": "under_35",
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "not-a-uuid"}, "submission.bad_id", "id"),
    ({"id": "5F9E2C6A-1B3D-4E5F-8A7B-9C0D1E2F3A4B"}, "submission.bad_id", "id"),
    ({"id": "5f9e2c6a-1b3d-1e5f-8a7b-9c0d1e2f3a4b"}, "submission.bad_id", "id"),
    ({"id": 7}, "submission.wrong_type", "id"),
    ({"questionnaire": "0" * 64}, "submission.unknown_version", "questionnaire"),
    ({"questionnaire": None}, "submission.wrong_type", "questionnaire"),
    ({"questionnaire": ["a"]}, "submission.wrong_type", "questionnaire"),
    ({"unit": OTHER_WARD}, "submission.not_yours", "unit"),
    ({"counter": OTHER_DESK}, "submission.not_yours", "counter"),
    ({"counter": FOREIGN_DESK}, "submission.not_yours", "counter"),
    ({"channel": "open"}, "submission.not_yours", "channel"),
    ({"channel": "code"}, "submission.not_yours", "channel"),
    ({"day": "2025-10-18"}, "submission.old_day", "day"),
    ({"day": "20261123"}, "submission.bad_day", "day"),
    ({"day": "2026-02-30"}, "submission.bad_day", "day"),
    ({"day": 20261123}, "submission.wrong_type", "day"),
    ({"language": "fr"}, "submission.unknown_language", "language"),
    ({"status": "done"}, "submission.unknown_status", "status"),
    ({"order_seed": -1}, "submission.out_of_range", "order_seed"),
    ({"order_seed": 2**53}, "submission.out_of_range", "order_seed"),
    ({"order_seed": "7"}, "submission.wrong_type", "order_seed"),
    ({"order_seed": True}, "submission.wrong_type", "order_seed"),
    ({"active_seconds": 86401}, "submission.out_of_range", "active_seconds"),
    ({"active_seconds": 1.5}, "submission.wrong_type", "active_seconds"),
    ({"answers": []}, "submission.wrong_type", "answers"),
    ({"remark": "x" * 501, "salt": SALT}, "submission.remark_too_long", "remark"),
    ({"remark": "a\x00b", "salt": SALT}, "submission.remark_not_text", "remark"),
    ({"remark": "a\ud800b", "salt": SALT}, "submission.remark_not_text", "remark"),
    ({"remark": "tốt"}, "submission.bad_salt", "salt"),
    ({"remark": "tốt", "salt": "0F" * 16}, "submission.bad_salt", "salt"),
    ({"remark": 5, "salt": SALT}, "submission.wrong_type", "remark"),
    ({"name": "Lan"}, "submission.unknown_field", "name"),
]
ANSWERS: list[tuple[dict[str, Any], str, str]] = [
    ({**GOOD, "procedure": "passport"}, "answer.unknown_choice", "procedure"),
    ({**GOOD, "procedure": 1}, "answer.code_expected", "procedure"),
    ({**GOOD, "procedure": None}, "answer.code_expected", "procedure"),
    ({**GOOD, "procedure": {"code": "cert"}}, "answer.code_expected", "procedure"),
    ({**GOOD, "courteous": "not_asked"}, "answer.unknown_choice", "courteous"),
    ({**GOOD, "returned": "yes"}, "answer.off_path", "returned"),
    ({**GOOD, "posted": "yes"}, "answer.off_path", "posted"),
    ({**GOOD, "channels_seen": ["web", "sign", "staff"]}, "answer.too_many", "channels_seen"),
    ({**GOOD, "channels_seen": ["web", "web"]}, "answer.contradictory", "channels_seen"),
    ({**GOOD, "channels_seen": []}, "answer.contradictory", "channels_seen"),
    ({**GOOD, "channels_seen": ["web", "dont_know"]}, "answer.contradictory", "channels_seen"),
    ({**GOOD, "channels_seen": "web"}, "answer.codes_expected", "channels_seen"),
    ({**GOOD, "visits": 21}, "answer.out_of_range", "visits"),
    ({**GOOD, "visits": 2.5}, "answer.integer_expected", "visits"),
    ({**GOOD, "visits": "many"}, "answer.unknown_choice", "visits"),
    ({**GOOD, "remark": "tốt"}, "answer.remark_apart", "remark"),
    ({**GOOD, "shoe_size": 40}, "answer.unknown_question", "shoe_size"),
    (without("courteous"), "answer.missing", "courteous"),
    ({**GOOD, "procedure": "land"}, "answer.missing", "returned"),
]


def refused(tablet: Tablet, form: dict[str, Any]) -> list[tuple[str, str]]:
    response = tablet.send(form)
    assert response.status_code == 422, response.text
    problems = response.get_json()["problems"]
    assert all(problem["message"] for problem in problems)
    return [(problem["code"], problem["where"]) for problem in problems]


@pytest.mark.parametrize(("change", "code", "where"), FIELDS)
@pytest.mark.chaos(7)
def test_a_bad_field_is_named_and_the_form_kept(
    tablet: Tablet, database: Database, change: dict[str, Any], code: str, where: str
) -> None:
    form = tablet.form(**change)
    assert (code, where) in refused(tablet, form)
    assert rows(database, schema.response) == []
    (row,) = rows(database, schema.inbox)
    assert row.kind == "invalid"
    assert json.loads(bytes(row.body)) == form
    assert code in row.problems


@pytest.mark.parametrize(("answers", "code", "where"), ANSWERS)
@pytest.mark.chaos(7)
def test_a_bad_answer_is_named_and_the_form_kept(
    tablet: Tablet, database: Database, answers: dict[str, Any], code: str, where: str
) -> None:
    form = tablet.form(answers=answers)
    assert (code, where) in refused(tablet, form)
    assert kept(database) == [("invalid", form["id"])]


def test_every_reason_is_told_at_once(tablet: Tablet) -> None:
    answers = {**GOOD, "procedure": "passport", "visits": 0}
    form = tablet.form(answers=answers, language="fr", day="2025-01-01", active_seconds=-1)
    codes = {code for code, _ in refused(tablet, form)}
    assert codes == {
        "answer.unknown_choice",
        "answer.out_of_range",
        "submission.unknown_language",
        "submission.old_day",
        "submission.out_of_range",
    }


@pytest.mark.parametrize("name", ["answers", "id", "language", "unit"])
def test_a_missing_field_is_named(tablet: Tablet, name: str) -> None:
    form = {key: value for key, value in tablet.form().items() if key != name}
    assert refused(tablet, form) == [("submission.missing_field", name)]


def test_answers_to_the_other_module_are_off_the_path(tablet: Tablet) -> None:
    form = tablet.form(id=response_id(module=1))
    assert ("answer.off_path", "visits") in refused(tablet, form)


def test_the_same_bad_form_is_kept_once(tablet: Tablet, database: Database) -> None:
    form = tablet.form(language="fr")
    for _ in range(3):
        refused(tablet, form)
    assert len(rows(database, schema.inbox)) == 1


def test_the_words_are_vietnamese(tablet: Tablet) -> None:
    message = tablet.send(tablet.form(language="fr")).get_json()["problems"][0]["message"]
    assert message == "Phiếu khảo sát không có bản bằng ngôn ngữ này."
