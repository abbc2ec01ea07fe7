"""The room of reviewers: row files of closed weeks, what their columns mean, and how to recompute the figures."""

from survey_app.evidence.views import blueprint

__all__ = ["blueprint"]
