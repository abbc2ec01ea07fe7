"""When forms arrived: kept until their week closes, for the rules on bursts and opening hours, then destroyed."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from survey_app.domain.submission import Submission
from survey_app.store import schema

_table = schema.response_timing
_response = schema.response.c


def keep(connection: Connection, forms: Iterable[Submission], now: int) -> None:
    """Keep when forms that were just stored arrived; `now` in UTC seconds."""
    rows = [
        {
            "unit_id": form.unit_id,
            "response_id": form.id,
            "arrived_at": now if form.arrived_at is None else form.arrived_at,
        }
        for form in forms
    ]
    if rows:
        connection.execute(_table.insert(), rows)


def destroy(connection: Connection, unit_id: str, week: str) -> None:
    """Destroy what is known of the week and of every week before it, forms that came late included."""
    closed = select(_response.id).where(_response.unit_id == unit_id, _response.week <= week)
    own = (_table.c.unit_id == unit_id) & _table.c.response_id.in_(closed)
    connection.execute(delete(_table).where(own))
