"""/office/: what an official reads, and what nobody ever reads there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.weeks import Week
from survey_app.store import vintages
from survey_app.store.engine import Database
from survey_app.store.materials import read_material
from survey_app.web import formats
from tests.evidence.world import REMARK, fill
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, THUONG_HONG, Door
from tests.support.queries import counted_queries

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SVG = "{http://www.w3.org/2000/svg}svg"
WEEK = f"/office/{MY_HAO}/2026-W47"


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def test_before_the_first_closed_week_it_says_when_figures_come(door: Door) -> None:
    text = words(door.enter("official"))
    assert "Phường Mỹ Hào: chưa có tuần nào được chốt" in text
    assert "Tuần đang diễn ra (tuần 48): đã nhận chưa đến 20 phiếu" in text
    assert "30/11/2026" in text


@pytest.mark.usefixtures("two_weeks")
def test_the_official_lands_on_the_last_closed_week(door: Door) -> None:
    page = door.enter("official")
    assert page.response.request.path == WEEK
    assert page.heading == "Phường Mỹ Hào: Tuần 47 (từ 16/11/2026 đến 22/11/2026)"
    assert "TẠM TÍNH — mẫu tự chọn" in page.text
    assert "Khoảng tin cậy chưa tính tương quan giữa các ngày." in page.text
    assert "mẫu tự chọn" in words(page)


@pytest.mark.usefixtures("two_weeks")
def test_every_figure_of_the_bulletin_stands_on_the_page(door: Door, database: Database) -> None:
    text = words(door.enter("official"))
    with database.reading() as connection:
        week = Week(2026, 47)
        made = read_material(connection, MY_HAO, week, load_scheme(), quality_rules()).bulletin
    shown = [figure for figure in made.figures.values() if figure.value is not None]
    assert len(shown) > 10
    for figure in shown:
        assert figure.value is not None
        if figure.kind in {"dimension", "subdimension"}:
            assert figure.low is not None
            assert figure.high is not None
            assert formats.score(figure.value) in text
            assert formats.span(figure.low, figure.high) in text
        elif figure.bound is None:
            assert formats.percent(figure.value) in text


@pytest.mark.usefixtures("two_weeks")
def test_every_dimension_has_its_card_and_papi_beside_it(door: Door) -> None:
    page = door.enter("official")
    cards = [e for e in page.document.all("section") if e.get("class") == "card"]
    assert len(cards) == len(load_scheme().dimensions)
    for card in cards:
        text = text_of(card)
        assert "PAPI, đo bằng cách khác: Tỉnh Hưng Yên (trước ngày 01/7/2025) 2024:" in text
        assert "Trung bình cả nước 2024:" in text
        assert "Khoảng tin cậy 95%:" in text or "Chưa công bố." in text
    assert "2024: 7,31" in text_of(cards[4])


@pytest.mark.usefixtures("two_weeks")
def test_a_thin_week_withholds_and_says_why(door: Door) -> None:
    text = words(door.enter("neighbour"))
    assert "Tuần này có chưa đến 15 phiếu trả lời đầy đủ." in text
    assert "Chưa công bố tỷ lệ hài lòng: chưa đủ 30 phiếu" in text
    assert "Chưa có điểm ở nội dung nào" in text
    assert re.search(r"Kỳ số liệu tiếp theo: ngày \d\d/\d\d/\d{4}\.", text)
    assert not re.search(r"\d,\d", text.split("Tám nội dung")[0])
    assert "Khoảng tin cậy 95%:" not in text


@pytest.mark.usefixtures("two_weeks")
def test_pictures_have_their_numbers_in_a_table_and_a_name(door: Door) -> None:
    page = door.enter("official")
    pictures = [svg for svg in page.document.all(SVG) if svg.get("role") == "img"]
    assert pictures
    tables = " ".join(text_of(table) for table in page.document.all("table"))
    for picture in pictures:
        label = picture.get("aria-label") or ""
        numbers = re.findall(r"\d+,\d+", label)
        assert numbers or re.search("chưa công bố|không quá|trở lên", label), label
        assert all(number in tables for number in numbers), label


@pytest.mark.usefixtures("two_weeks")
def test_earlier_weeks_are_one_tap_away(door: Door) -> None:
    page = door.enter("official")
    links = [a.get("href") for a in page.document.all("a")]
    assert f"/office/{MY_HAO}/2026-W46" in links
    earlier = door.page.get(f"/office/{MY_HAO}/2026-W46")
    assert earlier.heading.startswith("Phường Mỹ Hào: Tuần 46")
    assert WEEK in [a.get("href") for a in earlier.document.all("a")]


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize("week", ["2026-W48", "2026-W45", "2030-W01", "2026-W54", "hello"])
def test_there_is_no_page_for_a_week_that_is_not_closed(door: Door, week: str) -> None:
    door.enter("official")
    door.page.get(f"/office/{MY_HAO}/{week}", status=404)


@pytest.mark.usefixtures("two_weeks")
def test_whoever_has_several_units_chooses(door: Door) -> None:
    page = door.enter("leader")
    assert page.response.request.path == "/office/"
    names = [text_of(a) for a in page.document.all("a") if "/office/1" in (a.get("href") or "")]
    assert sorted(names) == ["Phường Mỹ Hào", "Phường Thượng Hồng", "Phường Đường Hào"]
    assert "Đơn vị khác" in words(door.page.get(f"/office/{DUONG_HAO}/", follow_redirects=True))
    door.page.get(f"/office/{THUONG_HONG}/")


def test_the_running_week_shows_a_rounded_number_only(
    door: Door, database: Database, clock: FakeClock
) -> None:
    clock.set("2026-11-20 17:00")  # Friday: the week is not closed
    fill(database, clock, {MY_HAO: 5}, weeks=1)
    text = words(door.enter("official"))
    with database.reading() as connection:
        assert vintages.forms_this_week(connection, MY_HAO, Week(2026, 47)) == 28
    assert "Tuần đang diễn ra (tuần 47): đã nhận khoảng 20 phiếu" in text
    assert "28" not in text.replace("28/12", "")


def test_until_monday_six_the_week_is_still_running(
    door: Door, database: Database, clock: FakeClock
) -> None:
    clock.set("2026-11-23 05:59")
    fill(database, clock, {MY_HAO: 5}, weeks=1)
    assert "tuần 47" in words(door.enter("official"))


@pytest.mark.usefixtures("two_weeks")
def test_no_single_form_is_ever_shown(door: Door) -> None:
    for path in (WEEK, f"/office/{MY_HAO}/2026-W46", f"/office/{DUONG_HAO}/"):
        door.enter("leader")
        text = door.page.get(path, follow_redirects=True).text
        assert REMARK[:20] not in text
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-4", text)
        door.leave("/office/")


@pytest.mark.usefixtures("two_weeks")
def test_the_page_costs_a_bounded_number_of_queries(door: Door, client: FlaskClient) -> None:
    door.enter("official")
    with counted_queries() as statements:
        assert client.get(WEEK).status_code == 200
    assert len(statements) <= 40


@pytest.mark.usefixtures("two_weeks")
def test_in_english(door: Door, app: Flask) -> None:
    door.enter("official")
    text = door.page.client.get(f"{WEEK}?lang=en").get_data(as_text=True)
    assert "PROVISIONAL – self-selected sample" in text
    assert "Week 47 (from 16 Nov 2026 to 22 Nov 2026)" in text
    assert app.config["TRUSTED_HOSTS"]
