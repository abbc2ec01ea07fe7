"""Security headers, the same for every answer of the server."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.wrappers import Response

from survey_app.config import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED_FEATURES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
ONE_YEAR = 31_536_000


def install(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer; a page that does not say otherwise is kept by nobody."""
    # Where a page says over http how to trust this server, a browser must not be told never to ask over http.
    stays = settings.is_https and settings.http_port is None
    transport = {"Strict-Transport-Security": f"max-age={ONE_YEAR}"} if stays else {}
    fixed = [*HEADERS.items(), *transport.items()]

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
