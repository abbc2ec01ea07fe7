"""Sums are kept with each vintage, give the figures its counts give, and can be made again at any time."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, delete, select, update

from survey_app.content import load_scheme
from survey_app.domain.psu import WeekCounts
from survey_app.domain.publication import make_bulletin
from survey_app.domain.sums import FORMAT, keep_numbers, keep_parts
from survey_app.domain.weeks import Week
from survey_app.store import frozen, questionnaires, schema, vintages
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import WARD, FormMaker

W48 = Week(2026, 48)


@pytest.fixture
def closed(database: Database, maker: FormMaker, intake: Intake, clock: FakeClock) -> Database:
    """A closed week of forty forms and a partial one."""
    intake.submit_many([*(maker.form() for _ in range(40)), maker.partial()])
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    return database


@pytest.fixture
def read(database_url: str) -> Iterator[Callable[[], WeekCounts]]:
    """Reads the week as a server does that has just started."""
    opened: list[Database] = []

    def read_anew() -> WeekCounts:
        opened.append(Database(database_url))
        with opened[-1].reading() as connection:
            return frozen.week_psus(connection, WARD, [W48])[W48]

    yield read_anew
    for database in opened:
        database.dispose()


def figures(database: Database, counts: WeekCounts) -> object:
    with database.reading() as connection:
        known = questionnaires.versions(connection)
    return make_bulletin(WARD, W48, {W48: counts}, known, load_scheme()).as_json()


def without_sums(connection: Connection) -> None:
    connection.execute(delete(schema.vintage_sum))


def of_another_form(connection: Connection) -> None:
    connection.execute(
        update(schema.vintage_sum).values(format=FORMAT + 1, numbers="other", parts=b"")
    )


def kept(database: Database) -> list[tuple[str, int, int]]:
    own = schema.vintage_sum.c
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(own.week, own.number, own.format))]


def test_a_page_reads_the_sums_and_finds_the_counts_behind_them(
    closed: Database, read: Callable[[], WeekCounts]
) -> None:
    by_sums = read()
    assert by_sums.kept is not None
    with closed.reading() as connection:
        [vintage] = frozen.read_vintages(connection, WARD, [str(W48)])
        known = questionnaires.versions(connection)
    assert by_sums.kept.numbers == keep_numbers(vintage.counts, known)
    assert dict(by_sums.kept.parts()) == keep_parts(vintage.counts, known)
    assert figures(closed, by_sums) == figures(closed, vintage.counts)
    assert tuple(by_sums.psus) == tuple(vintage.counts.psus)


@pytest.mark.parametrize("spoil", [without_sums, of_another_form])
def test_an_older_vintage_gives_the_same_figures_and_gets_its_sums(
    closed: Database,
    clock: FakeClock,
    read: Callable[[], WeekCounts],
    spoil: Callable[[Connection], None],
) -> None:
    before = figures(closed, read())
    with closed.writing() as connection:
        spoil(connection)
    assert read().kept is None
    assert figures(closed, read()) == before
    with closed.reading() as connection:
        assert verify(connection) == []
    vintages.close_due(closed, clock())  # no week is due
    assert kept(closed) == [(str(W48), 1, FORMAT)]
    assert figures(closed, read()) == before


@pytest.mark.parametrize("column", ["numbers", "parts"])
def test_wrong_sums_are_mended_by_rebuilding(closed: Database, column: str) -> None:
    own = schema.vintage_sum.c
    with closed.writing() as connection:
        kept = connection.scalars(select(own[column])).one()
        connection.execute(update(schema.vintage_sum).values({column: kept[:-1] + kept[:1]}))
    with closed.reading() as connection:
        assert [finding.code for finding in verify(connection)] == ["verify.sums_differ"]
    with closed.writing() as connection:
        assert frozen.sum_all(connection) == 1
    with closed.reading() as connection:
        assert verify(connection) == []
