"""What a request must be before its body is looked at.

Tablets have no session and no token against forged forms: a foreign page can send neither JSON nor a header of its own without
asking first (CORS), and it cannot hide where it comes from (Origin).
"""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.api.refusal import refuse

HEADER = "X-Survey-App"
HEADER_VALUE = "1"


def check_request(most_bytes: int) -> None:
    """Raise Refusal unless this is JSON from our own page, and not too much of it."""
    if not _is_json():
        raise refuse(415, "request.content_type")
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        raise refuse(403, "request.origin")
    if request.headers.get(HEADER) != HEADER_VALUE:
        raise refuse(403, "request.header", HEADER)
    if (request.content_length or 0) > most_bytes:
        raise refuse(413, "request.too_large", most=most_bytes)


def _is_json() -> bool:
    if (
        request.content_type == "application/json"
    ):  # what every tablet sends, without taking it apart
        return True
    charset = request.mimetype_params.get("charset", "utf-8")
    return request.mimetype == "application/json" and charset.lower() == "utf-8"


def read_body(most_bytes: int) -> bytes:
    """The body; a body that does not say its length is counted while it is read."""
    request.max_content_length = most_bytes
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise refuse(413, "request.too_large", most=most_bytes) from error
