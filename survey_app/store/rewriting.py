"""Take the order of arrival out of the database's files when a week closes.

PostgreSQL's heap keeps rows in the order they came, and each row the number of the transaction that brought it. At closing, all
rows of the week are written by the closing transaction, then the tables are laid down in the order of their random ids.
SQLite's WITHOUT ROWID tables are in that order, but within a page the bytes stand as they came: its file is written anew.
"""

from sqlalchemy import Connection, delete, select, text, update

from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.upsert import insert_missing

_response = schema.response.c
_comment = schema.comment
_place = schema.installation
_MARK = "order_of_arrival"
_TABLES = ("response", "comment", "inbox", "response_timing", "flag", "code", "ticket")
# Rows of these that no closing touches: a transaction's number tells the order, and joins a code with the ticket given for it.
_TOUCHED = {"inbox": "day", "flag": "params", "code": "spent", "ticket": "spent"}


def touch_week(connection: Connection, unit_id: str, week: str) -> None:
    """Let the week's remarks be rows of this transaction, as its responses are by the mark they got."""
    ids = select(_response.id).where(_response.unit_id == unit_id, _response.week == week)
    own = (_comment.c.unit_id == unit_id) & _comment.c.response_id.in_(ids)
    connection.execute(update(_comment).where(own).values(salt=_comment.c.salt))


def mark(connection: Connection) -> None:
    """Note, in the closing's own transaction, that the files have yet to be laid down anew."""
    connection.execute(insert_missing(connection, _place), {"key": _MARK, "value": "kept"})


def rewrite_in_id_order(database: Database) -> None:
    """Lay the files down anew, if a week has closed since it was last done.

    What fails, for want of space perhaps, is tried again at the next look.
    """
    with database.reading() as connection:
        if connection.scalar(select(_place.c.value).where(_place.c.key == _MARK)) is None:
            return
    if database.is_sqlite:
        database.rewrite()
        if not database.empty_log():
            return
    else:
        _cluster(database)
    with database.writing() as connection:
        connection.execute(delete(_place).where(_place.c.key == _MARK))
    if database.is_sqlite:
        database.empty_log()


def _cluster(database: Database) -> None:
    for table in _TABLES:
        # One transaction each: a page that reads two of them must not meet us crosswise.
        with database.writing() as connection:
            if table in _TOUCHED:
                column = _TOUCHED[table]
                connection.execute(text(f"UPDATE {table} SET {column} = {column}"))  # noqa: S608  (our own names)
            connection.execute(text(f"CLUSTER {table} USING pk_{table}"))
