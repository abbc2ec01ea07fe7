"""Take the order of arrival out of the database's files when a week closes.

PostgreSQL's heap keeps rows in the order they came, and each row the number of the transaction that brought it. At closing, all
rows of the week are written by the closing transaction, then the tables are laid down in the order of their random ids.
SQLite's WITHOUT ROWID tables are in that order, but within a page the bytes stand as they came: its file is written anew.
"""

from sqlalchemy import Connection, select, text, update

from survey_app.store import schema
from survey_app.store.engine import Database

_response = schema.response.c
_comment = schema.comment
_TABLES = ("response", "comment", "inbox", "response_timing", "flag", "code", "ticket")
# Rows of these that no closing touches: the number of a transaction would join a code with the ticket given for it.
_TOUCHED = {"inbox": "day", "code": "spent", "ticket": "spent"}


def touch_week(connection: Connection, unit_id: str, week: str) -> None:
    """Let the week's remarks be rows of this transaction, as its responses are by the mark they got."""
    ids = select(_response.id).where(_response.unit_id == unit_id, _response.week == week)
    own = (_comment.c.unit_id == unit_id) & _comment.c.response_id.in_(ids)
    connection.execute(update(_comment).where(own).values(salt=_comment.c.salt))


def rewrite_in_id_order(database: Database) -> None:
    """Lay the tables down in the order of their ids."""
    if database.is_sqlite:
        database.rewrite()
        return
    for table in _TABLES:
        # One transaction each: a page that reads two of them must not meet us crosswise.
        with database.writing() as connection:
            if table in _TOUCHED:
                column = _TOUCHED[table]
                connection.execute(text(f"UPDATE {table} SET {column} = {column}"))  # noqa: S608  (our own names)
            connection.execute(text(f"CLUSTER {table} USING pk_{table}"))
