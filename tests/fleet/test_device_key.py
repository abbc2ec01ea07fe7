"""A tablet proves its key with each request; a copied cookie alone is worth nothing."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rates import Buckets
from survey_app.store import kiosks, questionnaires, schema
from survey_app.store.engine import Database
from survey_app.web.limits import FORMS
from tests.fleet.conftest import MakeCode, NewTablet
from tests.support.clock import FakeClock
from tests.support.forms import form_json
from tests.support.tablets import KeyedTablet, problem

RESPONSES = "/api/v1/responses"
CREDENTIAL = "/api/v1/credential"


def stored(database: Database) -> int:
    with database.reading() as connection:
        return int(
            connection.execute(select(func.count()).select_from(schema.response)).scalar_one()
        )


@pytest.fixture
def questionnaire(database: Database) -> Questionnaire:
    with database.reading() as connection:
        return questionnaires.current(connection)


@pytest.fixture
def form(questionnaire: Questionnaire) -> dict[str, object]:
    first = {"procedure": "cert"}
    return form_json(questionnaire, status="partial", answers=first)


def copied(tablet: KeyedTablet, new_tablet: NewTablet) -> KeyedTablet:
    """Another device with the same cookie."""
    thief = new_tablet()
    cookie = tablet.client.get_cookie("kiosk", domain="127.0.0.1")
    assert cookie is not None
    thief.client.set_cookie("kiosk", cookie.value, domain="127.0.0.1")
    return thief


def test_a_signed_form_is_stored(
    tablet: KeyedTablet, form: dict[str, object], database: Database
) -> None:
    answer = tablet.post(RESPONSES, form)
    assert answer.status_code == 201, answer.text
    assert stored(database) == 1


@pytest.mark.chaos(31)
def test_a_copied_cookie_without_the_key_is_refused(
    tablet: KeyedTablet, new_tablet: NewTablet, form: dict[str, object], database: Database
) -> None:
    thief = copied(tablet, new_tablet)
    for key in (thief.key, None):
        thief.key = key
        for path, body in (
            (RESPONSES, form),
            (RESPONSES + "/batch", {"responses": [form]}),
            ("/api/v1/heartbeat", thief.heartbeat()),
            ("/api/v1/unpairing", {"queued": 0, "sealed_off": 0}),
        ):
            answer = thief.post(path, body)
            assert (answer.status_code, problem(answer)) == (401, "device.bad_signature")
    assert stored(database) == 0
    assert tablet.post(RESPONSES, form).status_code == 201


def test_the_long_form_is_closed_to_a_copied_cookie(
    tablet: KeyedTablet, new_tablet: NewTablet
) -> None:
    thief = copied(tablet, new_tablet)
    answer = thief.client.post(
        "/kiosk/", base_url=thief.origin, data={}, headers={"Origin": thief.origin}
    )
    assert answer.status_code == 401


def test_a_signature_holds_for_one_body_and_one_path(
    tablet: KeyedTablet, form: dict[str, object], database: Database
) -> None:
    other = tablet.signature(RESPONSES, b"{}")
    elsewhere = tablet.signature("/api/v1/heartbeat", b"{}")
    for header in (other, elsewhere, "", "t=1", "t=1,s=" + "A" * 86, "t=" + "9" * 40):
        answer = tablet.post(RESPONSES, form, X_Kiosk_Signature=header)
        assert (answer.status_code, problem(answer)) == (401, "device.bad_signature")
    assert stored(database) == 0


@pytest.mark.parametrize("days", [-5 * 365, -1, 1, 5 * 365])
@pytest.mark.chaos(27)
def test_a_wrong_date_is_corrected_by_the_servers_time(
    tablet: KeyedTablet, clock: FakeClock, form: dict[str, object], days: int
) -> None:
    tablet.offset = days * 86_400  # as if the own clock were wrong and nothing known of ours
    refused = tablet.post(RESPONSES, form)
    assert (refused.status_code, problem(refused)) == (401, "device.stale_signature")
    told = int(refused.headers["X-Server-Time"])
    assert told == int(clock().timestamp())
    tablet.offset = told - int(clock().timestamp())
    assert tablet.post(RESPONSES, form).status_code == 201


def test_a_signature_is_worthless_after_five_minutes(
    tablet: KeyedTablet, form: dict[str, object]
) -> None:
    tablet.offset = -301
    assert problem(tablet.post(RESPONSES, form)) == "device.stale_signature"
    tablet.offset = -300
    assert tablet.post(RESPONSES, form).status_code == 201


@pytest.mark.chaos(28)
def test_a_request_that_somebody_repeats_gains_nothing(
    tablet: KeyedTablet, form: dict[str, object], database: Database, clock: FakeClock
) -> None:
    heard = tablet.signature(RESPONSES, json.dumps(form).encode())
    assert tablet.post(RESPONSES, form, X_Kiosk_Signature=heard).status_code == 201
    again = tablet.post(RESPONSES, form, X_Kiosk_Signature=heard)
    assert again.status_code == 200  # the same form, known
    other = {**form, "answers": {"procedure": "land"}}
    assert tablet.post(RESPONSES, other, X_Kiosk_Signature=heard).status_code == 401
    clock.advance(seconds=301)
    assert tablet.post(RESPONSES, form, X_Kiosk_Signature=heard).status_code == 401
    assert stored(database) == 1


def test_a_withdrawn_tablet_is_told_so(
    tablet: KeyedTablet, new_tablet: NewTablet, database: Database, clock: FakeClock
) -> None:
    with database.writing() as connection:
        [paired] = kiosks.list_kiosks(connection)
        kiosks.revoke(connection, paired.kiosk.id, clock())
    answer = tablet.beat()
    assert (answer.status_code, problem(answer)) == (401, "device.revoked")
    stranger = new_tablet().beat()
    assert (stranger.status_code, problem(stranger)) == (401, "request.no_credential")


@pytest.mark.chaos(32)
def test_two_thousand_queued_forms_drain_from_one_address(clock: FakeClock) -> None:
    buckets = Buckets(FORMS)
    assert [buckets.take("a", clock(), 50) for _ in range(40)] == [0] * 40
    assert [buckets.take("a", clock(), 50) for _ in range(61)][-1] > 0  # 5,050 are too many
    assert buckets.take("b", clock(), 50) == 0  # another tablet behind the same address
    clock.advance(minutes=1)
    assert buckets.take("a", clock(), 1_000) == 0


def test_a_tablet_that_asks_too_often_is_slowed_down(tablet: KeyedTablet) -> None:
    answers = [tablet.beat() for _ in range(31)]
    assert answers[29].status_code == 200
    assert (answers[30].status_code, problem(answers[30])) == (429, "device.too_fast")
    assert int(answers[30].headers["Retry-After"]) >= 1


def test_another_curve_is_no_key(new_tablet: NewTablet) -> None:
    tablet = new_tablet()
    tablet.key = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(OverflowError):
        _ = tablet.jwk


def name_of(database: Database) -> str:
    with database.reading() as connection:
        [found] = kiosks.list_kiosks(connection)
    return found.kiosk.id


def test_who_lost_the_cookie_gets_another_for_the_key(
    tablet: KeyedTablet, new_tablet: NewTablet, form: dict[str, object], database: Database
) -> None:
    before = copied(tablet, new_tablet)
    before.key = tablet.key
    tablet.client.delete_cookie("kiosk", domain="127.0.0.1")
    assert problem(tablet.post(RESPONSES, form)) == "request.no_credential"
    assert tablet.post(CREDENTIAL, {"kiosk": name_of(database)}).status_code == 200
    assert tablet.post(RESPONSES, form).status_code == 201
    assert problem(before.post(RESPONSES, form)) == "request.no_credential"


def test_without_the_key_nobody_gets_a_cookie(
    tablet: KeyedTablet, new_tablet: NewTablet, database: Database, clock: FakeClock
) -> None:
    name = name_of(database)
    thief = new_tablet()
    assert problem(thief.post(CREDENTIAL, {"kiosk": name})) == "device.bad_signature"
    assert problem(thief.post(CREDENTIAL, {"kiosk": "00000000"})) == "request.no_credential"
    assert problem(thief.post(CREDENTIAL, {})) == "request.no_credential"
    thief.key = None
    assert problem(thief.post(CREDENTIAL, {"kiosk": name})) == "device.bad_signature"
    assert thief.client.get_cookie("kiosk", domain="127.0.0.1") is None
    with database.writing() as connection:
        kiosks.revoke(connection, name, clock())
    assert problem(tablet.post(CREDENTIAL, {"kiosk": name})) == "device.revoked"


def test_a_tablet_on_trial_has_no_key_to_prove(
    new_tablet: NewTablet, make_code: MakeCode, database: Database
) -> None:
    trial = new_tablet()
    trial.key = None
    assert trial.pair(make_code()).status_code == 201
    answer = trial.post(CREDENTIAL, {"kiosk": name_of(database)})
    assert problem(answer) == "request.no_credential"
