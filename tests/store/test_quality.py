"""Judging at week close: flags take effect with a vintage, moments are destroyed, nothing is ever removed."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.opening import Span
from survey_app.domain.quality import Flag, Judgement, RuleSet, Sample
from survey_app.domain.submission import Submission
from survey_app.domain.weeks import LOCAL_ZONE, Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import dossiers, frozen, hours, quality, schema, vintages
from survey_app.store.engine import Database
from survey_app.store.forms import read_forms
from survey_app.store.intake import Intake
from survey_app.store.rows import ClosedWeek, week_rows
from survey_app.store.verification import verify
from tests.support.clock import FakeClock
from tests.support.forms import DESK, MONDAY, OTHER_DESK, WARD, FormMaker

RULES = quality_rules()
W48 = Week(2026, 48)
CLOSING = "2026-11-30 06:00"


def at(day: date, hour: int, second: int = 0) -> int:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL_ZONE)
    return int(start.timestamp()) + second


def calm(maker: FormMaker, number: int, day: date = MONDAY) -> list[Submission]:
    """Forms ten minutes apart from eight o'clock."""
    return [
        replace(maker.form(day, active_seconds=70), arrived_at=at(day, 8, 600 * n))
        for n in range(number)
    ]


def sitting(maker: FormMaker, number: int, day: date = MONDAY) -> list[Submission]:
    """Forms forty seconds apart at ten o'clock."""
    return [
        replace(maker.form(day, active_seconds=37), arrived_at=at(day, 10, 40 * n))
        for n in range(number)
    ]


def store(intake: Intake, forms: Sequence[Submission]) -> None:
    intake.submit_many(forms)


def close(database: Database, clock: FakeClock, moment: str = CLOSING) -> list[vintages.Closed]:
    clock.set(moment)
    return vintages.close_due(database, clock(), RULES, load_scheme())


def flagged(database: Database, week: Week = W48) -> dict[str, set[str]]:
    with database.reading() as connection:
        found = quality.flags_of_week(connection, WARD, str(week))
    return {form: {flag.rule for flag in flags} for form, flags in found.items()}


def totals(database: Database, week: Week = W48) -> dict[bool, int]:
    """Forms of the newest vintage by whether they are flagged."""
    with database.reading() as connection:
        counts = frozen.week_psus(connection, WARD, [week])[week]
    found: dict[bool, int] = {}
    for psu in counts.psus:
        for key, cell in psu.totals.items():
            found[key.flagged] = found.get(key.flagged, 0) + cell.forms
    return found


def moments(database: Database) -> int:
    with database.reading() as connection:
        query = select(func.count()).select_from(schema.response_timing)
        return connection.execute(query).scalar_one()


