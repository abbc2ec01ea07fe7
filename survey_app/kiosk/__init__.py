"""Citizens: the form on the tablet, and the tablet's pairing."""

from survey_app.kiosk import offline as offline
from survey_app.kiosk import preparing as preparing
from survey_app.kiosk.codes import blueprint as codes_blueprint
from survey_app.kiosk.trust import blueprint as trust_blueprint
from survey_app.kiosk.views import blueprint

__all__ = ["blueprint", "codes_blueprint", "trust_blueprint"]
