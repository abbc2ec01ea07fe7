"""Whether the server lives, and whether it can take forms."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from survey_app.store.migrate import is_current
from survey_app.web.services import services


def alive() -> ResponseReturnValue:
    """200 while the process answers; touches nothing."""
    return jsonify(status="ok")


def ready() -> ResponseReturnValue:
    """200 when the database answers and is at the program's migration, else 503."""
    try:
        is_ready = is_current(services().database)
    except SQLAlchemyError:
        is_ready = False
    return jsonify(status="ready" if is_ready else "not ready"), 200 if is_ready else 503
