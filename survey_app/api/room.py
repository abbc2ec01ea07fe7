"""The blueprint: which address is answered by what, and the one place where refusals become HTTP."""

from flask import Blueprint, Response, g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from survey_app.api import health, heartbeat, missing, pairing, questionnaire, responses
from survey_app.api.refusal import Refusal, unavailable, with_messages
from survey_app.store.intake import NotStored

blueprint = Blueprint("api", __name__)

blueprint.add_url_rule("/api/v1/responses", view_func=responses.post_one, methods=["POST"])
blueprint.add_url_rule("/api/v1/responses/batch", view_func=responses.post_batch, methods=["POST"])
blueprint.add_url_rule(
    "/api/v1/responses/missing", view_func=missing.post_missing, methods=["POST"]
)
blueprint.add_url_rule("/api/v1/pairing", view_func=pairing.post_pairing, methods=["POST"])
blueprint.add_url_rule("/api/v1/credential", view_func=pairing.post_credential, methods=["POST"])
blueprint.add_url_rule("/api/v1/unpairing", view_func=pairing.post_unpairing, methods=["POST"])
blueprint.add_url_rule("/api/v1/heartbeat", view_func=heartbeat.post_heartbeat, methods=["POST"])
blueprint.add_url_rule("/api/v1/questionnaire", view_func=questionnaire.show)
blueprint.add_url_rule("/healthz", view_func=health.alive)
blueprint.add_url_rule("/readyz", view_func=health.ready)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> ResponseReturnValue:
    """Every problem with its code, place and words."""
    response: Response = jsonify(problems=with_messages(refusal.problems))
    response.headers.update(refusal.headers)
    return response, refusal.status


@blueprint.errorhandler(NotStored)
@blueprint.errorhandler(OperationalError)
def not_stored(_error: Exception) -> ResponseReturnValue:
    """The disk is full, or the database is away: nothing is stored, nothing is receipted, the sender keeps its form."""
    return refused(unavailable())


@blueprint.after_request
def say_time(response: Response) -> Response:
    """A tablet with a wrong date learns the time, so that it can sign."""
    if "server_time" in g:
        response.headers["X-Server-Time"] = str(g.server_time)
    return response
