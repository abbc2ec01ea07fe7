"""What every room gets from the application, in one frozen object."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from survey_app.config import Settings
from survey_app.domain.weeks import Clock
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.sealing import Sealing
from survey_app.store.signing import Signer
from survey_app.web.limits import Limits

EXTENSION = "survey_app"


@dataclass(frozen=True, slots=True)
class Services:
    """The application's parts that live as long as it does."""

    settings: Settings
    database: Database
    intake: Intake
    signer: Signer
    sealing: Sealing
    clock: Clock
    limits: Limits = field(default_factory=Limits)


def services() -> Services:
    """The running application's services."""
    return cast(Services, current_app.extensions[EXTENSION])
