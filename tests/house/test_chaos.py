"""The list of docs/chaos.md and the marks on tests name the same rows."""

import ast
from types import SimpleNamespace
from typing import cast

import pytest

from tests.house.repository import python_sources
from tools.chaos import Table, rows


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


def report(test: str, *, passed: bool) -> pytest.TestReport:
    return cast(
        pytest.TestReport,
        SimpleNamespace(nodeid=test, when="call", passed=passed, failed=not passed),
    )


def item(test: str, *numbers: int) -> pytest.Item:
    mark = SimpleNamespace(args=numbers)
    return cast(pytest.Item, SimpleNamespace(nodeid=test, iter_markers=lambda _: [mark]))


def test_the_table_names_every_row_also_one_that_no_test_has_proven() -> None:
    table = Table()
    table.pytest_collection_modifyitems([item("a", 1, 2), item("b", 2)])
    table.pytest_runtest_logreport(report("a", passed=True))
    table.pytest_runtest_logreport(report("b", passed=False))
    lines = table.lines()
    assert len(lines) == len(rows())
    assert [line.split()[1] for line in lines[:3]] == ["ok", "FAILED", "NO"]
    assert not table.is_proven()
