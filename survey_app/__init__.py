"""survey_app: a short PAPI-style questionnaire at the counter becomes provisional weekly scores.

`create_app` only assembles; importing this package starts nothing.
"""

from typing import TYPE_CHECKING

from survey_app._version import __version__
from survey_app.config import Settings
from survey_app.domain.weeks import Clock, utc_now

if TYPE_CHECKING:
    from flask import Blueprint, Flask

    from survey_app.store.engine import Database
    from survey_app.web.services import Services

__all__ = ["__version__", "create_app"]


def create_app(settings: Settings, *, clock: Clock = utc_now) -> "Flask":
    """Assemble the application.

    Raises CatalogueError (a catalogue is missing or incomplete) or SchemaError (the database is
    not at the newest migration).
    """
    # Imported here and below, so that `survey-app score` and the domain load neither Flask nor a database.
    from flask import Flask

    from survey_app.store.engine import Database
    from survey_app.store.migrate import require_current
    from survey_app.web import shell
    from survey_app.web.i18n import LANGUAGES, require_complete
    from survey_app.web.services import EXTENSION

    for language in LANGUAGES:
        require_complete(language)
    database = Database(settings.database_url)
    require_current(database)
    app = Flask(__name__, static_folder=None)
    app.extensions[EXTENSION] = _services(settings, database, clock)
    shell.install(app, settings)
    for room in _rooms():
        app.register_blueprint(room)
    return app


def _services(settings: Settings, database: "Database", clock: Clock) -> "Services":
    """What the views share: one writer, the keys of this installation, the clock."""
    from survey_app.store.intake import Intake
    from survey_app.store.sealing import Sealing
    from survey_app.store.signing import Signer
    from survey_app.web.services import Services

    return Services(
        settings=settings,
        database=database,
        intake=Intake(database, clock),
        signer=Signer.load(settings.data_dir),
        sealing=Sealing.load(settings.data_dir),
        clock=clock,
    )


def _rooms() -> "tuple[Blueprint, ...]":
    """Every audience, by name."""
    from survey_app.accounts import blueprint as accounts
    from survey_app.admin import blueprint as admin
    from survey_app.api import blueprint as api
    from survey_app.evidence import blueprint as evidence
    from survey_app.kiosk import blueprint as kiosk
    from survey_app.kiosk import codes_blueprint as codes
    from survey_app.kiosk import trust_blueprint as trust
    from survey_app.office import blueprint as office

    return accounts, admin, api, codes, evidence, kiosk, office, trust
