"""Words for what is wrong with a report of finished dossiers or a recorded action, and with a share of flagged forms."""

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
    "dossiers.no_lines": _("There is no line with numbers."),
    "dossiers.many_lines": _("There are more than %(most)s lines. Please send them in parts."),
    "dossiers.no_week_column": _("No column is named “Week”."),
    "dossiers.unknown_column": _("“%(name)s” is neither a procedure group nor the total."),
    "dossiers.column_twice": _("Two columns mean the same."),
    "dossiers.cells": _("The line has %(cells)s cells, but there are %(columns)s columns."),
    "dossiers.week": _("“%(text)s” is no week. Please write it as 47/2026 or 2026-W47."),
    "dossiers.week_not_over": _("The week has not ended yet."),
    "dossiers.week_twice": _("The week stands on line %(line)s already."),
    "dossiers.not_text": _("The file is no text in UTF-8. In Excel save it as “CSV UTF-8”."),
    "action.words": _("Please say in a few words what was done (at most %(most)s letters)."),
    "action.day": _("Please choose a day, not later than today."),
    "action.dimension": _("Please choose the dimension the action is meant for."),
    "quality.few_flagged": _(
        "Fewer than %(least)s forms are in doubt, or fewer than %(least)s are not: "
        "too few to say how many."
    ),
}
DRIVERS: Mapping[str, LazyString] = {
    "drivers.items_withheld": _("None of its questions is published for this period."),
    "drivers.few_comparables": _("There are fewer than %(needed)s comparable counters."),
    "drivers.late_forms": _(
        "Forms of the period came or were flagged later: shares of single counters would tell of those few."
    ),
    "whatif.item_withheld": _("This question is not published."),
    "whatif.not_in_dimension": _("This question does not count for the dimension."),
    "whatif.share_out_of_range": _("A share lies between 0 and 100 percent."),
    "whatif.item_at_bound": _("The share is too near 0 or 100 percent to say more."),
    "action.nothing_after": _("There is no complete published period after it yet."),
    "action.nothing_before": _("There is no published period of the same length before it."),
    "action.regression_to_mean": _(
        "A low score often rises by itself afterwards (regression to the mean)."
    ),
    "action.was_lowest": _(
        "The score before was the lowest of %(windows)s periods: a rise was likely in any case."
    ),
    "action.others": _("Other actions for the same dimension fall into these periods."),
}
