"""The people of the journey: a citizen at a tablet, many citizens by program, an official, a reviewer."""

import http.client
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import draw_citizen
from tests.kiosk.tablet import Tablet
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.server import LiveServer

BATCH = 40


@dataclass(frozen=True)
class Desk:
    """A counter with the credential of its tablet."""

    unit: str
    counter: str
    credential: str


class Sender:
    """Sends drawn forms as a tablet's program does, over one connection."""

    def __init__(self, server: "LiveServer", questionnaire: Questionnaire, seed: int) -> None:
        self._url = server.url
        self._questionnaire = questionnaire
        self._rng = random.Random(seed)

    def send(self, desk: Desk, number: int, quality: float = 1.3) -> None:
        """Post `number` forms in batches; each must be stored."""
        forms = [self._draw(desk, quality) for _ in range(number)]
        for start in range(0, number, BATCH):
            answers = self._post(desk, forms[start : start + BATCH])
            assert [answer["status"] for answer in answers] == [201] * len(answers)

    def _draw(self, desk: Desk, quality: float) -> dict[str, Any]:
        citizen = draw_citizen(self._questionnaire, quality, self._rng)
        return {
            "id": citizen.id,
            "questionnaire": self._questionnaire.hash,
            "unit": desk.unit,
            "counter": desk.counter,
            "channel": "kiosk",
            "language": citizen.language,
            "status": "complete",
            "answers": dict(citizen.answers),
            "order_seed": self._rng.getrandbits(31),
            "active_seconds": self._rng.randint(40, 150),
        }

    def _post(self, desk: Desk, forms: list[dict[str, Any]]) -> list[dict[str, Any]]:
        connection = http.client.HTTPConnection(urlsplit(self._url).netloc, timeout=30)
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"kiosk={desk.credential}",
            "Origin": self._url,
            "X-Survey-App": "1",
        }
        body = json.dumps({"responses": forms})
        connection.request("POST", "/api/v1/responses/batch", body, headers)
        response = connection.getresponse()
        assert response.status == 200
        answers: list[dict[str, Any]] = json.loads(response.read())["results"]
        connection.close()
        return answers


class Citizens:
    """People who come to one tablet, one after the other."""

    def __init__(self, page: "Page", server: "LiveServer", desk: Desk, seed: int) -> None:
        page.context.add_cookies(
            [{"name": "kiosk", "value": desk.credential, "url": server.url, "httpOnly": True}]
        )
        page.emulate_media(reduced_motion="reduce")  # taps wait for movement to end
        page.clock.install()
        self._tablet = Tablet(page, f"{server.url}/kiosk/")
        self._rng = random.Random(seed)

    def come(self, number: int) -> None:
        """Answer, read the thanks, leave; the tablet goes back to its start by itself."""
        self._tablet.open()
        for _ in range(number):
            self._tablet.begin("en" if self._rng.random() < 0.1 else "vi")
            self._tablet.answer({**self._first(), **self._opinion()})
            self._tablet.send()
            self._tablet.expect_screen("thanks")
            self._tablet.wait(60_000)
            self._tablet.expect_screen("welcome")

    def _first(self) -> dict[str, str]:
        groups = ("cert", "construction", "land", "other")
        return {
            "procedure": self._rng.choice(groups),
            "stage": self._rng.choice(("submit", "collect")),
        }

    def _opinion(self) -> dict[str, str]:
        return {"satisfaction": self._rng.choice(("s2", "s3", "s4", "s4", "s5"))}


def log_in(page: "Page", server: "LiveServer", login: str, path: str) -> None:
    """Fill in the log-in form and arrive at `path`."""
    page.goto(f"{server.url}/accounts/login?next={path}")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"**{path}**")


def working_days(monday: date) -> Iterator[date]:
    """Monday to Friday."""
    for offset in range(5):
        yield date.fromordinal(monday.toordinal() + offset)
