"""Six digits make a tablet; wrong ones make nothing."""

from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask

from survey_app.store import kiosks, pairing
from survey_app.store.engine import Database
from tests.fleet.conftest import MakeCode, NewTablet
from tests.support.clock import FakeClock
from tests.support.tablets import KeyedTablet, problem


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_pairs_a_tablet_with_its_key(
    new_tablet: NewTablet, make_code: MakeCode, database: Database
) -> None:
    tablet = new_tablet()
    code = make_code()
    answer = tablet.pair(f" {code[:3]} {code[3:]} ")
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["unit"], told["counter"]) == ("12103@2025-07-01", "12103-q1")
    assert (told["unit_name"], told["trial"]) == ("Phường Mỹ Hào", False)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["kiosk"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    assert cookie["max-age"] == str(400 * 24 * 3600)
    with database.reading() as connection:
        [paired] = kiosks.list_kiosks(connection)
    assert (paired.kiosk.id, paired.revoked) == (told["kiosk"], False)
    assert tablet.beat().status_code == 200


def test_a_code_works_once(new_tablet: NewTablet, make_code: MakeCode) -> None:
    code = make_code()
    assert new_tablet().pair(code).status_code == 201
    again = new_tablet().pair(code)
    assert (again.status_code, problem(again)) == (403, "pairing.wrong_code")


def test_a_code_lives_ten_minutes(
    new_tablet: NewTablet, make_code: MakeCode, clock: FakeClock
) -> None:
    code = make_code()
    clock.advance(minutes=10)
    assert new_tablet().pair(code).status_code == 403


def test_ten_wrong_codes_in_all_void_every_waiting_one(
    new_tablet: NewTablet, make_code: MakeCode
) -> None:
    first, second = make_code("12103-q1"), make_code("12103-q2")
    left = []
    for _ in range(10):
        answer = new_tablet().pair("000000" if "000000" not in {first, second} else "111111")
        left.append(answer.get_json()["problems"][0]["params"]["left"])
    assert left[:9] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert new_tablet().pair(first).status_code == 403
    assert new_tablet().pair(second).status_code == 403
    assert new_tablet().pair(make_code()).status_code == 201  # a new one begins anew


def test_nine_wrong_codes_do_not(new_tablet: NewTablet, make_code: MakeCode) -> None:
    code = make_code()
    for _ in range(9):
        new_tablet().pair(wrong(code))
    assert new_tablet().pair(code).status_code == 201


def test_a_new_code_for_a_counter_replaces_the_old_one(
    new_tablet: NewTablet, make_code: MakeCode
) -> None:
    old, new = make_code(), make_code()
    assert new_tablet().pair(old).status_code == 403
    assert new_tablet().pair(new).status_code == 201


def test_attempts_are_limited_for_everybody_together(
    new_tablet: NewTablet, clock: FakeClock
) -> None:
    answers = [new_tablet().pair("123456") for _ in range(21)]
    assert answers[19].status_code == 403
    assert (answers[20].status_code, problem(answers[20])) == (429, "pairing.too_fast")
    clock.advance(seconds=int(answers[20].headers["Retry-After"]))
    assert new_tablet().pair("123456").status_code == 403


@pytest.mark.chaos(31)
def test_two_pairings_get_two_names(new_tablet: NewTablet, make_code: MakeCode) -> None:
    answers = [new_tablet().pair(make_code()).get_json()["kiosk"] for _ in range(2)]
    assert answers[0] != answers[1]


@pytest.mark.chaos(31)
def test_pairings_at_the_same_moment_get_names_of_their_own(
    new_tablet: NewTablet, make_code: MakeCode, database: Database
) -> None:
    tablets = [new_tablet() for _ in range(9)]
    codes = [make_code(f"12103-q{number}") for number in (1, 2, 3)] * 3
    with ThreadPoolExecutor(len(tablets)) as pool:  # three tablets try each code
        answers = list(pool.map(lambda tablet, code: tablet.pair(code), tablets, codes))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [403] * 6
    told = [answer.get_json()["kiosk"] for answer in answers if answer.status_code == 201]
    with database.reading() as connection:
        stored = [paired.kiosk.id for paired in kiosks.list_kiosks(connection)]
    assert sorted(told) == sorted(set(told)) == sorted(stored)


def test_a_one_use_address_pairs_with_a_key_too(
    new_tablet: NewTablet, database: Database, clock: FakeClock
) -> None:
    with database.writing() as connection:
        token = kiosks.invite(connection, "12103-q1", clock())
    tablet = new_tablet()
    assert tablet.pair(token).get_json()["trial"] is False
    assert new_tablet().pair(token).status_code == 403
    assert tablet.beat(app_version="x").status_code == 200


def test_without_a_key_a_tablet_is_on_trial(new_tablet: NewTablet, make_code: MakeCode) -> None:
    tablet = new_tablet()
    tablet.key = None
    assert tablet.pair(make_code()).get_json()["trial"] is True
    assert tablet.beat().status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"x": "A" * 43},
        {"x": "short"},
        {"y": None},
        {"d": "A" * 43},
    ],
)
def test_a_key_that_is_none_is_refused_and_uses_nothing_up(
    new_tablet: NewTablet, make_code: MakeCode, change: dict[str, Any]
) -> None:
    tablet, code = new_tablet(), make_code()
    body = {"code": code, "public_key": {**(tablet.jwk or {}), **change}}
    answer = tablet.post("/api/v1/pairing", body)
    assert (answer.status_code, problem(answer)) == (422, "pairing.bad_key")
    assert tablet.pair(code).status_code == 201


@pytest.mark.parametrize("body", [[], {"code": 493027}, {"code": None}, {}, {"code": "٣٣٣٣٣٣"}])
def test_what_is_no_code_is_refused(new_tablet: NewTablet, body: object) -> None:
    assert new_tablet().post("/api/v1/pairing", body).status_code in {400, 403}


def test_a_page_of_another_site_pairs_nothing(new_tablet: NewTablet, make_code: MakeCode) -> None:
    tablet = new_tablet()
    body = {"code": make_code(), "public_key": tablet.jwk}
    answer = tablet.post("/api/v1/pairing", body, Origin="https://elsewhere.example")
    assert answer.status_code == 403
    assert problem(answer) == "request.origin"


def test_a_counter_that_is_not_gets_no_code(database: Database, clock: FakeClock) -> None:
    with database.writing() as connection, pytest.raises(LookupError):
        pairing.make_code(connection, "99999-q1", clock())


def test_unpairing_waits_for_the_queue(tablet: KeyedTablet, app: Flask) -> None:
    waiting = tablet.post("/api/v1/unpairing", {"queued": 3, "sealed_off": 2})
    assert (waiting.status_code, problem(waiting)) == (409, "device.queue_not_empty")
    done = tablet.post("/api/v1/unpairing", {"queued": 3, "sealed_off": 3})
    assert done.get_json() == {"unpaired": True}
    assert SimpleCookie(done.headers["Set-Cookie"])["kiosk"].value == ""
    with app.extensions["survey_app"].database.reading() as connection:
        assert [paired.revoked for paired in kiosks.list_kiosks(connection)] == [True]
