"""How long `survey-app score` takes for a year of a whole province, beside the csv module reading the same file.

Simulated forms are repeated over all units, weeks and days, which is the hardest case for it: few like forms, many sampling
units. Judged are processor seconds: `score` is one thread that waits for nothing, so they are the seconds of a machine without
other work, beside which those that passed are printed.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from survey_app.content import bundled_questionnaire
from survey_app.domain.rowfile import FileRow, file_lines
from survey_app.domain.rowfile_cells import PLAIN, Line, write
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.simulation import draw_citizen
from survey_app.domain.weeks import Week

UNITS, WEEKS, DAYS = 104, 52, 5
GOAL_SECONDS, GOAL_MEGABYTES = 30, 300
_DIFFERENT_FORMS = 5000
_READ_ONLY = (
    "import csv, sys\n"
    "with open(sys.argv[1], newline='', encoding='utf-8') as lines:\n"
    "    for _ in csv.reader(lines):\n"
    "        pass\n"
)


@dataclass(frozen=True)
class Used:
    """What a process used: processor seconds, seconds that passed, and the most memory."""

    seconds: float
    passed: float
    megabytes: float


def compare(folder: Path, rows: int) -> bool:
    """Write a file of `rows` lines, score it, print a table; whether the goals for a million are met in proportion."""
    path = folder / "rows.csv"
    write_rows(path, rows)
    alone = _run("-c", _READ_ONLY, str(path))
    score = _run("-m", "survey_app", "score", str(path))
    print(f"\nA row file of {rows:,} lines, {path.stat().st_size / 1e6:,.0f} MB:\n")
    goal = GOAL_SECONDS * rows / 1e6
    print("| path | processor seconds | goal | seconds passed | µs a line | peak MB | goal |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    print(_row("csv module alone", alone, rows, ("", "")))
    print(_row("survey-app score", score, rows, (f"{goal:g}", str(GOAL_MEGABYTES))))
    return score.seconds <= goal and score.megabytes <= GOAL_MEGABYTES


def _row(name: str, used: Used, rows: int, goals: tuple[str, str]) -> str:
    times = f"{used.seconds:.1f} | {goals[0]} | {used.passed:.1f} | {used.seconds / rows * 1e6:.1f}"
    return f"| {name} | {times} | {used.megabytes:.0f} | {goals[1]} |"


def write_rows(path: Path, rows: int, units: int = UNITS) -> None:
    """A row file of a year: `rows` lines over all weeks, units and days."""
    rng = random.Random(4)
    with path.open("wb") as file:
        for chunk in write(_lines(rows, units, rng), PLAIN):
            file.write(chunk)


def _lines(rows: int, units: int, rng: random.Random) -> Iterator[Line]:
    pool = _simulated(rng)
    header = next(pool)
    yield header
    forms = [list(line) for line in pool]
    places = [header.index(name) for name in ("unit", "week", "stratum", "psu", "first_vintage")]
    for number in range(rows):
        week = f"2026-W{number * WEEKS // rows + 1:02d}"
        unit = f"{12001 + rng.randrange(units)}@2025-07-01"
        line = rng.choice(forms).copy()
        for place, cell in zip(
            places, (unit, week, week, f"p{rng.randrange(DAYS)}", week), strict=True
        ):
            line[place] = cell
        yield line


def _simulated(rng: random.Random) -> Iterator[Line]:
    questionnaire = bundled_questionnaire()
    forms = [
        FileRow(
            questionnaire=questionnaire.hash,
            unit="",
            week=str(Week(2026, 1)),
            psu="",
            channel=rng.choices(["kiosk", "code", "open"], [90, 8, 2])[0],
            complete=rng.random() < 0.95,
            flagged=bool(flag := rng.choices(["", str(Week(2026, 1))], [98, 2])[0]),
            answers=draw_citizen(questionnaire, 1.0, rng).answers,
            first_vintage=str(Week(2026, 1)),
            flag_vintage=flag,
        )
        for _ in range(_DIFFERENT_FORMS)
    ]
    return file_lines([forms], Layout((questionnaire,)), rng)


def _run(*arguments: str) -> Used:
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    passed = time.perf_counter() - started
    if status:
        raise RuntimeError(f"exit status {status}: {' '.join(arguments[:3])}")
    return Used(used.ru_utime + used.ru_stime, passed, used.ru_maxrss / 1024)


if __name__ == "__main__":
    build = Path(__file__).resolve().parents[1] / "build"
    build.mkdir(exist_ok=True)
    try:
        is_met = compare(build, int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
    finally:
        (build / "rows.csv").unlink(missing_ok=True)
    raise SystemExit(not is_met)
