"""Words for what is wrong with a report of finished dossiers, or with a recorded action."""

from collections.abc import Mapping

from flask_babel import LazyString

from survey_app.web.i18n import lazy_gettext as _

DOSSIERS: Mapping[str, LazyString] = {
    "dossiers.number": _("Please enter a whole number from 0 to %(most)s."),
    "dossiers.group_missing": _(
        "Please fill in every procedure group, or none and the total only."
    ),
    "dossiers.sum_differs": _(
        "The procedure groups add up to %(sum)s, but the total is %(total)s."
    ),
    "dossiers.nothing": _("Please enter the number of dossiers; 0 when there was none."),
}
