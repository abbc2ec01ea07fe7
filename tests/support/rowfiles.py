"""Questionnaires and responses for tests of the row file."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile import FileRow, file_lines
from survey_app.domain.rowfile_cells import Dialect, write
from survey_app.domain.rowfile_columns import Layout

UNIT = "12103@2025-07-01"
WEEK = "2026-W47"
FIRST_CHOICES = ("yes", "no", "partly")


def questionnaire(version: int = 1, **changes: Any) -> Questionnaire:
    """A small version with every kind of question; the second drops the choice "partly" and adds "queue"."""
    choices = FIRST_CHOICES if version == 1 else FIRST_CHOICES[:2]
    questions: list[dict[str, Any]] = [
        _closed("procedure", ("cert", "land"), role="procedure"),
        _closed("courteous", choices, role="criterion", dont_know=True, refusable=True),
        {"id": "needs", "kind": "multiple", "choices": _choices(("seat", "sign", "help"))},
        {"id": "warmth", "kind": "integer", "minimum": -10, "maximum": 10, "refusable": True},
        *([_closed("queue", ("short", "long"))] if version > 1 else []),
        _closed("age", ("18_34", "35_59", "60_up"), role="age", refusable=True),
        _closed("sex", ("female", "male"), role="sex", refusable=True),
        {"id": "remark", "kind": "remark"},
    ]
    questions[1]["indicator"] = {
        "minimum": 0,
        "maximum": 1,
        "direction": "positive",
        "by_group": {"cert": "5.1", "land": "5.3"},
        "evidence": "experience",
    }
    structure = {
        "format": 1,
        "id": "thu",
        "version": version,
        "scheme": "papi-2019",
        "blocks": [{"id": "all", "core": True, "questions": questions}],
    }
    return Questionnaire.model_validate_json(
        json.dumps({"structure": structure, "text": {"vi": {**words(), **changes}}})
    )


def words() -> dict[str, str]:
    """Texts of the sample; some would be formulas in a spreadsheet."""
    return {
        "courteous.text": "Cán bộ có lịch sự không?",
        "courteous.choice.yes": "Có",
        "courteous.choice.no": '=HYPERLINK("http://x";"Không")',
        "courteous.choice.partly": "Lúc có, lúc không",
        "needs.choice.seat": "Ghế ngồi",
        "needs.choice.sign": "@Bảng chỉ dẫn",
        "needs.choice.help": "＋Người hướng dẫn",
        "procedure.choice.cert": "Chứng thực; xác nhận giấy tờ",
        "procedure.choice.land": 'Đất đai, "sổ đỏ"',
        "queue.choice.short": "Ngắn",
        "queue.choice.long": "Dài",
        "age.choice.18_34": "Từ 18 đến 34",
        "age.choice.35_59": "Từ 35 đến 59",
        "age.choice.60_up": "Từ 60 trở lên",
        "sex.choice.female": "Nữ",
        "sex.choice.male": "Nam",
    }


def row(
    version: Questionnaire, answers: Mapping[str, Answer] | None = None, **changes: Any
) -> FileRow:
    """A complete kiosk form of the sample week; `changes` replace fields."""
    fields: dict[str, Any] = {
        "questionnaire": version.hash,
        "unit": UNIT,
        "week": WEEK,
        "psu": "k3f9",
        "channel": "kiosk",
        "complete": True,
        "flagged": False,
        "answers": answers if answers is not None else {"procedure": "cert", "courteous": "yes"},
        "first_vintage": changes.get("week", WEEK),
        "flag_vintage": changes.get("week", WEEK) if changes.get("flagged") else "",
    }
    return FileRow(**{**fields, **changes})


def file_bytes(rows: list[FileRow], layout: Layout, dialect: Dialect, *, seed: int = 1) -> bytes:
    """The whole file of one week."""
    return b"".join(write(file_lines([rows], layout, Random(seed)), dialect))


def _closed(name: str, codes: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "single", "choices": _choices(codes), **more}


def _choices(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    values = {"yes": 1, "no": 0}
    return [{"code": code} | ({"value": values[code]} if code in values else {}) for code in codes]
