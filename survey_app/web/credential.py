"""The tablet's cookie: not for scripts, not from other sites, over TLS where there is TLS."""

from datetime import timedelta

from werkzeug.wrappers import Response

from survey_app.config import Settings
from survey_app.store import kiosks

# Browsers keep no cookie longer than this; each heartbeat sets it anew.
LIFE = timedelta(days=400)


def give_credential(response: Response, credential: str, settings: Settings) -> None:
    """Set the cookie."""
    response.set_cookie(
        kiosks.COOKIE,
        credential,
        max_age=LIFE,
        httponly=True,
        samesite="Strict",
        secure=settings.is_https,
    )


def take_credential(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(kiosks.COOKIE, httponly=True, samesite="Strict")
