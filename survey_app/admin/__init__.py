"""The room of administrators: units, counters, tablets, people."""

from survey_app.admin import codes, dossiers, fleet, hours, people, views
from survey_app.admin.room import blueprint

__all__ = ["blueprint", "codes", "dossiers", "fleet", "hours", "people", "views"]
