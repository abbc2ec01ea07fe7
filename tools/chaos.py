"""`make chaos`: run what proves that no form gets lost, doubled or seen by others, and print which rows are covered.

A test names its rows with `@pytest.mark.chaos(5, 6)`; the rows stand in docs/chaos.md.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "chaos.md"
_ROW = re.compile(r"^\| (?P<number>\d+) \| (?P<words>[^|]+) \|", flags=re.MULTILINE)


def rows() -> dict[int, str]:
    """Every row of the list by its number."""
    text = LIST.read_text(encoding="utf-8")
    return {int(found["number"]): found["words"].strip() for found in _ROW.finditer(text)}


class Table:
    """Gathers the outcome of every marked test by row."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, ...]] = {}
        self.outcomes: dict[int, list[bool]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Remember which rows a test proves."""
        for item in items:
            marks = item.iter_markers("chaos")
            self._rows[item.nodeid] = tuple(row for mark in marks for row in mark.args)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test counts when it was called, or where it failed before."""
        if report.when == "call" or report.failed:
            for row in self._rows.get(report.nodeid, ()):
                self.outcomes[row].append(bool(report.passed))

    def lines(self) -> list[str]:
        """One line a row of the list."""
        return [
            f"{row:>3}  {self._verdict(row):<7} {len(self.outcomes[row]):>2} tests  {words}"
            for row, words in sorted(rows().items())
        ]

    def is_proven(self) -> bool:
        """Whether every row has tests, and all of them passed."""
        return all(self._verdict(row) == "ok" for row in rows())

    def _verdict(self, row: int) -> str:
        found = self.outcomes[row]
        return "ok" if found and all(found) else "FAILED" if found else "NO TEST"


def main(arguments: list[str]) -> int:
    """Run the marked tests, or those of them that pytest's `arguments` choose, then print the table.

    Exit code: pytest's; without arguments also 1 where a row was not proven.
    """
    table = Table()
    code = pytest.main(["-q", "-m", "chaos", *arguments], plugins=[table])
    print("\n".join(["", *table.lines()]))
    return int(code) or int(not arguments and not table.is_proven())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
