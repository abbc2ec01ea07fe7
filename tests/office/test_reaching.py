"""What would help: a weak counter against the best comparable one, on the week's page and nowhere thin."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from survey_app.domain.simulation import draw_citizen
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.frozen import sum_all
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.totals import rebuild
from survey_app.store.vintages import close_due
from tests.evidence.world import LAST, form
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = f"/office/{MY_HAO}/{LAST}"
GOOD = 0.95
LATE = (
    "Kỳ này có phiếu đến muộn hoặc bị gắn cờ về sau; nêu số liệu từng quầy sẽ làm lộ vài phiếu ấy."
)


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def visit(
    database: Database,
    clock: FakeClock,
    counters: Mapping[str, float],
    *,
    weeks: int = 4,
    phones: int = 0,
) -> None:
    """Three forms a counter and working day about certificates; `counters`: chance that staff were courteous.

    `phones`: forms about the same from phones, all on the last Monday.
    """
    rng = random.Random(3)
    with database.reading() as connection:
        questionnaire = current(connection)
    forms = []
    for day in (LAST.monday - timedelta(days=n) for n in range(-4, 7 * (weeks - 1) + 1)):
        for counter, chance in counters.items() if day.weekday() < 5 else ():
            for _ in range(3):
                citizen = draw_citizen(questionnaire, 1.5, rng)
                polite = "yes" if rng.random() < chance else "no"
                answers = {**citizen.answers, "procedure": "cert", "staff_courteous": polite}
                unit = f"{counter[:5]}@2025-07-01"
                forms.append(
                    form(
                        questionnaire,
                        unit,
                        day,
                        rng,
                        id=citizen.id,
                        counter=counter,
                        answers=answers,
                    )
                )
    online = {"counter": f"{MY_HAO[:5]}-online", "channel": "code"}
    for _ in range(phones):
        drawn = form(questionnaire, MY_HAO, LAST.monday, rng, **online)
        forms.append(replace(drawn, answers={**drawn.answers, "procedure": "cert"}))
    intake = Intake(database, clock)
    intake.submit_many(forms)
    intake.close()
    close_due(database, clock())


def six(weak: float) -> dict[str, float]:
    """Three counters here, three at the neighbours; the second here is `weak`."""
    names = [f"{unit[:5]}-q{number}" for unit in (MY_HAO, DUONG_HAO) for number in (1, 2, 3)]
    return {**dict.fromkeys(names, GOOD), "12103-q2": weak}


def test_the_weak_counter_is_told_what_the_best_one_reaches(
    door: Door, database: Database, clock: FakeClock
) -> None:
    visit(database, clock, six(weak=0.3))
    page = door.enter("official")
    text = words(page)
    assert "nếu mọi quầy làm được như quầy tương đương tốt nhất" in text.lower()
    assert "nhiều nhất là ở Quầy 2, nhóm “Chứng thực" in text
    assert "Kỳ tính: Đợt 2 quý IV/2026" in text
    steps = [e for e in page.document.all("ul") if e.get("data-reach") is not None]
    assert len(steps) == 1
    assert "Quầy 2" in text_of(steps[0])
    # Neighbours are examples without a name.
    assert "Đường Hào" not in text_of(steps[0])
    table = next(t for t in page.document.all("table") if "So với số quầy" in text_of(t))
    first = [text_of(cell) for row in table.iter() if row.tag.endswith("tr") for cell in row][7:14]
    assert first[1:3] == ["Quầy 2", "Chứng thực, xác nhận giấy tờ"]
    own, best = (int(cell.removesuffix("%")) for cell in first[3:5])
    assert own < 50 < 80 < best <= 95
    assert first[5] == "5"


@pytest.mark.parametrize(("phones", "is_told"), [(0, True), (20, False), (40, True)])
def test_a_thin_rest_keeps_another_counter_silent(
    door: Door, database: Database, clock: FakeClock, phones: int, *, is_told: bool
) -> None:
    # Less the counters told the unit's figures are those of twenty forms from phones: the last counter is silent too.
    visit(database, clock, {**six(weak=GOOD), "12103-q3": 0.3}, phones=phones)
    text = words(door.enter("official"))
    assert ("nhiều nhất là ở Quầy 3" in text) is is_told
    assert ("Quầy 3, Chứng thực" in text) is is_told


def test_counters_that_differ_by_chance_have_nothing_to_learn(
    door: Door, database: Database, clock: FakeClock
) -> None:
    visit(database, clock, six(weak=GOOD))
    text = words(door.enter("official"))
    assert "Không có quầy nào kém quầy tương đương tốt nhất" in text or "+0,0" in text
    assert "Quầy 2, nhóm" not in text


def test_too_few_counters_or_an_open_block_are_said(
    door: Door, database: Database, clock: FakeClock
) -> None:
    visit(database, clock, {"12103-q1": GOOD, "12103-q2": 0.3, "12133-q1": GOOD})
    text = words(door.enter("official"))
    assert "Chưa tính được cho đợt 2 quý IV/2026. Có chưa đến 3 quầy để so sánh." in text
    earlier = words(door.page.get(f"/office/{MY_HAO}/2026-W45"))
    assert "Chưa tính được cho đợt 1 quý IV/2026." in earlier


def test_a_block_with_many_flagged_forms_tells_nothing(
    door: Door, database: Database, clock: FakeClock
) -> None:
    visit(database, clock, six(weak=0.3))
    with database.writing() as connection:
        vintage = schema.vintage.c
        rows = connection.execute(schema.vintage.select().where(vintage.unit_id == MY_HAO)).all()
        for row in rows:
            doubted = row.psus.replace('"flagged":false', '"flagged":true')
            own = (vintage.unit_id == MY_HAO, vintage.week == row.week)
            connection.execute(update(schema.vintage).where(*own).values(psus=doubted))
        sum_all(connection)
    text = words(door.enter("official"))
    assert "Chưa tính được cho đợt 2 quý IV/2026." in text
    assert "Quầy 2, nhóm" not in text


@pytest.mark.parametrize("figures_from", [None, str(LAST)])
def test_a_revised_week_keeps_the_counters_silent(
    door: Door, database: Database, clock: FakeClock, figures_from: str | None
) -> None:
    # Whether the unit's figures use it or not: a single late form would show in a counter's shares.
    visit(database, clock, six(weak=0.3))
    with database.writing() as connection:
        vintage = schema.vintage.c
        week = (vintage.unit_id == MY_HAO, vintage.week == str(LAST))
        row = connection.execute(schema.vintage.select().where(*week)).mappings().one()
        later = {**row, "number": 2, "figures_from": figures_from}
        connection.execute(schema.vintage.insert().values(**later))
    text = words(door.enter("official"))
    assert LATE in text
    assert "Quầy 2, nhóm" not in text


def test_counter_days_counted_anew_do_not_tell_of_late_forms(
    door: Door, database: Database, clock: FakeClock
) -> None:
    visit(database, clock, six(weak=0.3))
    with database.reading() as connection:
        late = form(current(connection), MY_HAO, LAST.monday, random.Random(5), counter="12103-q2")
    intake = Intake(database, clock)
    intake.submit_many([late])
    intake.close()
    assert LATE not in words(door.enter("official"))
    with database.writing() as connection:
        rebuild(connection)
    text = words(door.page.get(PAGE))
    assert LATE in text
    assert "Quầy 2, nhóm" not in text
