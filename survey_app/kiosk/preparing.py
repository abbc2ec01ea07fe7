"""For staff: preparing a tablet from unboxing to READY, and the cards to print. No account: nothing here is secret."""

from flask import render_template

from survey_app._version import __version__
from survey_app.kiosk.identity import present_kiosk
from survey_app.kiosk.views import RESPONSES, blueprint
from survey_app.store import questionnaires
from survey_app.web.services import services


@blueprint.get("/setup")
def setup() -> str:
    """The checks that turn green one after another; setup.js makes them."""
    parts = services()
    kiosk = present_kiosk(parts.database)
    with parts.database.reading() as connection:
        live = questionnaires.live_hash(connection)
    return render_template(
        "kiosk/setup.html",
        is_connected=kiosk is not None,
        is_https=parts.settings.is_https,
        responses=RESPONSES,
        sealing_key=parts.sealing.public_jwk,
        app_version=__version__,
        questionnaire=live,
    )


@blueprint.get("/cards")
def cards() -> str:
    """A card for the morning and three for trouble, on one sheet A4."""
    return render_template("kiosk/cards.html", address=services().settings.public_url)
