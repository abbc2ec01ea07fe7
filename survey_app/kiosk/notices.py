"""Pages that say one thing."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.web.i18n import gettext
from survey_app.web.services import services


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading, what to do, perhaps where to go; `script`: one of bundle.SCRIPTS."""

    title: str
    lines: tuple[str, ...]
    link: str = ""
    link_text: str = ""
    script: str = ""


def not_connected() -> ResponseReturnValue:
    """No credential: what staff have to do."""
    notice = Notice(
        gettext("This tablet is not connected yet"),
        (
            *_right_address(),
            gettext(
                "For staff: ask the administrator for a six-digit code of this counter, then press the "
                "button below."
            ),
            gettext(
                "If the administrator gave you a connection address instead, open it on this tablet."
            ),
        ),
        url_for("kiosk.connect"),
        gettext("Connect with six digits"),
        "renew.js",
    )
    return _page(notice, HTTPStatus.UNAUTHORIZED)


def _right_address() -> tuple[str, ...]:
    """Over http a tablet cannot keep the credential that https gave it."""
    settings = services().settings
    if request.is_secure or not settings.is_https:
        return ()
    address = settings.public_url + url_for("kiosk.start")
    words = gettext(
        "This page was opened without protection. Please open %(address)s.", address=address
    )
    return (words,)


def used_address() -> ResponseReturnValue:
    """A pairing address that is unknown, used or expired: which of them is nobody's business."""
    notice = Notice(
        gettext("This connection address no longer works"),
        (
            gettext("It has been used already, or it is older than 24 hours."),
            gettext("Please ask the administrator to make a new one."),
        ),
    )
    return _page(notice, HTTPStatus.GONE)


def sent_before() -> ResponseReturnValue:
    """The same form with other answers: both are kept, the first counts."""
    notice = Notice(
        gettext("This form has been sent before"),
        (gettext("The first sending counts. For another matter please start a new form."),),
        url_for("kiosk.start"),
        gettext("To the start"),
    )
    return _page(notice, HTTPStatus.CONFLICT)


def thanks() -> ResponseReturnValue:
    """The end of the long form."""
    notice = Notice(
        gettext("Thank you"),
        (gettext("Your form has been received. Nothing of it remains on this screen."),),
        url_for("kiosk.start"),
        gettext("To the start"),
    )
    return _page(notice, HTTPStatus.OK)


def _page(notice: Notice, status: HTTPStatus) -> ResponseReturnValue:
    return render_template("kiosk/notice.html", notice=notice), status
