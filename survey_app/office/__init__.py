"""The room of officials: the last closed week of a unit on one page, what citizens wrote, and what was done about it."""

from survey_app.office import actions, quality, remarks, views
from survey_app.office.room import blueprint

__all__ = ["actions", "blueprint", "quality", "remarks", "views"]
