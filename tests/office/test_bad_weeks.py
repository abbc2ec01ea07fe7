"""Weeks that carry hardly a figure, on the page and in `score`: a reason in Vietnamese, no NaN, no closed interval."""

import json
import random
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from survey_app.cli import main
from survey_app.content import load_scheme
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.routing import Answer
from survey_app.domain.rowfile_cells import PLAIN
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.submission import Submission
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import schema
from survey_app.store.dossiers import report
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current, publish, versions
from survey_app.store.rows import closed_weeks, row_file
from survey_app.store.vintages import close_due
from tests.evidence.world import LAST, form, partial
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import MY_HAO, Door

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
Forms = Callable[[Questionnaire, random.Random], Sequence[Submission]]
Score = Callable[..., tuple[dict[str, Any], str]]
ASKED = (
    "clear_information",
    "fees_posted",
    "staff_competent",
    "staff_courteous",
    "overall_content",
)
DAYS = [LAST.monday + timedelta(days=n) for n in range(5)]


def one_day(version: Questionnaire, chance: random.Random) -> Sequence[Submission]:
    return [form(version, MY_HAO, DAYS[0], chance) for _ in range(60)]


def nobody_finished(version: Questionnaire, chance: random.Random) -> Sequence[Submission]:
    return [partial(version, MY_HAO, day, chance) for day in DAYS for _ in range(12)]


def nobody_knows(version: Questionnaire, chance: random.Random) -> Sequence[Submission]:
    return alike(version, chance, "dont_know")


def all_the_best(version: Questionnaire, chance: random.Random) -> Sequence[Submission]:
    return alike(version, chance, "yes")


def alike(version: Questionnaire, chance: random.Random, said: str) -> Sequence[Submission]:
    """Two hundred forms about every matter whose criteria all got the same answer, and nothing but the core."""
    overall: Answer = "s5" if said == "yes" else said
    only_then = {"returned": "on_time", "collect": "deadline_told"}  # what the other stage is asked
    criteria = [q.id for q in version.questions.values() if q.role == "criterion"]
    kinds: list[dict[str, Answer]] = [
        {"procedure": group, "stage": stage, "satisfaction": overall}
        | {q: said for q in criteria if q != other}
        for group in ("cert", "construction", "land", "other")
        for stage, other in only_then.items()
    ]
    return [
        form(version, MY_HAO, day, chance, answers=kind)
        for day in DAYS
        for kind in kinds
        for _ in range(5)
    ]


