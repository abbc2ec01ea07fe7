"""A reviewer with a real browser: looks, chooses, downloads, recomputes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from survey_app.cli import main
from tests.evidence.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]
SIZES = ((1280, 800), (390, 844))


def enter(page: "Page", server: "LiveServer", login: str) -> None:
    page.goto(f"{server.url}/accounts/login?next=/evidence/")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("heading", level=1, name="Kiểm chứng số liệu").wait_for()


def fits(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.usefixtures("people", "two_weeks")
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_both_pages_fit_and_are_accessible(
    live_server: "LiveServer",
    browser_page: "Page",
    axe: Callable[["Page"], None],
    width: int,
    height: int,
) -> None:
    browser_page.set_viewport_size({"width": width, "height": height})
    enter(browser_page, live_server, "province")
    for name in ("Kiểm chứng số liệu", "Bảng mã"):
        browser_page.get_by_role("heading", level=1, name=name).wait_for()
        assert fits(browser_page)
        axe(browser_page)
        if name != "Bảng mã":
            browser_page.get_by_role("link", name="Bảng mã").click()


@pytest.mark.usefixtures("people", "two_weeks")
@pytest.mark.parametrize("button", ["Tải tệp cho Excel", "Tải tệp cho R, Python, Stata"])
def test_what_is_downloaded_can_be_scored(
    live_server: "LiveServer",
    browser_page: "Page",
    tmp_path: Path,
    capsys: pytest.CaptureFixture[Any],
    button: str,
) -> None:
    enter(browser_page, live_server, "province")
    browser_page.get_by_label("Phường Đường Hào").uncheck()
    browser_page.get_by_role("button", name="Xem lựa chọn này").click()
    browser_page.get_by_text("46 phiếu, từ tuần 46/2026").wait_for()
    with browser_page.expect_download() as expected:
        browser_page.get_by_role("link", name=button).click()
    download = expected.value
    assert download.suggested_filename.startswith("phieu_12103_2026-W46_2026-W47_")
    path = tmp_path / download.suggested_filename
    download.save_as(path)
    capsys.readouterr()
    assert main(["score", str(path)]) == 0
    assert "12103@2025-07-01 · tuần 2026-W47 · 22 phiếu đầy đủ" in capsys.readouterr().out
