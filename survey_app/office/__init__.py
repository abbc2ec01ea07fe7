"""The room of officials: the last closed week of a unit on one page."""

from survey_app.office.views import blueprint

__all__ = ["blueprint"]
