"""How long the scores of one unit and week take, with all that the week's page computes beside them.

That is: figures on their windows through the limits, changes since the window before and in a year, weighted figures, figures
without flagged forms and without phones, what pulls the score down; queries included. Four times: by a server that has shown
another unit, but knows no week of this one and reads the sums kept with each vintage; by the same server again; by one that
has just started and has compiled no query; and from vintages without kept sums, as an older program froze them. Beside
them the scores alone, without what the page compares them with: every figure with its interval, from totals in memory.
Milliseconds are processor milliseconds, so that other work on the machine counts little.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, delete, insert

from bench.rowfile import write_rows
from survey_app.content import bundled_questionnaires, schemes
from survey_app.content.rules import quality_rules
from survey_app.domain.comparison import read_window
from survey_app.domain.counting import Versions, form_count
from survey_app.domain.drivers import drivers
from survey_app.domain.figures import make_plan
from survey_app.domain.material import Material
from survey_app.domain.problem import Problem
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_figures
from survey_app.domain.rowfile_read import FileCounts, read_counts
from survey_app.domain.scheme import Scheme
from survey_app.domain.sums import EVERY, cells_in, tally_window, week_columns, week_thickness
from survey_app.domain.weeks import Week, utc_now
from survey_app.domain.weighted import Dossiers
from survey_app.domain.weighting import forms_by_group
from survey_app.domain.whatif import what_if
from survey_app.domain.windows import weeks_needed
from survey_app.office.years import year_changes
from survey_app.provision import seed
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.frozen import store_sums, week_psus
from survey_app.store.materials import read_material
from survey_app.store.migrate import upgrade
from survey_app.store.psus import StoredPsu, psu_to_json

GOAL_MILLISECONDS = 10
UNIT, NEIGHBOUR, DIMENSION = "12103@2025-07-01", "12133@2025-07-01", "5"
FORMS_A_WEEK = (60, 250, 1000)
_TIMES = 5
Made = TypeVar("Made")


@dataclass(frozen=True)
class Year:
    """One unit's year of totals."""

    counts: FileCounts
    versions: Versions
    scheme: Scheme

    @property
    def week(self) -> Week:
        """The last week."""
        return self.counts.weeks[-1]

    def totals(self) -> dict[Week, WeekCounts]:
        """All weeks, nothing summed yet, and the same ones a year before."""
        weeks = self.counts.week_counts(self.counts.units[0])
        return {
            week: replace(counts, week=week, psus=tuple(counts.psus))
            for back in (1, 0)
            for now, counts in weeks.items()
            for week in [Week(now.year - back, now.number)]
        }

    @cached_property
    def dossiers(self) -> dict[Week, Dossiers]:
        """Three finished dossiers for each form."""
        weeks = self.totals()
        [version] = self.versions.values()
        [procedure] = version.with_role("procedure")
        result = {}
        for week in weeks:
            forms = forms_by_group(cells_in(week.window, weeks))
            by_group = {choice.code: 3 * forms.get(choice.code, 0) for choice in procedure.choices}
            result[week] = Dossiers(by_group, sum(by_group.values()))
        return result


def measure(folder: Path) -> bool:
    """Print a table; whether the scores alone are made in time, and all of it by a server that knows the unit's weeks."""
    print(
        "\n| scores of one unit and week | alone, ms | first time, ms | again, ms | goal |", end=""
    )
    print(" just started, ms | without kept sums, ms |\n|---|---:|---:|---:|---:|---:|---:|")
    found = [_row(folder, forms) for forms in FORMS_A_WEEK]
    return max(found) <= GOAL_MILLISECONDS


