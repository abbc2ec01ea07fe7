"""/office/."""

from flask import Blueprint

blueprint = Blueprint("office", __name__, url_prefix="/office", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """In the making."""
    return ""
