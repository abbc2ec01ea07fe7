"""The room of administrators: units, counters, tablets, people."""

from survey_app.admin.views import blueprint

__all__ = ["blueprint"]
