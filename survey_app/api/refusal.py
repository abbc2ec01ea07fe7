"""Why a request is refused, raised anywhere in this room and made an answer in `room`."""

from collections.abc import Iterable, Mapping, Sequence

from survey_app.domain.problem import Problem
from survey_app.web.errors import RETRY_AFTER_SECONDS
from survey_app.web.problem_texts import problem_text


class Refusal(Exception):
    """A status, every reason, and headers the answer needs."""

    def __init__(
        self, status: int, problems: Sequence[Problem], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, problems)
        self.status = status
        self.problems = problems
        self.headers = headers or {}


def refuse(status: int, code: str, where: str = "", **params: object) -> Refusal:
    """A refusal for one reason."""
    return Refusal(status, [Problem(code, where, params)])


def unavailable() -> Refusal:
    """Nothing can be stored just now; come again."""
    retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return Refusal(503, [Problem("store.unavailable")], retry)


def with_messages(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems as the API sends them: code, where, params and a message to read."""
    return [{**problem.as_json(), "message": problem_text(problem)} for problem in problems]
