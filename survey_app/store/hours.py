"""Opening hours of counters; a counter without any keeps the usual ones."""

from collections.abc import Iterable, Mapping
from datetime import time

from sqlalchemy import Connection, delete, insert, select

from survey_app.domain.opening import DEFAULT, Span
from survey_app.store import schema

_hours = schema.counter_hours


def hours_of(connection: Connection, counter_ids: Iterable[str]) -> Mapping[str, tuple[Span, ...]]:
    """The spans of each counter."""
    wanted = list(counter_ids)
    query = select(_hours).where(_hours.c.counter_id.in_(wanted))
    found: dict[str, list[Span]] = {}
    for row in connection.execute(query.order_by(_hours.c.weekday, _hours.c.opens)):
        span = Span(row.weekday, time.fromisoformat(row.opens), time.fromisoformat(row.closes))
        found.setdefault(row.counter_id, []).append(span)
    return {counter: tuple(found.get(counter, DEFAULT)) for counter in wanted}


def set_hours(connection: Connection, counter_id: str, spans: Iterable[Span]) -> None:
    """Replace the counter's hours; none at all brings the usual ones back."""
    connection.execute(delete(_hours).where(_hours.c.counter_id == counter_id))
    rows = [
        {
            "counter_id": counter_id,
            "weekday": span.weekday,
            "opens": f"{span.opens:%H:%M}",
            "closes": f"{span.closes:%H:%M}",
        }
        for span in sorted(set(spans))
    ]
    if rows:
        connection.execute(insert(_hours), rows)
