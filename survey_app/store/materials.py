"""From stored vintages to the figures of one closed week: what the page, the print and the checks all read."""

from dataclasses import replace

from sqlalchemy import Connection

from survey_app.domain.material import Material, make_material
from survey_app.domain.quality import RuleSet
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.windows import weeks_needed
from survey_app.store import dossiers, frozen, questionnaires


def read_material(
    connection: Connection,
    unit_id: str,
    week: Week,
    scheme: Scheme,
    rules: RuleSet,
    as_of: Week | None = None,
) -> Material:
    """The unit's `week`, which must be closed; raises LookupError when it is not.

    Figures draw on the vintages in force of the weeks that `weeks_needed` names; `as_of`: those that were in force after
    that week's closing.
    """
    needed = weeks_needed(week)
    weeks = frozen.week_psus(connection, unit_id, needed, as_of)
    if week not in weeks:
        raise LookupError(f"{unit_id} {week}")
    versions = questionnaires.versions(connection)
    made = make_material(unit_id, week, weeks, versions, scheme, rules)
    return replace(made, dossiers=dossiers.reported(connection, unit_id, needed), as_of=as_of)