def _row(folder: Path, forms_a_week: int) -> float:
    year = _year(folder, forms_a_week)
    url = _stored(folder / f"{forms_a_week}.sqlite3", year.totals(), year.versions)
    known = Database(url)
    _scores(known, year)

    def running() -> Database:
        database = Database(url)
        _scores(database, year, NEIGHBOUR)
        return database

    alone = _median(lambda: _in_memory(running(), year), lambda weeks: _figures(weeks, year))
    first = _median(running, lambda database: _scores(database, year))
    again = _median(lambda: known, lambda database: _scores(database, year))
    started = _median(lambda: Database(url), lambda database: _scores(database, year))
    with known.writing() as connection:
        connection.execute(delete(schema.vintage_sum))
    bare = _median(lambda: Database(url), lambda database: _scores(database, year))
    print(
        f"| a year of {forms_a_week} forms a week | {alone:.1f} | {first:.1f} | {again:.1f} |",
        end="",
    )
    print(f" {GOAL_MILLISECONDS} | {started:.0f} | {bare:.0f} |")
    return max(alone, again)


def _year(folder: Path, forms_a_week: int) -> Year:
    path = folder / "unit.csv"
    write_rows(path, forms_a_week * 52, units=1)
    known = {version.label: version for version in bundled_questionnaires()}
    with path.open("rb") as lines:
        counts = read_counts(lines, known.get)
    path.unlink()
    [version] = counts.versions.values()
    return Year(counts, counts.versions, schemes()[version.structure.scheme])


def _everything(material: Material) -> None:
    """What the week's page computes beside the bulletin."""
    material.weighted()
    material.without_flagged()
    material.at_tablets()
    figures = material.bulletin.figures
    plan = make_plan(material.versions, material.scheme)
    dimension = material.scheme.dimension(DIMENSION)
    found = drivers(plan, dimension, figures, {})
    if isinstance(found, Problem):
        return
    tallied = tally_window(
        read_window(figures[DIMENSION].window), material.weeks, material.versions
    )
    for driver in found[:3]:
        for share in (min((driver.item.value or 0.0) + 10, 100.0), 100.0):
            what_if(tallied, plan, dimension, figures, driver.question, share)


def _stored(path: Path, weeks: Mapping[Week, WeekCounts], versions: Versions) -> str:
    """The address of a database with the weeks as vintages."""
    url = f"sqlite:///{path}"
    upgrade(url)
    database = Database(url)
    with database.writing() as connection:
        seed(connection, utc_now)
        for counts in weeks.values():
            for unit in (UNIT, NEIGHBOUR):
                _store(connection, unit, counts, versions)
    database.dispose()
    return url


def _store(connection: Connection, unit: str, counts: WeekCounts, versions: Versions) -> None:
    psus = [
        StoredPsu(psu.label, (counts.week.monday,), form_count(psu.totals), psu.totals)
        for psu in counts.psus
    ]
    connection.execute(
        insert(schema.vintage).values(
            unit_id=unit,
            week=str(counts.week),
            number=1,
            closed_at=0,
            forms=sum(psu.forms for psu in psus),
            psus=json.dumps([psu_to_json(psu) for psu in psus], separators=(",", ":")),
            figures_from=str(counts.week),
        )
    )
    store_sums(connection, unit, replace(counts, number=1), versions)


def _scores(database: Database, year: Year, unit: str = UNIT) -> None:
    with database.reading() as connection:
        found = replace(
            read_material(connection, unit, year.week, year.scheme, quality_rules()),
            dossiers=year.dossiers,
        )
        year_changes(connection, found)
        _everything(found)


def _in_memory(database: Database, year: Year) -> Mapping[Week, WeekCounts]:
    with database.reading() as connection:
        weeks = week_psus(connection, UNIT, weeks_needed(year.week))
    for counts in weeks.values():
        week_columns(counts, EVERY, year.versions)
        week_thickness(counts, year.versions)
    return weeks


def _figures(weeks: Mapping[Week, WeekCounts], year: Year) -> None:
    make_figures(UNIT, year.week, weeks, year.versions, year.scheme)


def _median(prepare: Callable[[], Made], work: Callable[[Made], None]) -> float:
    return statistics.median(_milliseconds(prepare(), work) for _ in range(_TIMES))


def _milliseconds(made: Made, work: Callable[[Made], None]) -> float:
    gc.collect()
    gc.freeze()  # what is there before, as the server does when it has started
    start = time.process_time()
    work(made)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        raise SystemExit(not measure(Path(temporary)))
