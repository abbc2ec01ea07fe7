"""Coverage, weights, flags, drivers and the control chart on the week's page."""

import re
from datetime import timedelta

import pytest

from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.control import Chart, Point, control_chart
from survey_app.domain.estimation import Estimate
from survey_app.domain.material import Material
from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.office import chart, coverage
from survey_app.store import dossiers
from survey_app.store.engine import Database
from tests.evidence.world import fill
from tests.office.bulletins import changed, make_bulletin
from tests.support.client import OpenedPage
from tests.support.clock import FakeClock
from tests.support.html import text_of
from tests.support.people import MY_HAO, Door

WEEK = Week(2026, 47)
ONLY_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def material(total: int | None, forms: int | None = 612, **changes: object) -> Material:
    """A week with so many dossiers."""
    bulletin = make_bulletin(forms, changed(**changes))
    known = {} if total is None else {WEEK: Dossiers({}, total)}
    return Material(bulletin, load_scheme(), quality_rules(), {}, {}, known)


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


@pytest.mark.usefixtures("vietnamese")
def test_coverage_and_what_the_rate_would_be() -> None:
    found = coverage.coverage(material(1020))
    assert found.sentence == (
        "Độ bao phủ trong tuần: 612 phiếu trên 1.020 hồ sơ đã giải quyết (60%)."
    )
    # 82.9 − 0.4 · 10.
    assert found.what_if == (
        "Nếu những người không trả lời kém hài lòng hơn 10 điểm phần trăm, "
        "tỷ lệ hài lòng chung sẽ là 78,9%."
    )


@pytest.mark.usefixtures("vietnamese")
def test_each_score_has_its_line_with_the_coverage() -> None:
    found = coverage.coverage(material(1020))
    # 7.31 − 0.4 · 10 % of 9.
    assert found.scores["5"] == (
        "Nếu người không trả lời kém hài lòng hơn 10 điểm (thang 100), điểm sẽ là 6,95; "
        "độ bao phủ trong tuần: 60%."
    )
    assert len(found.scores) == 8
    assert coverage.coverage(material(None)).scores == {}


@ONLY_SQLITE
@pytest.mark.usefixtures("two_weeks")
def test_published_papi_stands_beside_by_year_and_dimension(door: Door) -> None:
    page = door.enter("official")
    table = next(t for t in page.document.all("table") if "Hưng Yên 2018" in text_of(t))
    rows = [[text_of(cell) for cell in row] for row in table.iter() if row.tag.endswith("tr")]
    assert [len(row) for row in rows] == [9] * 10
    assert rows[5] == [
        "5. Thủ tục hành chính công",
        *("7,35", "7,24", "7,43", "7,50", "7,63", "7,56", "7,31", "7,21"),
    ]
    text = words(page)
    assert "phường không có điểm PAPI riêng" in text
    assert "không bao giờ nối vào nhau" in text


@pytest.mark.usefixtures("vietnamese")
def test_a_bounded_rate_stays_a_bound() -> None:
    found = coverage.coverage(material(1224, value=95.0, low=None, high=None, bound="at_least"))
    assert found.what_if is not None
    assert found.what_if.endswith("sẽ là từ 90% trở lên.")


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    ("total", "forms", "words", "is_suspicious"),
    [
        (None, 612, "chưa có số hồ sơ đã giải quyết trong tuần", False),
        (100, None, "Chưa đến 15 phiếu nên không nêu độ bao phủ", False),
        (611, 612, "dấu hiệu bất thường, cần kiểm tra", True),
        (0, 612, "dấu hiệu bất thường", True),
        (0, 0, "Tuần này không có hồ sơ nào được giải quyết.", False),
    ],
)
def test_where_there_is_no_coverage_the_reason_stands(
    total: int | None, forms: int | None, words: str, *, is_suspicious: bool
) -> None:
    found = coverage.coverage(material(total, forms))
    assert words in found.sentence
    assert found.what_if is None
    assert found.is_suspicious is is_suspicious


def a_chart(last: float) -> Chart:
    windows = [Week.of(WEEK.monday - timedelta(weeks=4 * n)).block for n in range(21)]
    levels = [0.7] * 20 + [last]
    points = [
        Point(str(window), Estimate(level, 0.01, 16, 20), 400)
        for window, level in zip(reversed(windows), levels, strict=True)
    ]
    found = control_chart(points, "block")
    assert isinstance(found, Chart)
    return found


@pytest.mark.usefixtures("vietnamese")
def test_the_chart_is_drawn_within_its_box_and_says_what_is_outside() -> None:
    picture = chart.draw(a_chart(0.5), load_scheme())
    assert len(picture.dots) == 21
    heights = [y for dot in picture.dots for y in (dot.y, dot.low_y, dot.high_y)]
    assert all(0 <= y <= chart.HEIGHT for y in heights)
    assert all(chart.LEFT <= dot.x <= chart.WIDTH for dot in picture.dots)
    last = picture.dots[-1]
    assert (last.score, last.signal, last.is_out) == ("5,50", "dưới giới hạn", True)
    assert last.y > last.low_y  # further down
    assert picture.name == "Thủ tục hành chính công"
    assert picture.sentence == "Nằm ngoài giới hạn: Đợt 2 quý IV/2026."
    assert not picture.is_cut
    assert chart.draw(a_chart(0.7), load_scheme()).sentence == (
        "Không có kỳ nào nằm ngoài giới hạn."
    )


@ONLY_SQLITE
@pytest.mark.usefixtures("two_weeks")
def test_the_week_says_what_stands_beside_its_figures(
    door: Door, database: Database, clock: FakeClock
) -> None:
    text = words(door.enter("official"))
    assert "Chưa tính được độ bao phủ" in text
    assert "Trong tuần không có phiếu nào bị gắn cờ." in text or "quá ít để nêu con số" in text
    assert "Các nhóm câu hỏi luân phiên từ đầu quý: không có dấu hiệu chọn nhóm" in text
    assert "Biểu đồ cần 20 kỳ" in text or "Chưa có biểu đồ." in text
    assert "Không ước tính trước điểm PAPI chính thức" in text
    assert "Bần Yên Nhân" in text
    with database.writing() as connection:
        dossiers.report(connection, MY_HAO, WEEK, Dossiers({}, 400), clock())
    text = words(door.page.get(f"/office/{MY_HAO}/{WEEK}"))
    assert "phiếu trên 400 hồ sơ đã giải quyết" in text
    assert "Nếu những người không trả lời kém hài lòng hơn 10 điểm phần trăm" in text


@pytest.mark.usefixtures("vietnamese")
def test_a_withheld_rate_has_no_bound_either() -> None:
    assert coverage.coverage(material(1020, value=None, low=None, high=None)).what_if is None


@ONLY_SQLITE
def test_until_the_dimension_has_twenty_periods_the_chart_is_that_of_the_weekly_rate(
    door: Door, database: Database, clock: FakeClock
) -> None:
    fill(database, clock, {MY_HAO: 10}, weeks=21)
    page = door.enter("official")
    text = words(page)
    assert re.search(r"Tỷ lệ hài lòng: (Không có kỳ nào nằm|Nằm) ngoài giới hạn", text)
    assert "khi đã đủ 20 đợt, biểu đồ sẽ vẽ theo đợt" in text
    assert "Số lần báo nhầm dự kiến: 0,14 lần mỗi năm." in text
    earlier = words(door.page.get(f"/office/{MY_HAO}/2026-W45"))
    assert "Biểu đồ cần 20 kỳ; đến nay mới có 19 kỳ." in earlier
