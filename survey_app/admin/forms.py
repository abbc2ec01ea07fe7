"""Forms of the administrators' room. Every message is ours: WTForms speaks no Vietnamese."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from survey_app.store.accounts import Grant
from survey_app.store.units import Unit
from survey_app.web.i18n import lazy_gettext as _

ROLES = {
    "official": _("Official: reads the week's figures"),
    "reviewer": _("Reviewer: figures and row files"),
    "administrator": _("Administrator: units, tablets, people"),
}


def offered_roles() -> list[SelectChoice]:
    """The roles in the language of the page."""
    return [SelectChoice(role, str(label)) for role, label in ROLES.items()]


class GrantForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A role on a unit and what lies below it."""

    role = SelectField(_("Role"), choices=offered_roles, validate_choice=False, default="official")
    unit = SelectField(_("On the unit"), choices=[], validate_choice=False)

    def offer(self, units: list[Unit]) -> None:
        """Offer these units."""
        self.unit.choices = [SelectChoice(unit.id, unit.name) for unit in units]

    @property
    def grant(self) -> Grant:
        """What was chosen; the account's rules check it."""
        return Grant(self.role.data or "", self.unit.data or "")


class PersonForm(GrantForm):
    """A new person with a first role."""

    name = StringField(
        _("Full name"),
        [
            InputRequired(_("Please enter the person's name.")),
            Length(max=120, message=_("The name is too long.")),
        ],
    )
    login = StringField(_("Login name"), [InputRequired(_("Please enter a login name."))])