@pytest.fixture
def score(database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Score:
    """What `score` says of the ward's row file: the last week as JSON, and the table."""

    def run(*given: str) -> tuple[dict[str, Any], str]:
        with database.reading() as connection:
            known = versions(connection)
            chosen = closed_weeks(connection, [MY_HAO])
        path = tmp_path / "rows.csv"
        layout = Layout(tuple(known.values()))
        path.write_bytes(b"".join(row_file(database, chosen, layout, PLAIN, random.Random(1))))
        options = [*given]
        for number, version in enumerate(known.values()):
            (tmp_path / f"{number}.json").write_bytes(version.canonical)
            options += ["--questionnaire", str(tmp_path / f"{number}.json")]
        said = []
        for more in (["--json"], []):
            capsys.readouterr()
            assert main(["score", str(path), *options, *more]) == 0
            said.append(capsys.readouterr().out)
        made: dict[str, Any] = json.loads(said[0], parse_constant=pytest.fail)
        return made["units"][MY_HAO][str(LAST)], said[1]

    return run


def take_in(database: Database, clock: FakeClock, forms: Forms) -> None:
    with database.reading() as connection:
        version = current(connection)
    intake = Intake(database, clock)
    intake.submit_many(forms(version, random.Random(5)))
    close_due(database, clock())
    intake.close()


def check(figures: dict[str, dict[str, Any]]) -> None:
    for figure in figures.values():
        if figure["value"] is None:
            assert figure["withheld"] is not None, figure
            assert figure["n"] is None, figure
        else:
            assert isfinite(figure["value"]), figure
            assert figure["n"] >= 30, figure
            assert figure["bound"] or figure["low"] < figure["high"], figure


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def cards(page: OpenedPage) -> list[str]:
    """What the page says of each dimension."""
    return [text_of(e) for e in page.document.all("section") if e.get("class") == "card"]


def check_text(text: str) -> None:
    assert not re.search(r"\b(nan|inf|None)\b", text, re.IGNORECASE)
    for low, high in re.findall(r"(\d+,\d+) ?– ?(\d+,\d+)", text):
        assert float(low.replace(",", ".")) < float(high.replace(",", "."))


@pytest.mark.parametrize(
    ("forms", "code", "on_the_page", "in_the_table"),
    [
        (
            one_day,
            "figure.few_days",
            "phiếu tập trung vào quá ít ngày",
            "phiếu đến trong quá ít ngày",
        ),
        (nobody_finished, "figure.few_forms", "chưa đủ 30 phiếu", "chưa đủ 30 phiếu"),
        (nobody_knows, "figure.few_forms", "chưa đủ 30 phiếu", "chưa đủ 30 phiếu"),
    ],
)
def test_a_week_without_figures_says_why(
    door: Door,
    database: Database,
    clock: FakeClock,
    score: Score,
    forms: Forms,
    code: str,
    on_the_page: str,
    in_the_table: str,
) -> None:
    take_in(database, clock, forms)
    week, table = score()
    check(week["figures"])
    assert all(figure["value"] is None for figure in week["figures"].values())
    assert week["figures"]["satisfaction"]["withheld"]["code"] == code
    assert in_the_table in table
    text = words(door.enter("official"))
    check_text(table)
    check_text(text)
    assert f"Chưa công bố tỷ lệ hài lòng: {on_the_page}" in text
    assert "Chưa có điểm ở nội dung nào trong 8 nội dung." in text


def test_answers_that_are_all_alike_still_have_an_interval(
    door: Door, database: Database, clock: FakeClock, score: Score
) -> None:
    take_in(database, clock, all_the_best)
    week, table = score()
    check(week["figures"])
    five, rate = week["figures"]["5"], week["figures"]["satisfaction"]
    assert (five["value"], five["high"], five["n"]) == (10.0, 10.0, 200)
    assert five["low"] < 9.9
    assert (rate["value"], rate["bound"], rate["n"]) == (95.0, "at_least", 200)
    page = door.enter("official")
    check_text(table)
    check_text(words(page))
    assert re.search(r"10,00 \(9,52.10,00\), 200 phiếu", table)
    assert "10,00 Khoảng tin cậy 95%: 9,52–10,00" in cards(page)[4]
    assert "200 phiếu, 5 nhóm ngày" in cards(page)[4]


def test_a_version_that_asks_for_no_indicator(
    door: Door, database: Database, clock: FakeClock, score: Score
) -> None:
    with database.writing() as connection:
        publish(connection, without_indicators(current(connection)), clock())
    take_in(database, clock, all_the_best)
    week, table = score()
    check(week["figures"])
    assert week["figures"]["satisfaction"]["n"] == 200
    assert {week["figures"][key]["withheld"]["code"] for key in "12345678"} == {"figure.not_asked"}
    assert "bộ câu hỏi không hỏi" in table
    text = words(door.enter("official"))
    check_text(text)
    assert "Chưa có điểm ở nội dung nào trong 8 nội dung." in text
    assert text.count("Chưa công bố. Phiếu khảo sát không hỏi nội dung này.") == 8


def without_indicators(version: Questionnaire) -> Questionnaire:
    """The same questions, none of which counts for a score."""
    given = json.loads(version.canonical)
    given["structure"]["id"] = "khong-chi-so"
    for block in given["structure"]["blocks"]:
        for question in block["questions"]:
            question.pop("indicator", None)
    return Questionnaire.from_json(json.dumps(given))


def a_block_without_two_groups(
    version: Questionnaire, chance: random.Random
) -> Sequence[Submission]:
    """Four weeks of four days: eighty forms about certificates, eighty about other matters, none about the rest."""
    kinds: list[dict[str, Answer]] = [
        {"procedure": group, "stage": "ask", "satisfaction": rating, **dict.fromkeys(ASKED, "yes")}
        for group in ("cert", "other")
        for rating in ("s2", "s4", "s4", "s5", "s5")
    ]
    return [
        form(version, MY_HAO, day - timedelta(weeks=back), chance, answers=kind)
        for back in range(4)
        for day in DAYS[:4]
        for kind in kinds
    ]


def test_a_group_with_dossiers_and_no_form_is_not_weighted(
    door: Door, database: Database, clock: FakeClock, score: Score, tmp_path: Path
) -> None:
    take_in(database, clock, a_block_without_two_groups)
    groups = {"cert": 100, "construction": 20, "land": 30, "other": 100}
    weeks = [Week(LAST.year, LAST.number - back) for back in range(4)]
    with database.writing() as connection:
        for week in weeks:
            report(connection, MY_HAO, week, Dossiers(groups, 250), clock())
    lines = [";".join(["Tuần", *groups]), *(f"{week};100;20;30;100" for week in weeks)]
    (tmp_path / "ho-so.csv").write_text("\n".join(lines), encoding="utf-8")
    made, _ = score("--dossiers", f"{MY_HAO}={tmp_path / 'ho-so.csv'}")
    check(made["figures"])
    assert made["figures"]["satisfaction"]["window"] == "2026-Q4-B2"
    assert made["figures"]["satisfaction"]["n"] == 160
    assert made["weighted"]["satisfaction"]["withheld"]["code"] == "weighting.no_forms"
    text = words(door.enter("official"))
    check_text(text)
    assert "Có nhóm thủ tục đã giải quyết hồ sơ nhưng không có phiếu nào đại diện." in text


def test_a_revision_that_empties_a_week_changes_nothing(
    door: Door, database: Database, clock: FakeClock
) -> None:
    take_in(database, clock, all_the_best)
    before = cards(door.enter("official"))
    # The forms are gone, as after a damaged disk, and one more visit to that week was broken off.
    with database.writing() as connection:
        connection.execute(delete(schema.response))
    take_in(database, clock, lambda version, chance: [partial(version, MY_HAO, DAYS[0], chance)])
    clock.set("2027-01-04 06:00")
    made = close_due(database, clock(), scheme=load_scheme())
    [problem] = [one.waits for one in made if one.number > 1]
    assert problem == Problem("revision.emptied", str(LAST), {"before": 200, "after": 0})
    door.enter("official")  # weeks later, logged out long since
    page = door.page.get(f"/office/{MY_HAO}/{LAST}")
    check_text(words(page))
    assert cards(page) == before
