"""/office/<unit>/<week>/remarks: words without anything that leads to who wrote them."""

import json
import random
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from survey_app.domain.weeks import Week
from survey_app.store import schema
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.remarks import remarks
from survey_app.store.verification import verify
from survey_app.store.vintages import close_due
from tests.evidence.world import LAST, REMARK, fill, form
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

ONLY_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = f"/office/{MY_HAO}/{LAST}/remarks"
WORDS = [f"Lời số {number}" for number in range(12)]


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def send(
    database: Database, clock: FakeClock, texts: list[str], day: date, **changes: object
) -> None:
    """Forms with these remarks, one after the other."""
    with database.reading() as connection:
        questionnaire = current(connection)
    rng = random.Random(5)
    intake = Intake(database, clock)
    salted = ({"remark": text, "salt": uuid.UUID(int=rng.getrandbits(128)).hex} for text in texts)
    intake.submit_many([form(questionnaire, MY_HAO, day, rng, **one, **changes) for one in salted])
    intake.close()


def shown(database: Database, week: Week = LAST) -> list[str] | None:
    with database.reading() as connection:
        found = remarks(connection, MY_HAO, week)
    return None if found is None else [one.words for one in found]


@ONLY_SQLITE
def test_remarks_of_a_closed_week_stand_without_what_leads_to_their_writers(
    door: Door, database: Database, clock: FakeClock
) -> None:
    send(database, clock, [*WORDS, "<b>Nhanh</b> & tốt\nCảm ơn"], LAST.monday)
    fill(database, clock, {MY_HAO: 3}, weeks=1)
    door.enter("official")
    page = door.page.get(PAGE)
    text = words(page)
    assert all(word in text for word in WORDS)
    assert "<b>Nhanh</b> & tốt" in text
    assert "không phải kênh tiếp nhận khiếu nại, tố cáo" in text
    with database.reading() as connection:
        rows = connection.execute(select(schema.comment)).all()
        forms = connection.execute(select(schema.response)).all()
    for secret in [*(r.response_id for r in rows), *(r.salt for r in rows)]:
        assert secret not in page.text
    assert not any(form.content_hash in page.text for form in forms)
    assert "12103-q" not in page.text
    assert "Quầy 1" not in text


@ONLY_SQLITE
def test_their_order_is_not_that_of_arrival_and_stays(database: Database, clock: FakeClock) -> None:
    send(database, clock, WORDS, LAST.monday)
    fill(database, clock, {MY_HAO: 3}, weeks=1)
    found = shown(database)
    assert found is not None
    assert sorted(found) == sorted([*WORDS, REMARK])
    assert [word for word in found if word in WORDS] != WORDS
    assert shown(database) == found


def test_a_thin_week_shows_none_and_says_the_rule(
    door: Door, database: Database, clock: FakeClock
) -> None:
    # Thirteen complete forms: two days of six with the phone's and the remark's.
    send(database, clock, WORDS, LAST.monday)
    send(database, clock, ["Viết dở"], LAST.monday, status="partial", answers={"stage": "ask"})
    send(database, clock, ["Tường"] * 5, LAST.monday, channel="open", counter="12103-online")
    close_due(database, clock())
    assert shown(database) is None
    door.enter("official")
    text = words(door.page.get(PAGE))
    assert "chỉ được hiện khi tuần có ít nhất 15 phiếu trả lời đầy đủ. Tuần này chưa đủ." in text
    assert "Lời số" not in text


def test_late_remarks_wait_until_they_are_many(database: Database, clock: FakeClock) -> None:
    # The quarter ends with week 53; what comes after the closing enters a revision then.
    fill(database, clock, {MY_HAO: 4}, weeks=1)
    send(database, clock, WORDS, LAST.monday + timedelta(days=1))
    clock.set("2027-01-04 09:00")
    close_due(database, clock())
    assert shown(database) == [REMARK]
    assert shown(database, Week(2026, 50)) is None


def test_late_remarks_wait_until_figures_use_their_revision(
    database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 4}, weeks=1)
    send(database, clock, [*WORDS, *WORDS], LAST.monday + timedelta(days=1))
    clock.set("2027-01-04 09:00")
    close_due(database, clock())  # without a scheme no revision enters the figures
    assert shown(database) == [REMARK]
    with database.writing() as connection:
        vintage = schema.vintage
        late = (vintage.c.unit_id == MY_HAO, vintage.c.week == str(LAST), vintage.c.number == 2)
        connection.execute(update(vintage).where(*late).values(figures_from="2026-W53"))
    found = shown(database)
    assert found is not None
    assert sorted(found) == sorted([REMARK, *WORDS, *WORDS])


@ONLY_SQLITE
def test_what_is_not_closed_is_not_there(door: Door, database: Database, clock: FakeClock) -> None:
    fill(database, clock, {MY_HAO: 4}, weeks=1)
    door.enter("official")
    for week in ("2026-W48", "2026-W46", "2026-W99", "hello"):
        door.page.get(f"/office/{MY_HAO}/{week}/remarks", status=404)


def test_one_is_hidden_counted_kept_and_put_back(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 4}, weeks=1)
    with database.reading() as connection:
        (one,) = remarks(connection, MY_HAO, LAST) or []
    door.enter("official")
    token = door.page.get(PAGE).csrf_token
    page = door.page.post(f"{PAGE}/{one.handle}/hiding", {"csrf_token": token})
    assert REMARK not in words(page)
    assert "Đã ẩn 1 lời góp ý." in words(page)
    assert "Hiện lại" in words(page)  # pressed by mistake
    assert "Hiện lại" not in words(door.page.get(PAGE))
    door.leave(PAGE)
    door.enter("reviewer")
    page = door.page.get(PAGE)
    assert REMARK in words(page)
    door.page.post(f"{PAGE}/{one.handle}/showing", {"csrf_token": page.csrf_token})
    assert shown(database) == [REMARK]
    with database.reading() as connection:
        events = connection.execute(
            select(schema.audit_event).where(schema.audit_event.c.action.startswith("remark."))
        ).all()
        assert verify(connection) == []
    assert [event.action for event in events] == ["remark.hidden", "remark.shown"]
    assert json.loads(events[0].detail) == {"week": str(LAST), "remark": one.handle}


@ONLY_SQLITE
def test_who_may_read_and_hide(door: Door, database: Database, clock: FakeClock) -> None:
    fill(database, clock, {MY_HAO: 4, DUONG_HAO: 4}, weeks=1)
    with database.reading() as connection:
        (one,) = remarks(connection, MY_HAO, LAST) or []
    door.enter("reviewer")
    page = door.page.get(PAGE)
    assert "Ẩn" not in [text_of(button) for button in page.document.all("button")]
    hiding = f"{PAGE}/{one.handle}/hiding"
    door.page.post(hiding, {"csrf_token": page.csrf_token}, status=403)
    door.leave(PAGE)
    page = door.enter("neighbour")
    door.page.get(PAGE, status=403)
    door.page.post(hiding, {"csrf_token": page.csrf_token}, status=403)
    other = f"/office/{DUONG_HAO}/{LAST}/remarks/{one.handle}/hiding"
    door.page.post(other, {"csrf_token": page.csrf_token}, status=404)
    assert shown(database) == [REMARK]
