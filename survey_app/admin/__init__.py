"""The room of administrators: units, counters, tablets, people."""

from survey_app.admin import people, views
from survey_app.admin.room import blueprint

__all__ = ["blueprint", "people", "views"]
