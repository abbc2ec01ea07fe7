"""What an administrator types about dossiers, and how it adds up over a window."""

import pytest

from survey_app.domain.dossiers import in_window, read_dossiers
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers

GROUPS = ("cert", "land")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"cert": "30", "land": "12", "total": "42"}, Dossiers({"cert": 30, "land": 12}, 42)),
        ({"cert": " 1.234 ", "land": "0"}, Dossiers({"cert": 1234, "land": 0}, 1234)),
        ({"total": "1 234 567".replace(" 567", "")}, Dossiers({}, 1234)),
        ({"total": "0"}, Dossiers({}, 0)),
    ],
)
def test_what_is_typed(cells: dict[str, str], expected: Dossiers) -> None:
    assert read_dossiers(cells, GROUPS) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, [("dossiers.nothing", "total")]),
        ({"cert": "3"}, [("dossiers.group_missing", "land")]),
        ({"cert": "3", "total": "3"}, [("dossiers.group_missing", "land")]),
        ({"cert": "3", "land": "4", "total": "8"}, [("dossiers.sum_differs", "total")]),
        ({"cert": "-3", "land": "4"}, [("dossiers.number", "cert")]),
        ({"cert": "ba", "land": "1,5"}, [("dossiers.number", "cert"), ("dossiers.number", "land")]),
        ({"total": "12.34"}, [("dossiers.number", "total")]),
        ({"total": "1000001"}, [("dossiers.number", "total")]),
    ],
)
def test_what_is_refused(cells: dict[str, str], expected: list[tuple[str, str]]) -> None:
    found = read_dossiers(cells, GROUPS)
    assert isinstance(found, list)
    assert [(problem.code, problem.where) for problem in found] == expected


def test_a_sum_that_differs_says_both_numbers() -> None:
    (found,) = read_dossiers({"cert": "3", "land": "4", "total": "8"}, GROUPS)  # type: ignore[misc]  # a list of one
    assert found == Problem("dossiers.sum_differs", "total", {"sum": 7, "total": 8})


def test_a_window_needs_every_week_and_every_group() -> None:
    window = Week(2026, 44).block
    weeks = dict.fromkeys(window.weeks, Dossiers({"cert": 3, "land": 1}, 4))
    assert in_window(weeks, window) == Dossiers({"cert": 12, "land": 4}, 16)
    weeks[window.weeks[1]] = Dossiers({"cert": 1}, 5)
    assert in_window(weeks, window) == Dossiers({"cert": 10}, 17)
    del weeks[window.weeks[2]]
    assert in_window(weeks, window) is None
