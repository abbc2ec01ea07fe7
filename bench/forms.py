"""Random valid forms to the bundled questionnaire, as the bytes of HTTP requests."""

import json
import random
import secrets
import uuid
from collections.abc import Sequence

from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.routing import Answer, path

HOST = "127.0.0.1"


def random_form(questionnaire: Questionnaire, unit: str, counter: str) -> dict[str, object]:
    """A complete form; one in ten has a remark, as a person types it."""
    form_id = str(uuid.uuid4())
    form: dict[str, object] = {
        "id": form_id,
        "questionnaire": questionnaire.hash,
        "unit": unit,
        "counter": counter,
        "channel": "kiosk",
        "language": "vi",
        "status": "complete",
        "answers": _answers(questionnaire, questionnaire.module_of(form_id)),
        "order_seed": random.randrange(2**31),
        "active_seconds": random.randrange(30, 120),
    }
    if random.random() < 0.1:
        form |= {"remark": "Cán bộ hướng dẫn rõ, chờ hơi lâu.", "salt": secrets.token_hex(16)}
    return form


def _answers(questionnaire: Questionnaire, module: int | None) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    # Each answer can put a question on the path, so look at the path until nothing is new.
    while missing := [
        question
        for question in path(questionnaire, module, answers)
        if question.id not in answers and question.kind != "remark"
    ]:
        answers[missing[0].id] = _answer(missing[0])
    return answers


def _answer(question: Question) -> Answer:
    if question.kind == "integer":
        return random.randint(question.minimum or 0, question.maximum or 0)
    code = random.choice(question.choices).code
    return [code] if question.kind == "multiple" else code


def requests_for(port: int, bodies: Sequence[object], target: str, cookie: str = "") -> list[bytes]:
    """HTTP requests on a connection that stays open."""
    return [_request(port, json.dumps(body).encode(), target, cookie) for body in bodies]


def _request(port: int, body: bytes, target: str, cookie: str) -> bytes:
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {HOST}:{port}\r\nOrigin: http://{HOST}:{port}\r\n"
        f"X-Survey-App: 1\r\nContent-Type: application/json\r\nCookie: kiosk={cookie}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
