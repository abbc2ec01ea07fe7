"""api: /api/v1 for tablets, and /healthz and /readyz for whoever watches the server."""

from survey_app.api.room import blueprint

__all__ = ["blueprint"]
