"""A long queue from one address, a queue offered twice, and a server that came back from an older backup."""

import uuid
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.store import questionnaires, schema
from survey_app.store.engine import Database
from tests.fleet.conftest import MakeCode, NewTablet
from tests.support.forms import form_json
from tests.support.tablets import KeyedTablet

BATCH = "/api/v1/responses/batch"


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


def queue(questionnaire: Questionnaire, number: int) -> list[dict[str, Any]]:
    """Forms broken off after their first question: the shortest there are."""
    first = {"procedure": "cert"}
    return [
        form_json(questionnaire, id=str(uuid.uuid4()), status="partial", answers=first)
        for _ in range(number)
    ]


def drain(tablet: KeyedTablet, forms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    results = []
    for start in range(0, len(forms), 50):
        answer = tablet.post(BATCH, {"responses": forms[start : start + 50]})
        assert answer.status_code == 200, answer.text
        results += answer.get_json()["results"]
    return results


def stored(database: Database) -> int:
    with database.reading() as connection:
        count = select(func.count()).select_from(schema.response)
        return int(connection.execute(count).scalar_one())


@pytest.mark.slow
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.chaos(32)
def test_two_thousand_forms_drain_from_one_address_in_one_go(
    new_tablet: NewTablet, make_code: MakeCode, questionnaire: Questionnaire, database: Database
) -> None:
    tablets = [new_tablet(), new_tablet()]
    for tablet in tablets:
        assert tablet.pair(make_code()).status_code == 201
    for tablet in tablets:  # the clock stands still: nothing is refilled
        results = drain(tablet, queue(questionnaire, 1_000))
        assert {result["status"] for result in results} == {201}
    assert stored(database) == 2_000


@pytest.mark.chaos(33)
def test_everything_offered_again_stays_one_row_each(
    tablet: KeyedTablet, questionnaire: Questionnaire, database: Database
) -> None:
    forms = queue(questionnaire, 60)
    receipts = [result["receipt"] for result in drain(tablet, forms)]
    again = drain(tablet, forms)
    assert {result["status"] for result in again} == {200}
    assert [result["receipt"] for result in again] == receipts
    assert stored(database) == 60


@pytest.mark.chaos(42)
def test_after_an_older_backup_the_days_forms_come_back_once_each(
    tablet: KeyedTablet, questionnaire: Questionnaire, database: Database
) -> None:
    forms = queue(questionnaire, 30)
    sent = {r["receipt"]["id"]: r["receipt"]["content_hash"] for r in drain(tablet, forms)}
    lost = sorted(sent)[:12]
    with database.writing() as connection:
        connection.execute(delete(schema.response_timing))
        connection.execute(delete(schema.response).where(schema.response.c.id.in_(lost)))
    asked = [{"id": form, "content_hash": known} for form, known in sent.items()]
    missing = tablet.post("/api/v1/responses/missing", {"forms": asked}).get_json()["missing"]
    assert sorted(missing) == lost
    back = drain(tablet, [form for form in forms if form["id"] in missing])
    assert {result["status"] for result in back} == {201}
    assert stored(database) == 30


def test_a_form_known_by_another_hash_is_offered_again(
    tablet: KeyedTablet, questionnaire: Questionnaire
) -> None:
    [result] = drain(tablet, queue(questionnaire, 1))
    asked = [{"id": result["receipt"]["id"], "content_hash": "0" * 64}]
    answer = tablet.post("/api/v1/responses/missing", {"forms": asked})
    assert answer.get_json()["missing"] == [result["receipt"]["id"]]


def test_a_spoilt_record_keeps_no_other_from_its_receipt(
    tablet: KeyedTablet, questionnaire: Questionnaire
) -> None:
    [result] = drain(tablet, queue(questionnaire, 1))
    here = {name: result["receipt"][name] for name in ("id", "content_hash")}
    spoilt = [{**here, "id": "3f2b\x00"}, {**here, "id": 7}, {"id": here["id"]}, None]
    answer = tablet.post("/api/v1/responses/missing", {"forms": [*spoilt, here], "receipts": True})
    assert answer.get_json() == {"missing": [], "receipts": [result["receipt"]]}


def test_who_asks_gets_the_receipts_of_what_is_here_once_more(
    tablet: KeyedTablet, questionnaire: Questionnaire
) -> None:
    [result, other] = drain(tablet, queue(questionnaire, 2))
    here, changed = (
        {name: each["receipt"][name] for name in ("id", "content_hash")} for each in (result, other)
    )
    asked = {"forms": [here, {**changed, "content_hash": "0" * 64}], "receipts": True}
    answer = tablet.post("/api/v1/responses/missing", asked)
    assert answer.get_json() == {"missing": [changed["id"]], "receipts": [result["receipt"]]}
