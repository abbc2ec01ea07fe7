"""Accounts: log-in, sessions, roles, and the audit trail."""

from survey_app.accounts.access import Visitor, require
from survey_app.accounts.views import blueprint

__all__ = ["Visitor", "blueprint", "require"]
