"""What a tablet says of itself, and what its numbers give away."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from survey_app.domain.opening import Span, credited, is_open, open_between
from survey_app.domain.weeks import LOCAL_ZONE
from survey_app.store import fleet, hours, schema
from survey_app.store.engine import Database
from tests.fleet.conftest import MakeCode
from tests.support.clock import FakeClock
from tests.support.tablets import KeyedTablet, problem

OTHER_EPOCH = "f" * 32


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def epochs(database: Database) -> dict[str, Any]:
    return {row.epoch: row for row in rows(database, schema.kiosk_epoch)}


def test_the_answer_says_what_the_server_has(tablet: KeyedTablet, clock: FakeClock) -> None:
    answer = tablet.beat()
    told = answer.get_json()
    assert told["server_time"] == int(clock().timestamp())
    assert answer.headers["X-Server-Time"] == str(told["server_time"])
    assert (told["message"], told["commands"], told["lineage"]) == (None, [], "1")
    assert len(told["questionnaire"]) == 64
    assert told["app_version"]
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["kiosk"]
    assert cookie["max-age"] == str(400 * 24 * 3600)


def test_the_last_one_is_kept(tablet: KeyedTablet, database: Database, clock: FakeClock) -> None:
    tablet.beat()
    clock.advance(minutes=1)
    device_time = int(clock().timestamp()) - 400
    tablet.beat(device_time=device_time, missing=["audio"], battery=None, canary="lost")
    [row] = rows(database, schema.kiosk_beat)
    assert (row.at, row.clock_offset) == (int(clock().timestamp()), -400)
    assert (row.missing, row.canary, row.battery_percent) == ('["audio"]', "lost", None)


def test_totals_are_kept_by_epoch_and_receipts_by_day(
    tablet: KeyedTablet, database: Database, clock: FakeClock
) -> None:
    tablet.beat(created=5, acknowledged=3, queued=2)
    tablet.beat(created=6, acknowledged=6)
    clock.advance(days=1)
    tablet.beat(created=8, acknowledged=7, queued=1)
    own = epochs(database)[tablet.epoch]
    assert (own.created, own.acknowledged, own.queued, own.lost) == (8, 7, 1, 0)
    days = {row.day: row.acknowledged for row in rows(database, schema.kiosk_day)}
    assert days == {"2026-11-23": 6, "2026-11-24": 1}


def test_a_tablet_that_is_connected_again_counts_its_receipts_once(
    tablet: KeyedTablet, database: Database, make_code: MakeCode
) -> None:
    tablet.beat(created=5, acknowledged=5)
    assert tablet.pair(make_code()).status_code == 201
    tablet.beat(created=7, acknowledged=6, queued=1)
    by_name = [row.acknowledged for row in rows(database, schema.kiosk_day)]
    assert sorted(by_name) == [1, 5]
    assert [row.repeats for row in rows(database, schema.kiosk_epoch)] == [0, 0]


@pytest.mark.chaos(15)
def test_a_queue_that_fell_without_receipts_is_seen(
    tablet: KeyedTablet, database: Database
) -> None:
    tablet.beat(created=5, acknowledged=1, queued=4)
    tablet.beat(created=5, acknowledged=2, queued=1)
    assert epochs(database)[tablet.epoch].lost == 2
    tablet.beat(created=9, acknowledged=7)
    assert epochs(database)[tablet.epoch].lost == 2  # the most there was, and for good


def test_forms_taken_off_or_offered_again_are_not_lost(
    tablet: KeyedTablet, database: Database
) -> None:
    tablet.beat(created=5, acknowledged=1, queued=4)
    tablet.beat(created=5, acknowledged=1, sealed_off=3, dead=1)
    assert epochs(database)[tablet.epoch].lost == 0


@pytest.mark.chaos(15)
def test_a_cleared_browser_leaves_its_queue_behind(tablet: KeyedTablet, database: Database) -> None:
    tablet.beat(created=5, acknowledged=1, queued=3, dead=1)
    tablet.epoch, tablet.sequence = OTHER_EPOCH, 0
    tablet.beat()
    tablet.beat()
    assert epochs(database)[OTHER_EPOCH].left_behind == 4
    assert epochs(database)[OTHER_EPOCH].repeats == 0


@pytest.mark.chaos(31)
def test_two_tablets_with_one_image_interleave(tablet: KeyedTablet, database: Database) -> None:
    for sequence in (10, 11, 11, 12):  # the copy began from the same number
        tablet.sequence = sequence - 1
        assert tablet.beat().status_code == 200
    assert epochs(database)[tablet.epoch].repeats == 1


@pytest.mark.chaos(31)
def test_two_tablets_with_one_key_take_turns(tablet: KeyedTablet, database: Database) -> None:
    first = tablet.epoch
    tablet.beat()
    tablet.epoch = OTHER_EPOCH
    tablet.beat()
    tablet.epoch = first
    tablet.beat()
    assert epochs(database)[first].repeats == 1


def test_numbers_may_be_skipped(tablet: KeyedTablet, database: Database) -> None:
    tablet.beat()
    tablet.sequence = 40  # the network was away
    tablet.beat()
    assert epochs(database)[tablet.epoch].repeats == 0


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("epoch", "short"),
        ("epoch", None),
        ("sequence", 0),
        ("created", -1),
        ("queued", "3"),
        ("dead", True),
        ("acknowledged", 2**60),
        ("canary", "dead"),
        ("device_time", None),
        ("in_front", 1),
        ("missing", ["battery"]),
        ("missing", "audio"),
        ("battery", {"percent": 101, "charging": True}),
        ("battery", {"percent": 50}),
        ("done", ["format"]),
        ("persisted", 1),
        ("app_version", "x" * 41),
        ("questionnaire", "\n"),
    ],
)
def test_a_wrong_member_is_named(
    tablet: KeyedTablet, database: Database, member: str, value: object
) -> None:
    answer = tablet.beat(**{member: value})
    assert (answer.status_code, problem(answer)) == (422, "heartbeat.wrong_member")
    assert answer.get_json()["problems"][0]["where"] == member
    assert rows(database, schema.kiosk_beat) == []


def test_messages_and_commands_reach_the_tablet(tablet: KeyedTablet, database: Database) -> None:
    kiosk_id = rows(database, schema.kiosk)[0].id
    with database.writing() as connection:
        fleet.order(connection, kiosk_id, message="charge", reset=1, unpair=1)
    told = tablet.beat().get_json()
    assert told["message"] == {"code": "charge", "text": "Xin cắm sạc cho máy."}
    assert told["commands"] == ["reset", "unpair"]
    assert tablet.beat(done=["reset"]).get_json()["commands"] == ["unpair"]
    with database.writing() as connection:
        fleet.order(connection, kiosk_id, message=None)
    assert tablet.beat().get_json()["message"] is None


@pytest.mark.chaos(42)
def test_a_restored_server_asks_again(tablet: KeyedTablet, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(schema.installation).values(key=fleet.LINEAGE, value="2"))
    assert tablet.beat().get_json()["lineage"] == "2"


def test_only_forms_that_are_not_here_are_missing(tablet: KeyedTablet) -> None:
    known = "3f2b8c1e-9a54-4d21-8f00-1c2d3e4f5a6b"
    path = "/api/v1/responses/missing"
    answer = tablet.post(path, {"forms": [{"id": known, "content_hash": "0" * 64}]})
    assert answer.get_json() == {"missing": [known]}
    for wrong in ({}, {"forms": 3}):
        assert tablet.post(path, wrong).status_code == 422
    too_many = [{"id": known, "content_hash": ""}] * 501
    assert tablet.post(path, {"forms": too_many}).status_code == 413


def test_hours_in_front_count_within_opening_hours(
    tablet: KeyedTablet, database: Database, clock: FakeClock
) -> None:
    clock.set("2026-11-23 11:28")
    for in_front in (True, True, True, True, False):  # 11:28 to 11:32; closed from 11:30
        tablet.beat(in_front=in_front)
        clock.advance(minutes=1)
    clock.set("2026-11-23 14:00")  # after a gap nothing is known of
    tablet.beat()
    [day] = rows(database, schema.kiosk_day)
    assert day.open_seconds == 120


def test_a_counter_may_have_hours_of_its_own(database: Database, clock: FakeClock) -> None:
    from datetime import datetime, time, timedelta

    saturday = Span(6, time(8), time(11))
    with database.writing() as connection:
        hours.set_hours(connection, "12103-q1", [saturday])
        found = hours.hours_of(connection, ["12103-q1", "12103-q2"])
    assert found["12103-q1"] == (saturday,)
    assert len(found["12103-q2"]) == 10
    week = datetime(2026, 11, 23, tzinfo=LOCAL_ZONE)
    assert open_between(found["12103-q2"], week, week + timedelta(days=7)) == timedelta(hours=37.5)
    assert open_between(found["12103-q1"], week, week + timedelta(days=7)) == timedelta(hours=3)
    assert is_open(found["12103-q2"], clock())
    assert not is_open(found["12103-q1"], clock())
    assert credited(found["12103-q2"], None, clock()) == timedelta(0)
