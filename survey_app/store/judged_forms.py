"""Forms as the rules on data quality see them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, and_, select

from survey_app.domain.counting import Versions
from survey_app.domain.quality import JudgedForm
from survey_app.domain.quality.reading import read_answers
from survey_app.domain.tally import SCORED_CHANNELS
from survey_app.domain.weeks import LOCAL_ZONE
from survey_app.store import schema

_response = schema.response.c
_timing = schema.response_timing.c


def read_judged(
    connection: Connection, unit_id: str, week: str, versions: Versions, *, timed: bool
) -> list[JudgedForm]:
    """Complete forms of scored channels of a week; `timed`: with the moments that are still known."""
    columns = (
        _response.id,
        _response.counter_id,
        _response.channel,
        _response.questionnaire,
        _response.day,
        _response.answers,
        _response.active_seconds,
    )
    query = select(*columns).where(
        _response.unit_id == unit_id,
        _response.week == week,
        _response.status == "complete",
        _response.channel.in_(SCORED_CHANNELS),
    )
    moments = _moments(connection, unit_id, week) if timed else {}
    rows = connection.execute(query.order_by(_response.id))
    forms = [_form(row, versions) for row in rows.mappings()]
    return [_timed(form, moments.get(form.id)) for form in forms]


def _form(row: RowMapping, versions: Versions) -> JudgedForm:
    reading = read_answers(versions[row["questionnaire"]], json.loads(row["answers"]))
    return JudgedForm(
        id=row["id"],
        counter=row["counter_id"],
        channel=row["channel"],
        questionnaire=row["questionnaire"],
        items=reading.items,
        active_seconds=row["active_seconds"],
        shape=reading.shape,
        pattern=reading.pattern,
        who=reading.who,
        score=reading.score,
        run=reading.run,
        reversed_run=reading.reversed_run,
    )


def _moments(connection: Connection, unit_id: str, week: str) -> dict[str, int]:
    """Moments of forms that arrived on the day they were filled in; others had waited on the tablet."""
    own = and_(_response.unit_id == _timing.unit_id, _response.id == _timing.response_id)
    query = select(_response.id, _response.day, _timing.arrived_at)
    query = query.join_from(schema.response, schema.response_timing, own)
    rows = connection.execute(query.where(_response.unit_id == unit_id, _response.week == week))
    return {
        row.id: row.arrived_at
        for row in rows
        if _local(row.arrived_at).date().isoformat() == row.day
    }


def _timed(form: JudgedForm, arrived_at: int | None) -> JudgedForm:
    if arrived_at is None:
        return form
    local = _local(arrived_at)
    return replace(
        form,
        seconds=arrived_at,
        minute=local.hour * 60 + local.minute,
        weekday=local.weekday(),
    )


def _local(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(LOCAL_ZONE)
