"""The room itself; its pages are in `views` and `actions`."""

from flask import Blueprint

blueprint = Blueprint(
    "office", __name__, url_prefix="/office", template_folder="templates", static_folder="static"
)
