"""The room of administrators: units, counters, tablets, people."""

from survey_app.admin import codes, dossier_table, dossiers, fleet, hours, people, views
from survey_app.admin.room import blueprint

__all__ = ["blueprint", "codes", "dossier_table", "dossiers", "fleet", "hours", "people", "views"]
