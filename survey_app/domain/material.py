"""One unit's closed week with all that its page says of it: the bulletin, and the figures that stand beside it.

Page and `survey-app score` both take them from here; each passes the disclosure gate where it is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.domain.bulletin import Bulletin, Figure, said
from survey_app.domain.comparison import read_window
from survey_app.domain.dossiers import in_window
from survey_app.domain.doubt import Pairs, figures_without_flagged, flagged_share
from survey_app.domain.movement import Archive, Changes, changes_at_tablets
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin, open_archive
from survey_app.domain.quality import RuleSet
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, Weighted, weighted_figures


@dataclass(frozen=True, slots=True)
class Material:
    """What the figures of one unit and week are made from, and what is made of it.

    `weeks`: those that `windows.weeks_needed` names, as far as there are any; `dossiers`: reported weeks among them.
    `as_of`: the closing as of which figures stand, None for those in force.
    """

    bulletin: Bulletin
    scheme: Scheme
    rules: RuleSet
    versions: Mapping[str, Questionnaire]
    weeks: Mapping[Week, WeekCounts]
    dossiers: Mapping[Week, Dossiers] = field(default_factory=dict)
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
        return open_archive(self.bulletin.unit, weeks, self.versions, self.scheme, self.rules)

    def flagged(self) -> float | Problem:
        """The week's share of flagged forms in whole percent."""
        return flagged_share(self.bulletin.week, self.weeks)

    def without_flagged(self) -> Pairs:
        """Figures as they would be without flagged forms."""
        return figures_without_flagged(self.bulletin, self.weeks, self.versions, self.scheme)

    def as_json(self) -> dict[str, object]:
        """The bulletin with what stands beside it, as `score --json` prints it."""
        flagged = self.flagged()
        return {
            **self.bulletin.as_json(),
            "flagged": {"withheld": flagged.as_json()} if isinstance(flagged, Problem) else flagged,
            "without_flagged": said(self.without_flagged()),
            "weighted": said(self.weighted()),
            "at_tablets": said(self.at_tablets()),
        }


def make_material(
    unit: str,
    week: Week,
    weeks: Mapping[Week, WeekCounts],
    versions: Mapping[str, Questionnaire],
    scheme: Scheme,
    rules: RuleSet,
) -> Material:
    """The material of one closed week; weeks, versions and rules as `make_bulletin` takes them."""
    made = make_bulletin(unit, week, weeks, versions, scheme, rules)
    return Material(made, scheme, rules, versions, weeks)
