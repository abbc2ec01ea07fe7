"""/trust/: how a tablet comes to trust this installation's own authority, step by step with pictures; open to everybody."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, redirect, render_template
from flask.typing import ResponseReturnValue

from survey_app.store import authority
from survey_app.web.services import services

# What makes Android offer to install it, and no browser show it.
MIME_TYPE = "application/x-x509-ca-cert"
FILE_NAME = "khao-sat.crt"

blueprint = Blueprint("trust", __name__, url_prefix="/trust", template_folder="templates")


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """The steps, or that none is needed."""
    parts = services()
    certificate = authority.files(parts.settings.data_dir).authority
    if not certificate.is_file():
        settings = parts.settings
        page = render_template(
            "kiosk/trust_none.html", is_https=settings.is_https, address=settings.public_url
        )
        return page, HTTPStatus.NOT_FOUND
    return render_template(
        "kiosk/trust.html",
        address=parts.settings.public_url,
        file_name=FILE_NAME,
        fingerprint=authority.fingerprint(certificate),
    )


@blueprint.get(f"/{FILE_NAME}")
def certificate() -> Response:
    """The authority's certificate; its key is in no answer."""
    found = authority.files(services().settings.data_dir).authority
    if not found.is_file():
        abort(404)
    response = Response(authority.for_tablets(found), mimetype=MIME_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@blueprint.get("/survey")
def survey() -> ResponseReturnValue:
    """From the page that came over http to the survey's own address."""
    return redirect(f"{services().settings.public_url}/kiosk/setup")
