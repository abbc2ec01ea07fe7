"""The promise to reviewers: the row file alone gives the page's figures, and nothing that points at a person."""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from survey_app.cli import main
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.material import Material
from survey_app.domain.rowfile_cells import EXCEL, PLAIN, Dialect
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers, declared_groups
from survey_app.store import schema
from survey_app.store.dossiers import report
from survey_app.store.engine import Database
from survey_app.store.frozen import read_vintages
from survey_app.store.intake import Intake
from survey_app.store.materials import read_material
from survey_app.store.questionnaires import current, versions
from survey_app.store.rows import closed_weeks, row_file, week_rows
from survey_app.store.vintages import Closed, close_due
from tests.evidence.world import DUONG_HAO, LAST, MY_HAO, REMARK, THUONG_HONG, fill, form
from tests.support.clock import FakeClock

UNITS = (DUONG_HAO, MY_HAO, THUONG_HONG)
DAILY = {MY_HAO: 30, DUONG_HAO: 8, THUONG_HONG: 1}
WEEKS = 4
Score = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.slow


@pytest.fixture
def world(seeded_database_url: str, clock: FakeClock) -> Iterator[Database]:
    """Four closed weeks: a busy ward, a middling one, and one with hardly anybody."""
    database = Database(seeded_database_url)
    fill(database, clock, DAILY, weeks=WEEKS)
    yield database
    database.dispose()


def export(database: Database, units: Sequence[str], dialect: Dialect = PLAIN) -> bytes:
    with database.reading() as connection:
        chosen = closed_weeks(connection, units)
        layout = Layout(tuple(versions(connection).values()))
    return b"".join(row_file(database, chosen, layout, dialect, random.SystemRandom()))


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def pages(database: Database, unit: str, as_of: Week | None = None) -> dict[str, Material]:
    """The weeks as the page shows them, from stored vintages."""
    with database.reading() as connection:
        closed = sorted({closed.week for closed in closed_weeks(connection, UNITS)})
        weeks = [week for week in closed if as_of is None or week <= as_of]
        args = load_scheme(), quality_rules(), as_of
        return {str(week): read_material(connection, unit, week, *args) for week in weeks}


def plain(materials: Mapping[str, Material]) -> Any:
    """What `score --json` would print of them."""
    return json.loads(json.dumps({week: found.as_json() for week, found in materials.items()}))


