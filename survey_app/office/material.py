"""What a week's page is made from, read once: the bulletin, the counts behind it, the dossiers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from survey_app.content.rules import quality_rules
from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.comparison import read_window
from survey_app.domain.dossiers import in_window
from survey_app.domain.doubt import Pairs, figures_without_flagged
from survey_app.domain.movement import Archive, Changes, changes_at_tablets
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import open_archive
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, Weighted, weighted_figures
from survey_app.domain.windows import weeks_needed
from survey_app.store import dossiers
from survey_app.store.bulletins import edition


@dataclass(frozen=True, slots=True)
class Material:
    """One unit and closed week; `dossiers`: reported weeks among those that figures draw on.

    `as_of`: the closing as of which figures stand, None for those in force.
    """

    bulletin: Bulletin
    scheme: Scheme
    versions: Mapping[str, Questionnaire]
    weeks: Mapping[Week, WeekCounts]
    dossiers: Mapping[Week, Dossiers]
    as_of: Week | None = None

    @property
    def satisfaction(self) -> Figure:
        """The headline."""
        return self.bulletin.figures["satisfaction"]

    def week_dossiers(self) -> Dossiers | None:
        """Dossiers finished in the week itself."""
        return self.dossiers.get(self.bulletin.week)

    def weighted(self) -> Weighted:
        """Figures on blocks and quarters weighted to the dossiers."""
        windows = {figure.window for figure in self.bulletin.figures.values()}
        found = {text: in_window(self.dossiers, read_window(text)) for text in windows}
        known = {text: one for text, one in found.items() if one is not None}
        return weighted_figures(self.bulletin, self.weeks, self.versions, self.scheme, known)

    def at_tablets(self) -> Changes:
        """The bulletin's changes without forms from phones."""
        return changes_at_tablets(self.bulletin, self.archive(self.weeks))

    def archive(self, weeks: Mapping[Week, WeekCounts]) -> Archive:
        """The unit's figures as each of `weeks` published them."""
        unit, rules = self.bulletin.unit, quality_rules()
        return open_archive(unit, weeks, self.versions, self.scheme, rules)

    def without_flagged(self) -> Pairs:
        """Figures as they would be without flagged forms."""
        return figures_without_flagged(self.bulletin, self.weeks, self.versions, self.scheme)


def load(
    connection: Connection, unit_id: str, week: Week, scheme: Scheme, as_of: Week | None = None
) -> Material:
    """Everything of one closed week, as it stood after the closing of `as_of` or stands now.

    Raises LookupError when the week is not closed.
    """
    made = edition(connection, unit_id, week, scheme, quality_rules(), as_of)
    return Material(
        bulletin=made.bulletin,
        scheme=scheme,
        versions=made.versions,
        weeks=made.weeks,
        dossiers=dossiers.reported(connection, unit_id, weeks_needed(week)),
        as_of=as_of,
    )
