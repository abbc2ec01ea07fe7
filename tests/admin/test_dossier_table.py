"""/admin/dossiers/<unit>/table: all weeks or none, and nothing that was typed is lost."""

import io

import pytest

from survey_app.domain.weeks import Week
from survey_app.domain.weighted import Dossiers
from survey_app.store import dossiers
from survey_app.store.engine import Database
from tests.support.client import OpenedPage
from tests.support.html import text_of
from tests.support.people import DUONG_HAO, MY_HAO, Door

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PAGE = f"/admin/dossiers/{MY_HAO}/table"
HEADER = "Tuần\tcert\tĐất đai, sổ đỏ\tconstruction\tother\tTổng số hồ sơ"
GOOD = f"{HEADER}\n47/2026\t1.200\t70\t30\t0\t1.300\n46/2026\t9\t1\t0\t0\t\n"
BAD = f"{HEADER}\n47/2026\t1.200\t70\t30\t0\t1.301\n48/2026\t<b>9</b>\t1\t0\t0\t\n"


def words(page: OpenedPage) -> str:
    return text_of(page.document.all("main")[0])


def typed(page: OpenedPage) -> str:
    (area,) = page.document.all("textarea")
    return "".join(area.itertext())


def stored(database: Database) -> dict[Week, Dossiers]:
    weeks = [Week(2026, number) for number in (46, 47, 48)]
    with database.reading() as connection:
        return dossiers.reported(connection, MY_HAO, weeks)


def test_pasted_lines_are_kept(door: Door, database: Database) -> None:
    door.enter("ward_administrator")
    assert typed(door.page.get(PAGE)).strip().startswith("Tuần\tChứng thực")
    page = door.page.submit(PAGE, {"lines": GOOD})
    assert "Đã lưu số liệu của 2 tuần." in words(page)
    assert stored(database)[Week(2026, 47)].total == 1300
    assert stored(database)[Week(2026, 46)].by_group["cert"] == 9


def test_a_file_is_kept(door: Door, database: Database) -> None:
    door.enter("administrator")
    body = ("\ufeff" + GOOD.replace("\t", ";")).encode()
    door.page.submit(PAGE, {"file": (io.BytesIO(body), "ho-so.csv")})
    assert {week.number for week in stored(database)} == {46, 47}


def test_what_is_wrong_is_said_by_line_and_nothing_is_lost_or_kept(
    door: Door, database: Database
) -> None:
    door.enter("administrator")
    page = door.page.submit(PAGE, {"lines": BAD}, status=422)
    text = words(page)
    assert "Chưa lưu tuần nào. Xin sửa các dòng sau:" in text
    assert (
        "Dòng 2: Tổng số hồ sơ: Các nhóm thủ tục cộng lại là 1300, nhưng tổng số là 1301." in text
    )
    assert "Dòng 3: Tuần: Tuần này chưa kết thúc." in text
    assert "Xin nhập một số nguyên từ 0 đến 1000000." in text
    assert typed(page).strip() == BAD.strip()
    assert stored(database) == {}
    # A file comes back as lines that can be corrected.
    body = BAD.encode("utf-8-sig")
    page = door.page.submit(PAGE, {"file": (io.BytesIO(body), "ho-so.csv")}, status=422)
    assert typed(page).strip() == BAD.strip()


def test_a_file_that_is_no_text_is_refused_and_typed_lines_stay(
    door: Door, database: Database
) -> None:
    door.enter("administrator")
    sheet = {"file": (io.BytesIO(b"PK\x03\x04\xff\xfe"), "ho-so.xlsx"), "lines": GOOD}
    page = door.page.submit(PAGE, sheet, status=422)
    assert "xin lưu dưới dạng “CSV UTF-8”" in words(page)
    assert typed(page).strip() == GOOD.strip()
    assert stored(database) == {}


def test_only_administrators_of_the_unit(door: Door) -> None:
    door.enter("ward_administrator")
    door.page.get(f"/admin/dossiers/{DUONG_HAO}/table", status=403)
    door.leave(PAGE)
    page = door.enter("official")
    door.page.get(PAGE, status=403)
    door.page.post(PAGE, {"csrf_token": page.csrf_token, "lines": GOOD}, status=403)
