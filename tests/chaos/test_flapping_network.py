"""A hundred tablets with fifty sealed forms each, and a network that comes and goes."""

import http.client
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.signing import HEADER, DeviceKey
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.domain.weeks import local_day, utc_now
from survey_app.store import kiosks, units
from survey_app.store.engine import Database
from survey_app.store.fleet_reading import receipts
from survey_app.store.sealing import Sealing, seal
from tests.chaos.conftest import WARD, Draw, stored
from tests.support.process import Line, ServerProcess
from tests.support.tablets import jwk_of, sign

BATCH = "/api/v1/responses/batch"
TABLETS, FORMS, BATCH_SIZE = 100, 50, 40


@dataclass
class Tablet:
    """What `sender.js` does, in short: `queue` holds sealed forms by id with the content hash of each."""

    line: Line
    key: ec.EllipticCurvePrivateKey
    rng: random.Random
    queue: dict[str, tuple[str, str]] = field(default_factory=dict)
    acknowledged: int = 0

    def drain(self) -> None:
        """Send until nothing waits, however often the network goes away."""
        while self.queue:
            self.send(list(self.queue)[:BATCH_SIZE])
        self.line.hang_up()

    def send(self, ids: list[str]) -> None:
        body = json.dumps({"responses": [{"sealed": self.queue[i][1]} for i in ids]}).encode()
        headers = {HEADER: sign(self.key, int(time.time()), BATCH, body)}
        chance = self.rng.random()
        if chance < 0.15:  # cut in the middle of the request
            self.line.break_off(BATCH, body, headers, sent=self.rng.random(), heard=0)
        elif chance < 0.35:  # the answer is never heard
            self.line.break_off(BATCH, body, headers, sent=1, heard=0)
        elif chance < 0.45:  # or heard in part
            self.line.break_off(BATCH, body, headers, sent=1, heard=300)
        else:
            self.settle(ids, self.heard(body, headers))

    def heard(self, body: bytes, headers: dict[str, str]) -> list[Any]:
        try:
            status, value = self.line.post(BATCH, body, headers)
        except (OSError, http.client.HTTPException, ValueError):
            return []
        assert status in {200, 503}, value
        results: Any = value.get("results", [])
        return list(results)

    def settle(self, ids: list[str], results: list[Any]) -> None:
        for form_id, result in zip(ids, results, strict=False):
            receipt = result.get("receipt", {})
            content_hash, _ = self.queue[form_id]
            if (receipt.get("id"), receipt.get("content_hash")) == (form_id, content_hash):
                del self.queue[form_id]
                self.acknowledged += 1

    def beat(self) -> None:
        """Say how it stands."""
        value: dict[str, Any] = {
            "app_version": "0.1",
            "questionnaire": "",
            "epoch": f"{self.rng.getrandbits(128):032x}",
            "sequence": 1,
            **dict.fromkeys(("dead", "sealed_off"), 0),
            "created": FORMS,
            "acknowledged": self.acknowledged,
            "queued": len(self.queue),
            "oldest_queued_seconds": None,
            "canary": "ok",
            "device_time": int(time.time()),
            "in_front": True,
            "missing": [],
            "battery": None,
            "done": [],
        }
        body, path = json.dumps(value).encode(), "/api/v1/heartbeat"
        headers = {HEADER: sign(self.key, int(time.time()), path, body)}
        assert self.line.post(path, body, headers)[0] == 200
        self.line.hang_up()


@pytest.fixture
def tablets(
    database: Database,
    server: ServerProcess,
    questionnaire: Questionnaire,
    sealing: Sealing,
    draw: Draw,
) -> list[Tablet]:
    """Paired tablets at the three counters of a ward, with their queues."""
    rng, made = random.Random(5), []
    with database.writing() as connection:
        counters = [c.id for c in units.counters(connection, WARD) if "online" not in c.id]
        for number in range(TABLETS):
            key = ec.generate_private_key(ec.SECP256R1())
            device = DeviceKey.from_jwk(jwk_of(key))
            assert device is not None
            counter = counters[number % len(counters)]
            credential = kiosks.pair(connection, counter, utc_now(), device.text)
            tablet = Tablet(Line(server, credential), key, random.Random(rng.random()))
            rules = Rules(
                Sender(WARD, counter, "kiosk"),
                {questionnaire.hash: questionnaire},
                local_day(utc_now()),
            )
            for _ in range(FORMS):
                form = draw(counter=counter)
                checked = validate(form, rules, b"")
                assert isinstance(checked, Submission)
                sealed = seal(json.dumps(form).encode(), sealing.public_jwk)
                tablet.queue[checked.id] = (checked.content_hash, sealed)
            made.append(tablet)
    return made


@pytest.fixture
def sealing(tmp_path: Any) -> Sealing:
    """The server's key."""
    return Sealing.load(tmp_path)


@pytest.mark.slow
@pytest.mark.chaos(1, 4, 5, 32, 33)
def test_five_thousand_forms_arrive_once_each(
    tablets: list[Tablet], server: ServerProcess, database: Database
) -> None:
    expected = {
        form_id: content_hash
        for tablet in tablets
        for form_id, (content_hash, _) in tablet.queue.items()
    }
    assert len(expected) == TABLETS * FORMS
    server.start()
    with ThreadPoolExecutor(TABLETS) as pool:
        list(pool.map(Tablet.drain, tablets))
        assert stored(database) == expected
        list(pool.map(Tablet.beat, tablets))
    with database.reading() as connection:
        held = receipts(connection, [WARD]).values()
    assert sum(each.acknowledged for each in held) == TABLETS * FORMS
    assert all(each.acknowledged == each.stored for each in held)
