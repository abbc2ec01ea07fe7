"""Forms of accounts. Every message is ours: WTForms speaks no Vietnamese."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from survey_app.web.i18n import lazy_gettext as _


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Who, and the proof of it."""

    login = StringField(_("Login name"), [InputRequired(_("Please enter your login name."))])
    password = PasswordField(_("Password"), [InputRequired(_("Please enter your password."))])


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One's own new password, with the old one as proof."""

    old = PasswordField(
        _("Present password"), [InputRequired(_("Please enter your present password."))]
    )
    new = PasswordField(_("New password"), [InputRequired(_("Please enter a new password."))])
