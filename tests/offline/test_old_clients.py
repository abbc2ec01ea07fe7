"""What tablets of earlier versions send is still understood, and answered with all that they look for.

`tests/vectors/client-*.json` was recorded from the page of that version in Chromium, against a server whose key to sealed forms
is the file's own. A version that changes what goes over the wire adds a recording and leaves the old ones.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.store import kiosks, pairing

VECTORS = Path(__file__).parents[1] / "vectors"
RECORDINGS = sorted(VECTORS.glob("client-*.json"))
Exchange = dict[str, Any]


@pytest.fixture(params=RECORDINGS, ids=lambda path: path.stem)
def recording(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """One version's requests; the application to come takes over the recorded keys and code."""
    found: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    (tmp_path / "sealing-key.pem").write_text(found["sealing_key"], encoding="ascii")
    code = json.loads(found["keyed"][0]["body"])["code"]
    monkeypatch.setattr(pairing, "_draw", lambda: code)
    return found


def send(client: FlaskClient, app: Flask, exchange: Exchange) -> TestResponse:
    origin = app.extensions["survey_app"].settings.public_url
    headers = {**exchange["headers"], "Origin": origin}
    body = (exchange["body"] or "").encode()
    path, method = exchange["path"], exchange["method"]
    return client.open(path, method=method, base_url=origin, headers=headers, data=body)


def lacking(old: object, new: object, where: str = "") -> list[str]:
    """Members and kinds of value that the old answer had and the new one has not."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(f"{where}.{name}", value, new.get(name)) for name, value in old.items()]
    elif isinstance(old, list) and isinstance(new, list):
        # How many orders there are depends on the day; that no receipt is missing is asked below.
        pairs = [(f"{where}[]", *pair) for pair in zip(old, new, strict=False)]
    else:
        return [] if old is None or isinstance(new, type(old)) else [where]
    return [line for place, was, now in pairs for line in lacking(was, now, place)]


@pytest.mark.chaos(22)
def test_a_tablet_of_an_earlier_version_is_understood(
    recording: dict[str, Any], app: Flask, client: FlaskClient
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        pairing.make_code(connection, "12103-q1", parts.clock())
    replay(recording["keyed"], app, client)


@pytest.mark.chaos(22)
def test_a_tablet_on_trial_of_an_earlier_version_is_understood(
    recording: dict[str, Any], app: Flask, client: FlaskClient
) -> None:
    parts = app.extensions["survey_app"]
    with parts.database.writing() as connection:
        token = kiosks.invite(connection, "12103-q1", parts.clock())
        credential = kiosks.claim(connection, token, parts.clock())
    client.set_cookie("kiosk", str(credential), domain=parts.settings.host)
    replay(recording["trial"], app, client)


def replay(exchanges: list[Exchange], app: Flask, client: FlaskClient) -> None:
    for exchange in exchanges:
        answer = send(client, app, exchange)
        where = f"{exchange['method']} {exchange['path']}"
        assert answer.status_code == exchange["status"], (where, answer.text)
        assert lacking(exchange["answer"], answer.get_json()) == [], where
        assert receipts(answer.get_json()) == receipts(exchange["answer"]), where
        if exchange["path"] == "/healthz":
            assert answer.get_json()["status"] == "ok"
        elif exchange["path"] != "/api/v1/pairing":
            assert int(answer.headers["X-Server-Time"]) > 0


def receipts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Id and hash of each receipt in an answer: without them a form stays on the tablet."""
    found = [answer, *answer.get("results", [])]
    return [(r["receipt"]["id"], r["receipt"]["content_hash"]) for r in found if "receipt" in r]
