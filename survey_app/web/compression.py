"""What is read as text goes out compressed, where nobody can tell a secret by its length.

Pages of rooms with accounts stay as they are: they carry a token beside what others may have typed, and compression would
let whoever sees lengths guess it. Files and citizens' pages carry none.
"""

import gzip
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

_TEXTS = frozenset(
    {
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)
# Below this the headers weigh more than what is gained.
_LEAST_BYTES = 500
_FILES = frozenset({"static", "vendor", "bundle"})
_OPEN_ROOMS = frozenset({"api", "codes", "kiosk", "trust"})


def install(app: Flask) -> None:
    """Compress on the way out."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.method != "GET" or response.status_code != 200 or not _is_open():
        return response
    if response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        _shorten(response)
    return response


def _is_open() -> bool:
    named = (request.endpoint or "").rpartition(".")[2]
    return request.blueprint in _OPEN_ROOMS or named in _FILES


def _shorten(response: Response) -> None:
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < _LEAST_BYTES:
        return
    etag, _ = response.get_etag()
    response.set_data(_shortened(data) if etag else gzip.compress(data, mtime=0))
    response.content_encoding = "gzip"
    if etag:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=64)
def _shortened(data: bytes) -> bytes:
    """A file, which is asked for again and again."""
    return gzip.compress(data, mtime=0)
