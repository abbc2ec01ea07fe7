"""/admin/."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """In the making."""
    return ""
