"""The list of docs/chaos.md and the marks on tests name the same rows."""

import ast

from tests.house.repository import python_sources
from tools.chaos import rows


def marked() -> set[int]:
    """Every number in a `pytest.mark.chaos(…)`."""
    return {
        argument.value
        for path in python_sources("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.chaos"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
    }


def test_every_row_has_a_test_and_every_mark_a_row() -> None:
    assert marked() == set(rows())
