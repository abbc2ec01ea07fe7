"""Citizens: the form on the tablet, and the tablet's pairing."""

from survey_app.kiosk.views import blueprint

__all__ = ["blueprint"]
