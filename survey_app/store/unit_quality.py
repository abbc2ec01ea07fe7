"""What the rules on whole units look at, once a quarter: forms with and without a one-time code, and dossiers."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from survey_app.domain.quality import UnitSample
from survey_app.domain.tally import SCORED_CHANNELS
from survey_app.domain.weeks import Window
from survey_app.store import dossiers, schema

_response = schema.response.c


def unit_sample(
    connection: Connection, unit_id: str, others: Iterable[str], quarter: Window
) -> UnitSample:
    """The unit's quarter beside that of the comparable units `others`."""
    weeks = [str(week) for week in quarter.weeks]
    reported = dossiers.reported(connection, unit_id, quarter.weeks)
    covered = _forms(connection, unit_id, [str(week) for week in reported])
    return UnitSample(
        place=unit_id,
        codes=_codes(connection, unit_id, weeks),
        others=[_codes(connection, other, weeks) for other in others],
        covered=(sum(covered.values()), sum(own.total for own in reported.values())),
    )


def _codes(connection: Connection, unit_id: str, weeks: Sequence[str]) -> tuple[int, int]:
    forms = _forms(connection, unit_id, weeks)
    total = sum(forms.values())
    return total - forms.get("code", 0), total


def _forms(connection: Connection, unit_id: str, weeks: Sequence[str]) -> dict[str, int]:
    """Complete forms by scored channel."""
    query = select(_response.channel, func.count().label("forms")).where(
        _response.unit_id == unit_id,
        _response.week.in_(weeks),
        _response.status == "complete",
        _response.channel.in_(SCORED_CHANNELS),
    )
    rows = connection.execute(query.group_by(_response.channel))
    return {row.channel: row.forms for row in rows}
