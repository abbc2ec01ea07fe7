"""What a phone is told beside the form."""

from http import HTTPStatus

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.kiosk.notices import Notice
from survey_app.web.i18n import gettext


def closed() -> ResponseReturnValue:
    """No public address: codes are off."""
    notice = Notice(
        gettext("The survey on phones is not open here"),
        (
            gettext("This server has no public https address, so phones cannot reach it safely."),
            gettext("Please answer on the tablet at the counter."),
            gettext("For operators: `survey-app doctor` says what is missing."),
        ),
    )
    return _page(notice, HTTPStatus.NOT_FOUND)


def busy() -> ResponseReturnValue:
    """Too many at once."""
    notice = Notice(
        gettext("Too many people are answering just now"),
        (gettext("Please go back and try again in a minute."),),
    )
    return _page(notice, HTTPStatus.TOO_MANY_REQUESTS)


def used_code(unit_id: str | None) -> ResponseReturnValue:
    """A code that is unknown, used or run out; the open channel is offered where the unit is known."""
    lines = [gettext("It has been used already, it is older than 14 days, or a sign was misread.")]
    link = ""
    if unit_id is not None:
        lines.append(gettext("You can still answer without a code. Such forms are counted apart."))
        link = url_for("codes.open_form", unit_code=unit_id.partition("@")[0])
    else:
        lines.append(gettext("Please check the ten signs on your receipt."))
    notice = Notice(
        gettext("This code is not valid"),
        tuple(lines),
        link or url_for("codes.start"),
        gettext("Answer without a code") if link else gettext("Enter the code again"),
    )
    return _page(notice, HTTPStatus.GONE)


def sent_before() -> ResponseReturnValue:
    """The same form with other answers: both are kept, the first counts."""
    notice = Notice(
        gettext("This form has been sent before"),
        (gettext("The first sending counts. For another matter please start a new form."),),
    )
    return _page(notice, HTTPStatus.CONFLICT)


def thanks() -> ResponseReturnValue:
    """The end."""
    notice = Notice(
        gettext("Thank you"),
        (gettext("Your form has been received. You can close this page."),),
    )
    return _page(notice, HTTPStatus.OK)


def _page(notice: Notice, status: HTTPStatus) -> ResponseReturnValue:
    return render_template("kiosk/notice.html", notice=notice), status
