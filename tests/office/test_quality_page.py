"""/office/<unit>/<week>/quality: what was found and where visits broke off; counts of few are never told."""

import json

import pytest
from sqlalchemy import delete, insert

from survey_app.domain.breakoff import BreakOff
from survey_app.office.quality import MEANINGS
from survey_app.store import questionnaires, schema
from survey_app.store.engine import Database
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = f"/office/{MY_HAO}/2026-W47/quality"


def add_finding(database: Database, place: str, rule: str) -> None:
    with database.writing() as connection:
        values = {
            "unit_id": MY_HAO,
            "week": "2026-W47",
            "place": place,
            "rule": rule,
            "rule_version": "quality-1",
            "params": json.dumps({"forms": 7.0}),
        }
        connection.execute(insert(schema.finding).values(values))


def set_break_offs(database: Database, ends: dict[BreakOff, int]) -> None:
    """These and no others."""
    with database.writing() as connection:
        connection.execute(delete(schema.break_off))
        version = questionnaires.current(connection).hash
        rows = [
            {
                "unit_id": MY_HAO,
                "counter_id": "12103-q1",
                "week": "2026-W47",
                "questionnaire": version,
                "module": end.module,
                "question": end.question,
                "starts": starts,
            }
            for end, starts in ends.items()
        ]
        connection.execute(insert(schema.break_off), rows)


def words(door: Door) -> str:
    door.enter("official")
    return text_of(door.page.get(PAGE).document.all("main")[0])


@pytest.mark.usefixtures("two_weeks")
def test_a_quiet_week_says_so_and_by_which_rules_it_was_judged(door: Door) -> None:
    text = words(door)
    assert "Không có điều gì được nêu." in text
    assert "Có quá ít lượt bỏ dở để nói dừng ở câu nào." in text


@pytest.mark.usefixtures("two_weeks")
def test_findings_name_counter_rule_and_meaning_and_no_number(
    door: Door, database: Database
) -> None:
    add_finding(database, "12103-q2", "burst")
    add_finding(database, MY_HAO, "coverage")
    text = words(door)
    assert "Quầy 2" in text
    assert "burst" in text
    assert "Nhiều phiếu nối liền nhau" in text
    assert "Cả đơn vị" in text
    assert "Quý IV/2026" in text
    assert "không phải bằng chứng" in text
    assert "7" not in text.replace("47", "").replace("2017", "")


@pytest.mark.usefixtures("two_weeks")
def test_break_offs_of_few_visits_are_not_told(door: Door, database: Database) -> None:
    # Nine visits at the second question: told with others or not at all.
    first, second = BreakOff(0, "staff_courteous"), BreakOff(1, "extra_payment")
    set_break_offs(database, {first: 40, second: 9})
    text = words(door)
    assert "Cán bộ có lịch sự với Ông/Bà không?" not in text
    assert "đưa thêm tiền" not in text


@pytest.mark.usefixtures("two_weeks")
def test_break_offs_by_question_in_whole_percent(door: Door, database: Database) -> None:
    first, second = BreakOff(0, "staff_courteous"), BreakOff(1, "extra_payment")
    set_break_offs(database, {first: 30, second: 10})
    text = words(door)
    assert "Cán bộ có lịch sự với Ông/Bà không? 75%" in text
    assert "25%" in text


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize("rule", sorted(MEANINGS))
def test_every_rule_has_words(door: Door, database: Database, rule: str) -> None:
    add_finding(database, "12103-q1", rule)
    assert str(rule) in words(door)


@pytest.mark.usefixtures("two_weeks")
def test_only_the_units_own_people_read_it(door: Door) -> None:
    door.enter("neighbour")
    door.page.get(PAGE, status=403)
    door.page.get(f"/office/{DUONG_HAO}/2026-W47/quality")
