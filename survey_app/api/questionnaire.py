"""The questionnaire as tablets take it: the canonical JSON that its hash is of."""

from flask import Response, request

from survey_app.api.refusal import refuse
from survey_app.store import questionnaires
from survey_app.web.services import services


def show() -> Response:
    """The live version, or the one of `?version=HASH`; its hash is the ETag."""
    wanted = request.args.get("version")
    with services().database.reading() as connection:
        versions = questionnaires.versions(connection)
        if not versions:
            raise refuse(404, "questionnaire.none_published")
        found = versions.get(wanted) if wanted else questionnaires.current(connection)
    if found is None:
        raise refuse(404, "submission.unknown_version", "version")
    response = Response(found.canonical, content_type="application/json")
    response.set_etag(found.hash)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
