"""Whatever page an official can open says the same of two wards that differ only in what is hidden.

Every address that reads a unit is asked, found in the application itself: a new page is held against the rule by being there.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey_app.cli import main
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.rowfile_cells import PLAIN
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.submission import Submission
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store.dossiers import report
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current, versions
from survey_app.store.rows import closed_weeks, row_file
from survey_app.store.vintages import close_due
from tests.evidence.world import LAST, fill, form, partial
from tests.support.clock import FakeClock
from tests.support.people import DUONG_HAO, MY_HAO, THUONG_HONG, Door

# Audiences that read figures of a unit; the evidence page is outside the gate, for named reviewers (docs/disclosure).
AUDIENCES = ("office.", "public.")
VALUES = {"unit_id": "", "week_text": str(LAST)}
THIN = {DUONG_HAO: "Phường Đường Hào", THUONG_HONG: "Phường Thượng Hồng"}
PARTS_OF_A_YEAR = (
    "Biểu đồ bằng số",
    "Tuần 47/2025",
    "Các nhóm câu hỏi luân phiên từ đầu quý",
    "nhiều nhất là ở Quầy 2",
    "Có trọng số",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]


@pytest.fixture
def thin_wards(database: Database, clock: FakeClock) -> None:
    """A busy ward to be compared with; of the others one has seven forms a week and one twelve, other people's."""
    fill(database, clock, {MY_HAO: 30, DUONG_HAO: 1, THUONG_HONG: 2}, weeks=2)


@pytest.fixture
def few_phones_and_partial_forms(database: Database, clock: FakeClock) -> None:
    """Two wards with the same sixty forms a week; at one a form came by phone and a visit broke off, at the other nine."""
    with database.reading() as connection:
        questionnaire = current(connection)
    intake = Intake(database, clock)
    for unit, few in {DUONG_HAO: 1, THUONG_HONG: 9}.items():
        chance = random.Random(7)
        for number in range(120):
            day = LAST.monday + timedelta(days=number % 5 - 7 * (number // 60))
            is_phone = number % 60 < few
            phone = {"counter": f"{unit[:5]}-online", "channel": "code"} if is_phone else {}
            intake.submit_many([form(questionnaire, unit, day, chance, **phone)])
        broken = random.Random(8)
        intake.submit_many([partial(questionnaire, unit, LAST.monday, broken) for _ in range(few)])
    close_due(database, clock())
    intake.close()


@pytest.fixture
def a_year(database: Database, clock: FakeClock) -> None:
    """Twenty-six weeks and the block a year ago, with dossiers: charts, counters, weights, a year's change, rotating sets.

    The wards differ in the counter of the few about land, in the last week also in who broke off or, naming no matter, came by
    phone. (Another counter's own forms would be another counter: its share is told, and is to differ.)
    """
    with database.reading() as connection:
        questionnaire = current(connection)
    mondays = [LAST.monday - timedelta(weeks=back) for back in (*range(26), *range(52, 56))]
    intake = Intake(database, clock)
    for unit, few in {DUONG_HAO: 1, THUONG_HONG: 9}.items():
        chance, broken = random.Random(7), random.Random(8)
        for monday in sorted(mondays):
            week = [
                a_visit(questionnaire, unit, monday, number, few, chance) for number in range(80)
            ]
            intake.submit_many(week)
        intake.submit_many([partial(questionnaire, unit, LAST.monday, broken) for _ in range(few)])
    told = Dossiers({"cert": 300, "construction": 0, "land": 40, "other": 200}, 540)
    with database.writing() as connection:
        for unit, monday in product(THIN, mondays):
            report(connection, unit, Week.of(monday), told, clock())
    close_due(database, clock())
    intake.close()


def a_visit(
    questionnaire: Questionnaire,
    unit: str,
    monday: date,
    number: int,
    few: int,
    chance: random.Random,
) -> Submission:
    """The form with this number in its week: two about land, twelve about nothing named; the second counter is impolite."""
    matters = ["land"] * 2 + ["refused"] * 12 + ["cert"] * 40
    matter = matters[number] if number < len(matters) else "other"
    desk = (few if matter == "land" else number) % 3
    is_phone = monday == LAST.monday and 0 <= number - 2 < few
    name, channel = ("online", "code") if is_phone else (f"q{desk + 1}", "kiosk")
    drawn = form(
        questionnaire,
        unit,
        monday + timedelta(days=number % 5),
        chance,
        counter=f"{unit[:5]}-{name}",
        channel=channel,
    )
    is_impolite = number % 3 == 1 and matter != "land"
    polite = {"staff_courteous": "no"} if is_impolite else {}
    return replace(drawn, answers={**drawn.answers, "procedure": matter, **polite})


def pages_of_a_unit(app: Flask) -> list[Rule]:
    """Addresses that are read and have a unit in them."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(AUDIENCES)
        and "GET" in (rule.methods or ())
        and "unit_id" in rule.arguments
    ]


def nameless(text: str) -> str:
    """A page without what tells one ward from another, or one visit from the next."""
    text = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", text)
    for unit, name in THIN.items():
        text = text.replace(name, "ward").replace(unit[:5], "code")
    return text


def address(app: Flask, rule: Rule, unit: str) -> str:
    wanted = {**VALUES, "unit_id": unit}
    values = {name: wanted[name] for name in rule.arguments}
    return app.url_map.bind("").build(rule.endpoint, values)


@pytest.mark.parametrize(
    ("difference", "parts"),
    [("thin_wards", ()), ("few_phones_and_partial_forms", ()), ("a_year", PARTS_OF_A_YEAR)],
)
def test_every_page_says_the_same_of_wards_that_differ_in_what_is_hidden(
    app: Flask,
    door: Door,
    request: pytest.FixtureRequest,
    difference: str,
    parts: Sequence[str],
) -> None:
    request.getfixturevalue(difference)
    door.enter("leader")
    rules = pages_of_a_unit(app)
    assert {name for rule in rules for name in rule.arguments} <= set(VALUES)
    assert len(rules) >= 5
    for rule in rules:
        one, other = (
            door.page.client.get(address(app, rule, unit), follow_redirects=True) for unit in THIN
        )
        assert (one.status_code, other.status_code) == (200, 200), rule
        assert nameless(one.text) == nameless(other.text), rule
    # Without these parts alike pages would prove little of them.
    page = door.page.client.get(f"/office/{DUONG_HAO}/{LAST}").text
    assert [part for part in parts if part not in page] == []


@pytest.mark.usefixtures("thin_wards")
def test_score_says_the_same_of_them(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.reading() as connection:
        layout = Layout(tuple(versions(connection).values()))
        chosen = {unit: closed_weeks(connection, [unit]) for unit in THIN}
    said = []
    for unit, closed in chosen.items():
        path = tmp_path / "rows.csv"
        path.write_bytes(b"".join(row_file(database, closed, layout, PLAIN, random.Random(1))))
        capsys.readouterr()
        for options in (["--json"], []):
            assert main(["score", str(path), *options]) == 0
            said.append(nameless(capsys.readouterr().out.replace(unit, "ward")))
    assert said[:2] == said[2:]
    assert json.loads(said[0])["units"]