def test_a_burst_is_flagged_and_nothing_is_removed(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    forged = sitting(maker, 6)
    store(intake, [*calm(maker, 8), *forged])
    close(database, clock)
    assert flagged(database) == {form.id: {"burst"} for form in forged}
    assert totals(database) == {False: 8, True: 6}
    with database.reading() as connection:
        assert verify(connection) == []
        found = quality.findings(connection, WARD, [str(W48)])
        assert [(week, finding.rule) for week, finding in found] == [(str(W48), "burst")]


@pytest.mark.chaos(44)
def test_moments_are_destroyed_when_the_week_closes(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    following = MONDAY + timedelta(days=7)
    store(intake, [*calm(maker, 3), *calm(maker, 2, following)])
    assert moments(database) == 5
    close(database, clock)
    assert moments(database) == 2
    # One that comes late brings its moment, and loses it at the next closing.
    store(intake, calm(maker, 1))
    close(database, clock, "2026-12-07 06:00")
    assert moments(database) == 0


@pytest.mark.chaos(44)
def test_moments_are_destroyed_without_rules_too(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    store(intake, sitting(maker, 6))
    clock.set(CLOSING)
    vintages.close_due(database, clock())
    assert moments(database) == 0
    assert flagged(database) == {}


def test_a_form_that_is_known_already_gets_no_second_moment(
    database: Database, maker: FormMaker, intake: Intake
) -> None:
    form = maker.form()
    assert [intake.submit(form).kind, intake.submit(form).kind] == ["new", "known"]
    assert moments(database) == 1


def test_what_is_kept_holds_no_moment(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    store(intake, sitting(maker, 6))
    close(database, clock)
    with database.reading() as connection:
        kept = [
            str(tuple(row))
            for table in (schema.flag, schema.finding)
            for row in connection.execute(select(table))
        ]
    assert kept
    assert not any(str(at(MONDAY, 10, 40 * n)) in row for n in range(6) for row in kept)


def test_forms_that_waited_for_the_network_are_no_burst(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    tuesday = MONDAY + timedelta(days=1)
    backlog = [
        replace(maker.form(MONDAY, active_seconds=37), arrived_at=at(tuesday, 3, 40 * n))
        for n in range(8)
    ]
    store(intake, backlog)
    close(database, clock)
    assert flagged(database) == {}


def test_rows_and_forms_know_their_flags(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    store(intake, [*calm(maker, 8), *sitting(maker, 6)])
    close(database, clock)
    with database.reading() as connection:
        rows = week_rows(connection, ClosedWeek(WARD, W48, 1, 14))
        forms = list(read_forms(connection, schema.response.c.unit_id == WARD))
    assert sum(row.flagged for row in rows) == 6
    assert sum(form.counted.flagged for form in forms) == 6
    assert not any(form.as_of(0).counted.flagged for form in forms)


def test_a_pattern_found_at_the_quarters_end_revises_earlier_weeks(
    database: Database,
    maker: FormMaker,
    intake: Intake,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forms = calm(maker, 12)

    def judge(sample: Sample, rules: RuleSet) -> Judgement:
        found = sample.forms if sample.is_quarter_end else ()
        flags = tuple(Flag(form.id, "pattern", rules.version) for form in found)
        return Judgement(flags[:5], ())

    monkeypatch.setattr(quality, "judge", judge)
    store(intake, forms)
    close(database, clock)
    closed = close(database, clock, "2027-01-04 06:00")
    assert [(one.week, one.number) for one in closed][-1] == (W48, 2)
    assert totals(database) == {False: 7, True: 5}
    with database.reading() as connection:
        # The first vintage stays what it was.
        first = week_rows(connection, ClosedWeek(WARD, W48, 1, 12))
        assert sum(row.flagged for row in first) == 0
        assert verify(connection) == []


def test_a_late_form_is_judged_when_it_enters_its_revision(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    store(intake, calm(maker, 11))
    close(database, clock)
    late = replace(maker.form(active_seconds=1), arrived_at=None)
    store(intake, [late])
    close(database, clock, "2027-01-04 06:00")
    assert flagged(database) == {late.id: {"speed"}}
    assert totals(database) == {False: 11, True: 1}
    with database.reading() as connection:
        assert verify(connection) == []


def test_the_version_of_the_rules_is_frozen_with_the_week(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    store(intake, calm(maker, 3))
    close(database, clock)
    clock.set("2026-12-07 06:00")
    stricter = RULES.model_copy(update={"version": "quality-9"})
    vintages.close_due(database, clock(), stricter)
    with database.reading() as connection:
        weeks = [str(W48), str(W48.next())]
        assert quality.rule_versions(connection, WARD, weeks) == {
            str(W48): RULES.version,
            str(W48.next()): "quality-9",
        }


def test_a_counter_is_judged_by_its_own_hours(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    saturday = MONDAY + timedelta(days=5)
    with database.writing() as connection:
        hours.set_hours(connection, DESK, [Span(6, time(7, 30), time(11, 30))])
    forms = calm(maker, 2, saturday)
    elsewhere = [
        replace(form, id=str(uuid.uuid4()), counter_id=OTHER_DESK)
        for form in calm(maker, 2, saturday)
    ]
    store(intake, [*forms, *elsewhere])
    close(database, clock)
    assert flagged(database) == {form.id: {"out_of_hours"} for form in elsewhere}


def test_more_forms_than_dossiers_is_found_at_the_quarters_end(
    database: Database, maker: FormMaker, intake: Intake, clock: FakeClock
) -> None:
    with database.writing() as connection:
        dossiers.report(connection, WARD, W48, Dossiers({}, 10), clock())
    store(intake, calm(maker, 12))
    close(database, clock, "2027-01-04 06:00")
    with database.reading() as connection:
        found = quality.findings(connection, WARD, [str(Week(2026, 53))])
    assert [(one.place, one.rule, dict(one.params)) for _, one in found] == [
        (WARD, "coverage", {"forms": 12.0, "dossiers": 10.0})
    ]


def test_a_quarters_level_is_compared_with_those_before(
    database: Database,
    maker: FormMaker,
    intake: Intake,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[dict[str, list[float]]] = []

    def judge(sample: Sample, _: RuleSet) -> Judgement:
        seen.append({place: list(levels) for place, levels in sample.past.items()})
        return Judgement((), (), {DESK: 0.75} if sample.is_quarter_end else {})

    monkeypatch.setattr(quality, "judge", judge)
    store(intake, calm(maker, 3))
    close(database, clock, "2027-01-11 06:00")
    assert seen[0] == {}
    assert seen[-1] == {DESK: [0.75]}
