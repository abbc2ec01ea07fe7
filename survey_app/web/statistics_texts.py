"""Words for why a figure is not weighted, compared, charted or tested."""

from collections.abc import Mapping

from flask_babel import LazyString

from survey_app.web.dossier_texts import DOSSIERS, DRIVERS
from survey_app.web.i18n import lazy_gettext as _

WEIGHTS: Mapping[str, LazyString] = {
    "weighting.unknown_group": _("A procedure group is not one that the questionnaire offers."),
    "weighting.margin_missing": _("The number of dossiers is missing for a procedure group."),
    "weighting.margin_negative": _("A number of dossiers is below zero."),
    "weighting.margins_differ": _(
        "The dossiers by procedure group add up to %(sum)s, but %(total)s are reported in all."
    ),
    "weighting.no_forms": _("A procedure group has dossiers but no form to speak for it."),
    "weighting.no_dossiers": _("Forms came from a procedure group without a reported dossier."),
    "weighting.one_stratum": _(
        "Even joined, fewer than two procedure groups have %(needed)s forms."
    ),
}
CHANGES: Mapping[str, LazyString] = {
    "change.few_days": _("The forms came on too few days to compare."),
    "change.no_variance": _("The two figures differ on no day."),
    "change.kinds_differ": _("Periods of different kinds are not compared."),
    "change.nothing_common": _("The two periods have no question in common."),
    "change.no_figures": _("There were no figures then."),
    "change.not_published": _("The period to compare with was not published."),
    "change.few_phones": _(
        "In one of the two periods fewer than %(least)s forms came from phones, or from tablets: "
        "too few to show the others alone."
    ),
    "change.at_edge": _("The share is too near 0 or 100 percent to say how much it changed."),
    "change.tet_unknown": _("The date of Tết is missing for %(year)s or the year before."),
    "change.tet_moved": _("A year ago Tết fell differently: there is no matching period."),
    "control.few_points": _("The chart needs %(needed)s periods; so far there are %(points)s."),
    "control.few_days": _("In one of the periods forms came on too few days."),
}
MODULES: Mapping[str, LazyString] = {
    "modules.lengths_differ": _("The counts are not of the same question sets."),
    "modules.one_module": _("There is only one question set."),
    "modules.negative_count": _("A count is below zero."),
    "modules.few_forms": _("There are too few forms to compare the question sets."),
}
STATISTICS: Mapping[str, LazyString] = {
    **WEIGHTS,
    **CHANGES,
    **MODULES,
    **DOSSIERS,
    **DRIVERS,
}
