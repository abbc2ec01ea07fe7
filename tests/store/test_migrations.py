"""Migrations go up and down with data in them, and end where the tables of the program stand."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, insert, inspect, select, text

from survey_app.store import migrate, schema
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import FormMaker, furnish

WITHOUT_ROWID = {
    "break_off",
    "code",
    "comment",
    "flag",
    "inbox",
    "response",
    "response_timing",
    "ticket",
}


@pytest.fixture
def filled(database_url: str, clock: FakeClock) -> str:
    """The URL of a database with three forms, a remark, an account."""
    database = Database(database_url)
    maker = FormMaker(furnish(database))
    intake = Intake(database, clock)
    intake.submit_many([maker.form(), maker.form(), maker.remark("Cảm ơn")])
    intake.close()
    account = {"login": "lan", "name": "Lan", "password_hash": "x", "created_at": 1}
    with database.writing() as connection:
        connection.execute(insert(schema.account), {**account, "password_set_at": 1})
    database.dispose()
    return database_url


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(select(func.count()).select_from(text(table))).scalar_one())


def test_the_schema_after_all_migrations_is_that_of_the_program(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_checks_and_keys_are_those_of_the_program(database: Database) -> None:
    # What autogeneration does not compare.
    def described(connection: Connection) -> dict[str, object]:
        inspector = inspect(connection)
        return {
            table: (
                sorted(check["name"] or "" for check in inspector.get_check_constraints(table)),
                sorted(key["name"] or "" for key in inspector.get_foreign_keys(table)),
                sorted(key["name"] or "" for key in inspector.get_unique_constraints(table)),
                inspector.get_pk_constraint(table)["name"],
            )
            for table in schema.metadata.tables
        }

    twin = create_engine("sqlite://")
    with twin.begin() as own, database.reading() as connection:
        schema.metadata.create_all(own)
        assert described(connection) == described(own)
    twin.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_nothing_stores_the_order_of_arrival_on_sqlite(database: Database) -> None:
    with database.reading() as connection:
        statements = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql <> ''"))
        found = {name for name, sql in statements if "WITHOUT ROWID" in sql}
    assert found == WITHOUT_ROWID


def test_every_key_of_a_large_table_has_the_unit() -> None:
    for name in ("response", "comment", "inbox", "counter_day", "vintage"):
        assert "unit_id" in schema.metadata.tables[name].primary_key.columns


def test_every_column_says_what_it_is() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in schema.metadata.tables.values()
        for column in table.columns
        if not column.comment
    ]
    assert silent == []


def test_what_exists_survives_down_and_up(filled: str) -> None:
    migrate.downgrade(filled, "0002")
    migrate.upgrade(filled)
    database = Database(filled)
    with database.reading() as connection:
        assert count(connection, "response") == 3
        assert count(connection, "comment") == 1
        assert count(connection, "account") == 0
        assert verify(connection) == []
    database.dispose()


def test_down_to_nothing_and_up_again(filled: str) -> None:
    migrate.downgrade(filled, "base")
    assert migrate.current(filled) is None
    migrate.upgrade(filled)
    assert migrate.current(filled) == migrate.head()


def test_migrating_twice_changes_nothing(filled: str) -> None:
    migrate.upgrade(filled)
    database = Database(filled)
    with database.reading() as connection:
        assert count(connection, "response") == 3
    database.dispose()


@pytest.mark.chaos(37)
def test_an_old_schema_is_refused_with_what_to_do(database_url: str) -> None:
    migrate.downgrade(database_url, "0001")
    database = Database(database_url)
    assert not migrate.is_current(database)
    with pytest.raises(migrate.SchemaError, match=r"0001.*survey-app migrate"):
        migrate.require_current(database)
    database.dispose()
