"""INSERT … ON CONFLICT: SQLite and PostgreSQL share the words, SQLAlchemy keeps one class for each."""

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

OnConflictInsert = sqlite.Insert | postgresql.Insert


def insert_for(dialect: str, table: Table) -> OnConflictInsert:
    """An INSERT of the dialect that can say what to do where the row is there already."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_into(connection: Connection, table: Table) -> OnConflictInsert:
    """An INSERT that can say what to do where the row is there already."""
    return insert_for(connection.dialect.name, table)


def insert_missing(connection: Connection, table: Table) -> Insert:
    """An INSERT that leaves a row that is there already as it is."""
    return insert_into(connection, table).on_conflict_do_nothing()
