"""Files and citizens' pages go out compressed; pages of rooms with accounts, which carry a token, do not."""

import gzip

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FILE = "/kiosk/static/kiosk.css"


@pytest.mark.parametrize(
    "path", [FILE, "/static/tokens.css", "/kiosk/bundle/kiosk.js", "/kiosk/connect"]
)
def test_compressed_it_is_the_same(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    short = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert short.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(short.data) == plain.data
    assert int(short.headers["Content-Length"]) == len(short.data) < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == short.headers["Vary"] == "Accept-Encoding"


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    known = client.get(FILE, headers=headers).headers["ETag"]
    again = client.get(FILE, headers={**headers, "If-None-Match": known})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("/accounts/login", "gzip"),
        ("/", "gzip"),
        ("/vendor/be-vietnam-pro/be-vietnam-pro-latin-400-normal.woff2", "gzip"),
        (FILE, "gzip;q=0"),
        (FILE, "br"),
        ("/healthz", "gzip"),
    ],
)
def test_the_rest_stays_as_it_is(client: FlaskClient, path: str, accepted: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
