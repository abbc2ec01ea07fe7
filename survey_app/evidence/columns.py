"""What the columns mean that every row has, whatever the questionnaire."""

from dataclasses import dataclass

from flask_babel import LazyString

from survey_app.domain.rowfile_columns import FIXED
from survey_app.web.i18n import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """A column and its explanation; `codes` where it holds one of a few words."""

    name: str
    meaning: LazyString
    codes: tuple[tuple[str, LazyString], ...] = ()


_MEANINGS: dict[str, LazyString] = {
    "questionnaire": _("Questionnaire and the first 12 digits of its version's fingerprint."),
    "unit": _("Code of the unit and the day from which the code is valid."),
    "week": _("ISO week in which the form was filled in; no day or hour is given."),
    "stratum": _("Stratum for the standard errors: the week."),
    "psu": _("Sampling unit for the standard errors: one or more days. The label is random."),
    "channel": _("How the form came."),
    "procedure_group": _("Procedure group, from the answer on the citizen's matter."),
    "age": _("Age band; empty where fewer than five rows share it."),
    "sex": _("Sex; empty where fewer than five rows share it."),
    "status": _("Whether all core questions were answered."),
    "flagged": _("1 if the quality rules marked the form, else 0."),
    "weight": _("Weight as used in the figures: 1 in every row."),
    "first_vintage": _(
        "Week whose closing brought the form into the figures; empty while it waits for a revision."
    ),
    "flag_vintage": _("Week whose closing brought the mark into the figures; empty without one."),
}
_CODES: dict[str, tuple[tuple[str, LazyString], ...]] = {
    "channel": (
        ("kiosk", _("tablet at the counter")),
        ("code", _("phone, with a one-time code")),
        ("open", _("open address; enters no figure")),
    ),
    "procedure_group": (("none", _("no answer on the matter")),),
    "status": (
        ("complete", _("all core questions answered")),
        ("partial", _("broken off; enters no figure")),
    ),
}


def fixed_columns() -> list[FixedColumn]:
    """All of them, in the order of the file."""
    return [FixedColumn(name, _MEANINGS[name], _CODES.get(name, ())) for name in FIXED]
