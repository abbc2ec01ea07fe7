"""Weeks close once, stay as they are, and take late forms in numbered revisions only."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from survey_app.content import load_scheme
from survey_app.domain.counting import form_count
from survey_app.domain.problem import Problem
from survey_app.domain.psu import merge_days
from survey_app.domain.weeks import Week
from survey_app.store import frozen, schema, vintages
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import MONDAY, OTHER_DESK, OTHER_WARD, WARD, FormMaker

W48 = Week(2026, 48)
DAY = timedelta(days=1)


def send(intake: Intake, maker: FormMaker, number: int, day: date = MONDAY) -> None:
    intake.submit_many([maker.form(day) for _ in range(number)])


def numbers(database: Database) -> list[tuple[str, int, int]]:
    query = select(schema.vintage.c.week, schema.vintage.c.number, schema.vintage.c.forms)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query.order_by("week", "number"))]


def newest(database: Database, week: Week = W48, as_of: Week | None = None) -> tuple[int, int]:
    """Number and forms of the vintage that figures use."""
    with database.reading() as connection:
        counts = frozen.week_psus(connection, WARD, [week], as_of)[week]
    return counts.number, sum(form_count(psu.totals) for psu in counts.psus)


def test_a_week_closes_on_monday_at_six(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 3)
    clock.set("2026-11-30 05:59:59")
    assert vintages.close_due(database, clock()) == []
    clock.set("2026-11-30 06:00")
    assert vintages.close_due(database, clock()) == [vintages.Closed(WARD, W48, 1, 3)]
    assert newest(database) == (1, 3)
    with database.reading() as connection:
        assert verify(connection) == []


def test_closing_again_changes_nothing(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 12)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    with database.reading() as connection:
        before = connection.execute(select(schema.vintage)).all()
    clock.advance(minutes=5)
    assert vintages.close_due(database, clock()) == []
    with database.reading() as connection:
        assert connection.execute(select(schema.vintage)).all() == before


def test_weeks_without_forms_close_too(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 2)
    clock.set("2026-12-21 06:00")
    vintages.close_due(database, clock())
    assert numbers(database) == [
        ("2026-W48", 1, 2),
        ("2026-W49", 1, 0),
        ("2026-W50", 1, 0),
        ("2026-W51", 1, 0),
    ]
    with database.reading() as connection:
        assert [str(w) for w in vintages.closed_weeks(connection, WARD)][-1] == "2026-W51"
        assert vintages.closed_weeks(connection, OTHER_WARD) == []


@pytest.mark.chaos(28)
def test_a_late_form_waits_for_the_quarters_revision(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 11)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    send(intake, maker, 2, MONDAY + DAY)
    clock.set("2026-12-28 06:00")  # closes 2026-W52; the quarter goes on to W53
    vintages.close_due(database, clock())
    assert newest(database) == (1, 11)
    with database.reading() as connection:
        assert verify(connection) == []
    clock.set("2027-01-04 06:00")
    closed = vintages.close_due(database, clock())
    assert [(c.week, c.number, c.forms) for c in closed] == [(Week(2026, 53), 1, 0), (W48, 2, 13)]
    assert numbers(database)[:2] == [("2026-W48", 1, 11), ("2026-W48", 2, 13)]
    with database.reading() as connection:
        assert verify(connection) == []


def test_catching_up_over_a_quarter_gives_the_same_as_closing_in_time(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 11)
    clock.set("2027-01-18 07:00")
    vintages.close_due(database, clock())
    assert newest(database) == (1, 11)
    assert {number for _, number, _ in numbers(database)} == {1}


def test_a_form_older_than_everything_enters_with_the_revision(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 1)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    send(intake, maker, 1, MONDAY - 7 * DAY)
    clock.set("2027-01-04 06:00")
    vintages.close_due(database, clock(), scheme=load_scheme())
    assert newest(database, Week(2026, 47)) == (1, 1)


def test_sampling_units_hold_ten_forms_and_random_labels(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    for offset, number in enumerate((12, 6, 5, 11, 3)):
        send(intake, maker, number, MONDAY + offset * DAY)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    with database.reading() as connection:
        (vintage,) = frozen.read_vintages(connection, WARD, [str(W48)])
    by_first_day = sorted(vintage.psus, key=lambda psu: psu.days)
    assert [[day.day for day in psu.days] for psu in by_first_day] == [[23], [24, 25], [26, 27]]
    assert [psu.forms for psu in by_first_day] == [12, 11, 14]
    labels = [psu.label for psu in vintage.psus]
    assert labels == sorted(set(labels))
    assert all(len(label) == 8 for label in labels)


def test_sampling_units_stay_when_late_forms_come(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    for offset in (1, 3):
        send(intake, maker, 10, MONDAY + offset * DAY)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    for offset in range(5):  # Monday, Wednesday and Friday are new
        send(intake, maker, 12, MONDAY + offset * DAY)
    clock.set("2027-01-04 06:00")
    vintages.close_due(database, clock())
    with database.reading() as connection:
        first, second = frozen.read_vintages(connection, WARD, [str(W48)])
        assert verify(connection) == []
    days = [{psu.label: [day.day for day in psu.days] for psu in v.psus} for v in (first, second)]
    early, late = sorted(days[0], key=lambda label: days[0][label])
    assert days == [{early: [24], late: [26]}, {early: [23, 24, 25], late: [26, 27]}]


@pytest.fixture
def revised_with(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> Callable[[int], vintages.Closed]:
    """Closes a week of forty forms, then its quarter with so many late ones; gives the revision."""

    def revise(late: int) -> vintages.Closed:
        send(intake, maker, 40)
        clock.set("2026-11-30 06:00")
        vintages.close_due(database, clock())
        send(intake, maker, late, MONDAY + DAY)
        clock.set("2027-01-04 06:00")
        return vintages.close_due(database, clock(), scheme=load_scheme())[-1]

    return revise


def test_a_few_late_forms_stay_out_of_the_figures(
    database: Database, revised_with: Callable[[int], vintages.Closed]
) -> None:
    waits = Problem("revision.few_late", str(W48), {"needed": 30})
    assert revised_with(2) == vintages.Closed(WARD, W48, 2, 42, waits)
    assert newest(database) == (1, 40)


def test_many_late_forms_enter_the_figures_and_the_first_vintage_can_be_read_again(
    database: Database, revised_with: Callable[[int], vintages.Closed]
) -> None:
    assert revised_with(30) == vintages.Closed(WARD, W48, 2, 70)
    assert newest(database) == (2, 70)
    assert newest(database, as_of=W48) == newest(database, as_of=Week(2026, 52)) == (1, 40)
    assert newest(database, as_of=Week(2026, 53)) == (2, 70)
    with database.reading() as connection:
        assert frozen.week_psus(connection, WARD, [W48], W48.previous()) == {}
        numbered = frozen.numbers_in_figures(connection, WARD, [W48], Week(2026, 52))
    assert numbered == {W48: 1}


@pytest.mark.chaos(38)
def test_partial_forms_do_not_make_a_sampling_unit_larger(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 9)
    intake.submit_many([maker.partial() for _ in range(9)])
    send(intake, maker, 10, MONDAY + DAY)
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    with database.reading() as connection:
        (vintage,) = frozen.read_vintages(connection, WARD, [str(W48)])
    assert [len(psu.days) for psu in vintage.psus] == [2]
    assert vintage.forms == 28


def test_forms_of_all_counters_come_together(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    intake.submit_many([maker.form(), maker.form(counter=OTHER_DESK)])
    with database.reading() as connection:
        assert vintages.forms_this_week(connection, WARD, W48) == 2
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    assert newest(database) == (1, 2)


def test_two_who_close_at_once_make_one_vintage(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    send(intake, maker, 3)
    clock.set("2026-11-30 06:00")
    with database.writing() as connection:
        # The other closed between our look and our transaction.
        assert vintages._close(connection, WARD, W48, clock())
        assert vintages._close(connection, WARD, W48, clock()) == []


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.chaos(44)
def test_closing_takes_the_order_of_arrival_out_of_postgresql(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    for number in range(30):
        intake.submit(maker.remark(f"ý kiến {number}"))
    clock.set("2026-11-30 06:00")
    vintages.close_due(database, clock())
    with database.reading() as connection:
        for table, key in (("response", "id"), ("comment", "response_id")):
            statement = f"SELECT {key}, xmin::text FROM {table} ORDER BY ctid"
            rows = connection.exec_driver_sql(statement).all()
            assert [row[0] for row in rows] == sorted(row[0] for row in rows)
            assert len({row[1] for row in rows}) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.chaos(44)
def test_closing_empties_the_write_ahead_log(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock, database_url: str
) -> None:
    send(intake, maker, 3)
    clock.set("2026-11-30 06:00")
    log = Path(database_url.removeprefix("sqlite:///") + "-wal")
    assert log.stat().st_size > 0
    vintages.close_due(database, clock())
    assert log.stat().st_size == 0


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_could_not_be_laid_down_anew_is_tried_again(
    database: Database,
    maker: FormMaker,
    intake: Intake,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[Database] = []

    def noted(self: Database) -> None:
        tries.append(self)

    def full(self: Database) -> None:
        noted(self)
        raise OperationalError("VACUUM", {}, Exception("database or disk is full"))

    send(intake, maker, 3)
    clock.set("2026-11-30 06:00")
    with monkeypatch.context() as patched:
        patched.setattr(Database, "rewrite", full)
        for _ in range(2):
            with pytest.raises(OperationalError):
                vintages.close_due(database, clock())
    assert len(tries) == 2
    monkeypatch.setattr(Database, "rewrite", noted)
    for _ in range(2):  # it is done once, and nothing is left to close
        assert vintages.close_due(database, clock()) == []
    assert len(tries) == 3


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([3], [1]),
        ([10, 10], [1, 1]),
        ([4, 4], [2]),
        ([10, 9], [2]),
        ([9, 1, 0, 12, 5], [2, 3]),
        ([0, 0, 30], [3]),
    ],
)
def test_days_are_merged_in_order(counts: list[int], expected: list[int]) -> None:
    days = {MONDAY + number * DAY: count for number, count in enumerate(counts)}
    merged = merge_days(days)
    assert [len(group) for group in merged] == expected
    assert [day for group in merged for day in group] == sorted(days)


@pytest.mark.usefixtures("maker")
def test_a_vintage_cannot_be_stored_twice(database: Database) -> None:
    row = {"unit_id": WARD, "week": "2026-W48", "number": 1, "closed_at": 1, "forms": 0}
    with database.writing() as connection:
        connection.execute(insert(schema.vintage), {**row, "psus": "[]"})
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(schema.vintage), {**row, "psus": "[]"})
