"""From stored vintages to a bulletin: what the page, the print and the checks all read."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.counting import Versions
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.quality import RuleSet
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_needed
from survey_app.store import frozen, questionnaires


@dataclass(frozen=True, slots=True)
class Edition:
    """A bulletin and what it was made from."""

    bulletin: Bulletin
    weeks: Mapping[Week, WeekCounts]
    versions: Versions


def edition(
    connection: Connection,
    unit_id: str,
    week: Week,
    scheme: Scheme,
    rules: RuleSet,
    as_of: Week | None = None,
) -> Edition:
    """Every figure of the unit for `week`, which must be closed; raises LookupError when it is not.

    Figures draw on the vintages in force of the weeks that `weeks_needed` names; `as_of`: those that were in force after
    that week's closing.
    """
    weeks = frozen.week_psus(connection, unit_id, weeks_needed(week), as_of)
    if week not in weeks:
        raise LookupError(f"{unit_id} {week}")
    versions = questionnaires.versions(connection)
    made = make_bulletin(unit_id, week, weeks, versions, scheme, rules)
    return Edition(made, weeks, versions)