@pytest.fixture
def score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Score:
    """`survey-app score --json` on some bytes, with no settings at all."""

    def run(data: bytes, *options: str) -> dict[str, Any]:
        path = tmp_path / "rows.csv"
        path.write_bytes(data)
        capsys.readouterr()
        assert main(["score", str(path), "--json", *options]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return run


def test_score_equals_the_page(world: Database, score: Score) -> None:
    scored = score(export(world, UNITS, EXCEL))
    assert scored == score(export(world, UNITS, PLAIN))
    for unit in UNITS:
        assert scored["units"][unit] == plain(pages(world, unit))
    reasons = {
        (figure["withheld"] or {}).get("code")
        for weeks in scored["units"].values()
        for bulletin in weeks.values()
        for figure in bulletin["figures"].values()
    }
    # Shown, hidden and refused figures all occur, or this test would prove little.
    assert {None, "figure.few_forms", "figure.partial_total"} <= reasons


def test_weighted_figures_come_from_the_table_that_was_entered(
    world: Database, clock: FakeClock, score: Score, tmp_path: Path
) -> None:
    weeks = [Week(LAST.year, LAST.number - back) for back in reversed(range(WEEKS))]
    with world.reading() as connection:
        groups = declared_groups(versions(connection))
    of_group = {group: 40 + 20 * place for place, group in enumerate(groups)}
    with world.writing() as connection:
        for week in weeks:
            told = Dossiers(of_group, sum(of_group.values()))
            report(connection, MY_HAO, week, told, clock())
    lines_of = [
        ";".join(["Tuần", *groups]),
        *(";".join([str(w), *map(str, of_group.values())]) for w in weeks),
    ]
    table = tmp_path / "ho-so.csv"
    table.write_text("\n".join(lines_of), encoding="utf-8")
    scored = score(export(world, UNITS), "--dossiers", f"12103={table}")["units"]
    assert scored[MY_HAO] == plain(pages(world, MY_HAO))
    assert scored[DUONG_HAO] == plain(pages(world, DUONG_HAO))
    weighted = scored[MY_HAO][str(LAST)]["weighted"]
    assert any(figure.get("value") for figure in weighted.values())


def test_one_unit_alone_scores_as_among_others(world: Database, score: Score) -> None:
    alone = score(export(world, [MY_HAO]))["units"]
    assert alone == {MY_HAO: score(export(world, UNITS))["units"][MY_HAO]}


@pytest.mark.chaos(36)
def test_the_file_holds_every_form_of_the_vintages(world: Database) -> None:
    found = lines(export(world, UNITS))
    expected = WEEKS * sum(5 * number + 3 for number in DAILY.values())
    assert len(found) == expected
    assert [line["week"] for line in found] == sorted(line["week"] for line in found)
    assert sum(line["status"] == "partial" for line in found) == WEEKS * len(UNITS)
    assert sum(line["channel"] == "code" for line in found) == WEEKS * len(UNITS)


def test_nothing_points_at_a_person(world: Database) -> None:
    text = export(world, UNITS).decode()
    with world.reading() as connection:
        stored = connection.execute(select(schema.response)).mappings().all()
        vintages = read_vintages(connection, MY_HAO, [str(LAST)])
    for row in stored:
        for name in ("id", "counter_id", "content_hash", "day"):
            assert row[name] not in text, name
        assert row["id"][:8] not in text
    assert REMARK not in text
    assert not re.search("(?<![0-9a-f])0912", text)  # within a random label it means nothing
    header = text.splitlines()[0].split(",")
    assert not {"id", "counter", "day", "language", "order_seed", "active_seconds"} & set(header)
    assert {f"p{psu.label}" for psu in vintages[-1].psus} == {
        line["psu"]
        for line in lines(text.encode())
        if (line["unit"], line["week"]) == (MY_HAO, str(LAST))
    }


def test_two_exports_have_the_same_rows_in_another_order(world: Database) -> None:
    one, two = (export(world, [MY_HAO]).splitlines() for _ in range(2))
    assert one != two
    assert sorted(one) == sorted(two)


def send_late(database: Database, clock: FakeClock, number: int) -> None:
    """Forms of Mỹ Hào's last week that come after it closed."""
    rng = random.Random(3)
    with database.reading() as connection:
        questionnaire = current(connection)
    intake = Intake(database, clock)
    days = (LAST.monday + timedelta(days=n % 6) for n in range(number))
    intake.submit_many([form(questionnaire, MY_HAO, day, rng) for day in days])
    intake.close()


def close_the_quarter(database: Database, clock: FakeClock) -> Closed:
    """The quarter's last week closes, and with it the revisions; that of Mỹ Hào's last week."""
    clock.set("2027-01-04 06:00")
    closed = close_due(database, clock(), scheme=load_scheme())
    return next(one for one in closed if one.number > 1)


@pytest.mark.chaos(28)
def test_a_late_form_waits_for_its_revision(
    world: Database, clock: FakeClock, score: Score
) -> None:
    before = score(export(world, UNITS))
    send_late(world, clock, 12)
    assert score(export(world, UNITS)) == before
    with world.reading() as connection:
        [chosen] = [c for c in closed_weeks(connection, [MY_HAO]) if c.week == LAST]
    made = close_the_quarter(world, clock)
    with world.reading() as connection:
        [revised] = [c for c in closed_weeks(connection, [MY_HAO]) if c.week == LAST]
        assert (chosen.number, revised.number) == (1, 2)
        assert len(week_rows(connection, revised)) == chosen.forms + 12 == revised.forms
        # A download that began before the revision ends as it began.
        assert len(week_rows(connection, chosen)) == chosen.forms
    # Twelve are too few to be read off two pages: the file has them, the figures do not.
    assert made.waits is not None
    waiting = [line for line in lines(export(world, UNITS)) if not line["first_vintage"]]
    assert len(waiting) == 12
    after = score(export(world, UNITS))["units"][MY_HAO]
    assert after[str(LAST)] == before["units"][MY_HAO][str(LAST)]


@pytest.mark.parametrize("dialect", [EXCEL, PLAIN], ids=["excel", "plain"])
def test_every_bulletin_can_be_scored_as_of_its_vintage(
    world: Database, clock: FakeClock, score: Score, dialect: Dialect
) -> None:
    first = {unit: pages(world, unit) for unit in UNITS}
    send_late(world, clock, 600)
    assert close_the_quarter(world, clock).waits is None
    file = export(world, UNITS, dialect)
    as_of = score(file, "--as-of", str(LAST))
    revised = score(file)
    assert (as_of["as_of"], revised["as_of"]) == (str(LAST), None)
    for unit in UNITS:
        assert as_of["units"][unit] == plain(first[unit])
        shown = plain(pages(world, unit))
        # The quarter's last weeks came without a form, so no line of the file names them.
        assert revised["units"][unit] == {week: shown[week] for week in revised["units"][unit]}
        assert plain(pages(world, unit, as_of=LAST)) == plain(first[unit])
    changed, kept = revised["units"][MY_HAO][str(LAST)], as_of["units"][MY_HAO][str(LAST)]
    assert changed["figures"]["satisfaction"]["n"] > kept["figures"]["satisfaction"]["n"]
    assert changed["figures"]["5"] != kept["figures"]["5"]


@pytest.mark.chaos(35)
def test_weeks_are_read_one_at_a_time(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Week] = []

    def noted(connection: Any, closed: Any) -> Any:
        read.append(closed.week)
        return week_rows(connection, closed)

    monkeypatch.setattr("survey_app.store.rows.week_rows", noted)
    with world.reading() as connection:
        chosen = closed_weeks(connection, [THUONG_HONG])
        layout = Layout(tuple(versions(connection).values()))
    chunks = row_file(world, chosen, layout, PLAIN, random.Random(1))
    assert next(chunks).startswith(b"questionnaire,")
    assert read == []
    assert len(list(chunks)) >= 1
    assert read == [closed.week for closed in chosen]
