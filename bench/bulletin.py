"""How long one unit's bulletin takes from its totals, with windows, limits and changes: the first, and those after it.

The first sums every week; from then on each week's sums are known, as they are in a server that was asked before. Milliseconds
are processor milliseconds, so that other work on the machine does not count.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.rowfile import write_rows
from survey_app.content import bundled_questionnaires, schemes
from survey_app.domain.publication import make_bulletin
from survey_app.domain.rowfile_read import read_counts
from survey_app.domain.weeks import Week

GOAL_MILLISECONDS = 10
_TIMES = 7


def measure(folder: Path) -> bool:
    """Print a table for a thin and a busy unit; whether the goal is met by both, once their weeks are known."""
    print("\n| a unit's bulletin | first, ms | after that, ms |")
    print("|---|---:|---:|")
    found = [_row(folder, forms_a_week) for forms_a_week in (60, 1000)]
    print(f"\nGoal: at most {GOAL_MILLISECONDS} ms.")
    return max(found) <= GOAL_MILLISECONDS


def _row(folder: Path, forms_a_week: int) -> float:
    last, bulletin = _prepared(folder, forms_a_week)
    first = _milliseconds(lambda: bulletin(last))
    later = statistics.median(_milliseconds(lambda: bulletin(last)) for _ in range(_TIMES))
    print(f"| a year of {forms_a_week} forms a week | {first:.0f} | {later:.1f} |")
    return later


def _prepared(folder: Path, forms_a_week: int) -> tuple[Week, Callable[[Week], object]]:
    path = folder / "unit.csv"
    write_rows(path, forms_a_week * 52, units=1)
    known = {version.label: version for version in bundled_questionnaires()}
    with path.open("rb") as lines:
        counts = read_counts(lines, known.get)
    path.unlink()
    [version] = counts.versions.values()
    [unit], weeks = counts.units, counts.week_counts(counts.units[0])
    scheme = schemes()[version.structure.scheme]
    return counts.weeks[-1], lambda week: make_bulletin(unit, week, weeks, counts.versions, scheme)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        raise SystemExit(not measure(Path(temporary)))
