"""Logs as JSON lines.

The rooms of officials, reviewers and administrators are logged by path and time. A citizen's request leaves no line at all:
its time and order would tell who answered what. Where such a request fails, the line has the kind of fault and the day, nothing
more. No line of any room has an address.
"""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TextIO

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

LOGGED_ROOMS = frozenset({"accounts", "admin", "evidence", "office"})
_access = logging.getLogger("survey_app.access")


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a citizen's request shows its day instead of its time."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of `record`."""
        line: dict[str, object] = {
            "at": _moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send every log of the process to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # It says at every look that it looked.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Log the requests of the rooms that have accounts."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    if not _is_citizens():
        milliseconds = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
        fields = {"method": request.method, "path": request.path, "status": response.status_code}
        _access.info("request", extra={"fields": {**fields, "milliseconds": milliseconds}})
    return response


def _is_citizens() -> bool:
    return has_request_context() and request.blueprint not in LOGGED_ROOMS


def _message(record: logging.LogRecord) -> str:
    # Flask's own line on a fault ends with the path.
    return str(record.msg).partition(" ")[0] if _is_citizens() else record.getMessage()


def _moment(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return str(moment.date()) if _is_citizens() else moment.isoformat(timespec="milliseconds")


def _places(error: BaseException) -> list[str]:
    # File, line and function only: a message or a local variable could hold an answer.
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
