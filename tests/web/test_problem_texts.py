"""Every problem the program can find has words, and its words can be filled in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

import survey_app
from survey_app.domain.problem import Problem
from survey_app.web import i18n
from survey_app.web.problem_texts import TEXTS, problem_text

ROOT = Path(survey_app.__file__).parent
# Seen at the command line or in an answer to a machine, with words of their own there.
ELSEWHERE = ("http.", "questionnaire.", "revision.", "rowfile.", "scheme.", "verify.", "catalogue.")


def codes() -> Iterator[str]:
    """First arguments of every `Problem(...)` in the sources."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def test_every_code_has_words() -> None:
    without = {code for code in codes() if not code.startswith(ELSEWHERE)} - set(TEXTS)
    assert without == set()


def test_words_are_filled_with_what_the_problem_carries() -> None:
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        problem = Problem("answer.out_of_range", "visits", {"minimum": 1, "maximum": 20})
        assert problem_text(problem) == "Xin nhập một số từ 1 đến 20."
        for code, words in TEXTS.items():
            names = re.findall(r"%\((\w+)\)s", str(words))
            assert "%(" not in problem_text(Problem(code, "", dict.fromkeys(names, "?")))


def test_an_unknown_code_is_still_said_in_words() -> None:
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        assert "future.code" in problem_text(Problem("future.code"))
