"""Taking forms in: once, whole, durable before the answer, together where they wait together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import OperationalError

from survey_app.domain.problem import Problem
from survey_app.store import inbox, schema
from survey_app.store import intake as intake_module
from survey_app.store.engine import Database
from survey_app.store.intake import Intake, NotStored, Rejected
from survey_app.store.writer import write_group
from tests.support.clock import FakeClock
from tests.support.forms import MONDAY, OTHER_DESK, WARD, FormMaker


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def number_of(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def submit_together(intake: Intake, forms: list[Any]) -> list[Any]:
    """Submit forms that all wait already when the writer starts."""
    intake._thread = threading.Thread(target=intake._run, daemon=True)
    jobs = intake._enqueue(forms)
    intake._thread.start()
    return [job.done.exception() or job.done.result() for job in jobs]


def test_a_form_is_stored_whole(database: Database, maker: FormMaker, intake: Intake) -> None:
    form = maker.remark("Chị ở quầy hướng dẫn rất rõ.")
    outcome = intake.submit(form)
    assert (outcome.kind, outcome.content_hash, outcome.day) == ("new", form.content_hash, MONDAY)
    (row,) = rows(database, schema.response)
    assert (row.unit_id, row.id, row.week) == (WARD, form.id, "2026-W48")
    assert row.answers == (
        '{"age":"under_35","channels_seen":["web","sign"],"courteous":"yes","procedure":"cert","visits":2}'
    )
    assert row.first_vintage is None
    (remark,) = rows(database, schema.comment)
    assert (remark.response_id, remark.remark) == (form.id, "Chị ở quầy hướng dẫn rất rõ.")


@pytest.mark.chaos(1, 2)
def test_fifty_identical_forms_at_once_are_one_row(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.remark("một lần")
    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(lambda _: intake.submit(form), range(50)))
    assert sorted(outcome.kind for outcome in outcomes) == ["known"] * 49 + ["new"]
    assert {outcome.content_hash for outcome in outcomes} == {form.content_hash}
    assert number_of(database, schema.response) == 1
    assert number_of(database, schema.comment) == 1
    assert rows(database, schema.counter_day)[0].revision == 1


@pytest.mark.chaos(2)
def test_two_processes_that_send_the_same_form_make_one_row(
    database: Database, maker: FormMaker, clock: FakeClock
) -> None:
    form = maker.form()
    intakes = [Intake(database, clock) for _ in range(4)]
    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(lambda n: intakes[n % 4].submit(form), range(40)))
    for opened in intakes:
        opened.close()
    assert [outcome.kind for outcome in outcomes].count("new") == 1
    assert number_of(database, schema.response) == 1


@pytest.mark.chaos(3)
def test_another_form_with_the_same_id_is_kept_beside(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.form()
    other = maker.altered(form)
    assert intake.submit(form).kind == "new"
    for _ in range(2):
        outcome = intake.submit(other)
        assert (outcome.kind, outcome.content_hash) == ("conflict", form.content_hash)
    assert rows(database, schema.response)[0].content_hash == form.content_hash
    (kept,) = rows(database, schema.inbox)
    assert (kept.kind, kept.id, bytes(kept.body)) == ("conflict", form.id, other.body)
    assert kept.day == "2026-11-23"


@pytest.mark.chaos(3)
def test_a_conflict_within_one_group_keeps_both(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.form()
    outcomes = intake.submit_many([form, maker.altered(form), form])
    kinds = [outcome.kind for outcome in outcomes if not isinstance(outcome, NotStored)]
    assert kinds == ["new", "conflict", "known"]
    assert number_of(database, schema.inbox) == 1


def test_a_replay_on_another_day_keeps_the_first_day(maker: FormMaker, intake: Intake) -> None:
    form = maker.form()
    intake.submit(form)
    later = replace(form, day=MONDAY.replace(day=24))
    outcome = intake.submit(later)
    assert (outcome.kind, outcome.day) == ("known", MONDAY)


def test_each_new_form_raises_its_counter_day(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    intake.submit_many([maker.form(), maker.form(), maker.form(counter=OTHER_DESK)])
    revisions = {row.counter_id: row.revision for row in rows(database, schema.counter_day)}
    assert revisions == {"12103-q1": 2, OTHER_DESK: 1}


def test_forms_that_wait_together_share_a_commit(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    commits: list[Connection] = []
    database.on_commit(commits.append)
    outcomes = submit_together(intake, [maker.form() for _ in range(30)])
    assert [outcome.kind for outcome in outcomes] == ["new"] * 30
    assert len(commits) == 1
    assert number_of(database, schema.response) == 30


def test_a_commit_takes_at_most_sixty_four(
    database: Database, maker: FormMaker, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def watched(connection: Connection, submissions: Any, today: Any) -> Any:
        sizes.append(len(submissions))
        return write_group(connection, submissions, today)

    monkeypatch.setattr(intake_module, "write_group", watched)
    intake.submit_many([maker.form() for _ in range(150)])
    assert max(sizes) <= 64
    assert sum(sizes) == 150
    assert number_of(database, schema.response) == 150


@pytest.mark.chaos(8, 20)
def test_one_bad_form_does_not_hold_up_the_others(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    # No such version: the foreign key refuses it, and with it the whole group at first.
    bad = replace(maker.form(), questionnaire="0" * 64)
    good = [maker.form() for _ in range(5)]
    outcomes = submit_together(intake, [good[0], good[1], bad, *good[2:]])
    assert isinstance(outcomes[2], NotStored)
    assert [o.kind for o in outcomes if not isinstance(o, NotStored)] == ["new"] * 5
    assert {row.id for row in rows(database, schema.response)} == {form.id for form in good}
    assert rows(database, schema.counter_day)[0].revision == 5


@pytest.fixture
def broken_commit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every group fail as a full disk does; call the result to repair it."""

    def full(*_: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(intake_module, "write_group", full)
    return monkeypatch.undo


@pytest.mark.chaos(40)
def test_a_full_disk_refuses_everything_and_recovers(
    database: Database, maker: FormMaker, intake: Intake, broken_commit: Callable[[], None]
) -> None:
    forms = [maker.form() for _ in range(3)]
    outcomes = intake.submit_many(forms)
    assert all(isinstance(outcome, NotStored) for outcome in outcomes)
    with pytest.raises(NotStored):
        intake.submit(forms[0])
    assert number_of(database, schema.response) == 0
    broken_commit()
    again = intake.submit_many(forms)
    assert [o.kind for o in again if not isinstance(o, NotStored)] == ["new"] * 3


@pytest.mark.usefixtures("maker")
def test_a_rejected_body_is_kept_once(database: Database, intake: Intake) -> None:
    body = b'{"id": "\xff\x00'
    for _ in range(2):
        problems = [Problem("request.not_json")]
        intake.reject(Rejected(WARD, "", body, inbox.POISON, problems))
    (kept,) = rows(database, schema.inbox)
    assert (bytes(kept.body), kept.kind) == (body, "poison")
    assert kept.problems == '[{"code": "request.not_json", "where": "", "params": {}}]'


def test_no_thread_before_the_first_form(database: Database, clock: FakeClock) -> None:
    opened = Intake(database, clock)
    assert opened._thread is None
    opened.close()


def test_closing_writes_what_waits_and_refuses_what_follows(
    database: Database, maker: FormMaker, clock: FakeClock
) -> None:
    opened = Intake(database, clock)
    form = maker.form()
    assert opened.submit(form).kind == "new"
    opened.close()
    with pytest.raises(NotStored):
        opened.submit(maker.form())
    assert number_of(database, schema.response) == 1
