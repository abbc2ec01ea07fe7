"""When forms arrived and how long each took: known until their week closes, for rules on data quality, then destroyed.

Whoever watched the counter with a watch in hand must not find a form by its seconds either. But rules of later weeks need the
median: so the seconds stay, and are dealt out anew among the forms of the week.
"""

from collections import defaultdict
from collections.abc import Iterable
from random import SystemRandom

from sqlalchemy import Connection, bindparam, delete, select, update

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


def mix_seconds(connection: Connection, unit_id: str, week: str) -> None:
    """Deal the active seconds of a week's forms out anew among those of the same version."""
    own = (_response.unit_id == unit_id) & (_response.week == week)
    ids, seconds = defaultdict[str, list[str]](list), defaultdict[str, list[int]](list)
    query = select(_response.id, _response.questionnaire, _response.active_seconds).where(own)
    for row in connection.execute(query):
        ids[row.questionnaire].append(row.id)
        seconds[row.questionnaire].append(row.active_seconds)
    dealt = [
        {"form": form, "seconds": number}
        for version, forms in ids.items()
        for form, number in zip(forms, _shuffled(seconds[version]), strict=True)
    ]
    if dealt:
        form = (_response.unit_id == unit_id) & (_response.id == bindparam("form"))
        statement = update(schema.response).where(form)
        connection.execute(statement.values(active_seconds=bindparam("seconds")), dealt)


def _shuffled(numbers: list[int]) -> list[int]:
    return SystemRandom().sample(numbers, len(numbers))
