"""Units, questionnaire versions and tablets."""

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, update

from survey_app.domain.weeks import utc_now
from survey_app.store import kiosks, questionnaires, schema, units
from survey_app.store.engine import Database
from survey_app.store.signing import KEY_FILE, Signer, signed_bytes
from tests.support.clock import FakeClock
from tests.support.forms import (
    DESK,
    MONDAY,
    OTHER_WARD,
    PUBLISHED,
    WARD,
    short_questionnaire,
)

PROVINCE = units.Unit("HY@x", "33", "Hưng Yên", "province", None, date(2025, 7, 1), None, "1022")


def test_a_unit_covers_what_is_below_it(database: Database) -> None:
    ward = units.Unit("w@x", "1", "W", "ward", "HY@x", date(2025, 7, 1), date(2030, 1, 1), None)
    with database.writing() as connection:
        for unit in (PROVINCE, ward, ward):
            units.add_unit(connection, unit)
        assert units.list_units(connection) == [PROVINCE, ward]
        assert units.subtree_ids(connection, "HY@x") == {"HY@x", "w@x"}
        assert units.subtree_ids(connection, "w@x") == {"w@x"}
        assert units.get_unit(connection, "w@x") == ward
        assert units.get_unit(connection, "none") is None


@pytest.mark.usefixtures("maker")
def test_counters_and_predecessors_belong_to_their_unit(database: Database) -> None:
    with database.writing() as connection:
        units.add_predecessor(connection, WARD, units.Predecessor("12100", "Phường Bần"))
        assert [c.id for c in units.counters(connection, WARD)] == ["12103-q1", "12103-q2"]
        assert units.counters(connection, WARD)[0].services == ("cert", "land")
        assert units.predecessors(connection, WARD) == [units.Predecessor("12100", "Phường Bần")]
        assert units.predecessors(connection, OTHER_WARD) == []
        assert units.get_counter(connection, "none") is None


def test_versions_keep_their_order_and_the_last_published_is_live(database: Database) -> None:
    one, two = short_questionnaire(1), short_questionnaire(2)
    with database.writing() as connection:
        with pytest.raises(LookupError):
            questionnaires.current(connection)
        for questionnaire in (one, one, two):
            questionnaires.publish(connection, questionnaire, PUBLISHED)
        assert questionnaires.current(connection) == two
        questionnaires.publish(connection, one, PUBLISHED + timedelta(days=1))
        assert questionnaires.current(connection) == one
        assert list(questionnaires.versions(connection)) == [one.hash, two.hash]


@pytest.mark.usefixtures("maker")
def test_an_invitation_pairs_one_tablet_once(database: Database, clock: FakeClock) -> None:
    with database.writing() as connection:
        token = kiosks.invite(connection, DESK, clock())
        credential = kiosks.claim(connection, token, clock())
        assert credential is not None
        assert kiosks.claim(connection, token, clock()) is None
        kiosk = kiosks.authenticate(connection, credential)
        assert kiosk is not None
        assert (kiosk.unit_id, kiosk.counter_id) == (WARD, DESK)
        assert kiosks.authenticate(connection, credential + "x") is None
        assert kiosks.revoke(connection, kiosk.id, clock())
        assert kiosks.authenticate(connection, credential) is None
        assert not kiosks.revoke(connection, kiosk.id, clock())
        assert [item.revoked for item in kiosks.list_kiosks(connection)] == [True]


@pytest.mark.usefixtures("maker")
def test_a_withdrawal_elsewhere_counts_after_a_few_seconds(
    database: Database, clock: FakeClock
) -> None:
    with database.writing() as connection:
        credential = kiosks.claim(connection, kiosks.invite(connection, DESK, clock()), clock())
    assert credential is not None
    assert kiosks.recognise(database, credential, lambda: 100.0) is not None
    with database.writing() as connection:  # as another process does it
        connection.execute(update(schema.kiosk).values(revoked_at=1))
    last = 100.0 + kiosks.REMEMBERED_SECONDS
    assert kiosks.recognise(database, credential, lambda: last - 0.1) is not None
    assert kiosks.recognise(database, credential, lambda: last) is None


@pytest.mark.usefixtures("maker")
def test_an_invitation_expires_after_a_day(database: Database, clock: FakeClock) -> None:
    with database.writing() as connection:
        token = kiosks.invite(connection, DESK, clock())
        clock.advance(hours=24)
        assert kiosks.claim(connection, token, clock()) is None


def test_there_is_no_invitation_to_a_counter_that_is_not(database: Database) -> None:
    with database.writing() as connection, pytest.raises(LookupError):
        kiosks.invite(connection, "nowhere", utc_now())


@pytest.mark.usefixtures("maker")
def test_neither_token_nor_credential_is_stored(database: Database, clock: FakeClock) -> None:
    with database.writing() as connection:
        token = kiosks.invite(connection, DESK, clock())
        credential = kiosks.claim(connection, token, clock())
        tables = (schema.kiosk, schema.kiosk_invitation)
        stored = str([list(connection.execute(select(table))) for table in tables])
    assert token not in stored
    assert str(credential) not in stored


def test_a_receipt_is_the_same_every_time_and_can_be_checked(tmp_path: Path) -> None:
    receipts = {Signer.load(tmp_path).receipt("id", "hash", MONDAY) for _ in range(2)}
    (receipt,) = receipts
    signature = base64url(receipt.signature)
    public = Ed25519PublicKey.from_public_bytes(Signer.load(tmp_path).public_key)
    public.verify(signature, signed_bytes("id", "hash", "2026-11-23"))
    assert signed_bytes("id", "hash", "2026-11-23") == (
        b'{"content_hash":"hash","day":"2026-11-23","id":"id"}'
    )


def base64url(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_receipt_key_is_its_owners_alone(tmp_path: Path) -> None:
    Signer.load(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
