"""Durability and separation of reading and writing are settings: assert that they are set."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey_app.store.engine import Database

only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@only_sqlite
@pytest.mark.chaos(39)
def test_sqlite_waits_for_the_disk_at_every_commit(database: Database) -> None:
    with database.writing() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("synchronous", "journal_mode", "secure_delete", "foreign_keys")
        }
    assert found == {"synchronous": 2, "journal_mode": "wal", "secure_delete": 1, "foreign_keys": 1}


@only_postgresql
@pytest.mark.chaos(39)
def test_postgresql_waits_for_the_disk_at_every_commit(database: Database) -> None:
    # The tests' server has it off, so it is the program that turns it on.
    with database.writing() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_a_reading_connection_cannot_write(database: Database) -> None:
    with database.reading() as connection, pytest.raises(DBAPIError, match=r"read.?only"):
        connection.execute(text("INSERT INTO installation (key, value) VALUES ('a', 'b')"))


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(text("INSERT INTO installation (key, value) VALUES ('a', 'b')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation")).scalar_one() == 0


def test_a_reader_keeps_its_moment_while_another_writes(database: Database) -> None:
    count = text("SELECT count(*) FROM installation")
    with database.reading() as reader:
        before = reader.execute(count).scalar_one()
        with database.writing() as writer:
            writer.execute(text("INSERT INTO installation (key, value) VALUES ('a', 'b')"))
        assert reader.execute(count).scalar_one() == before
    with database.reading() as reader:
        assert reader.execute(count).scalar_one() == before + 1
