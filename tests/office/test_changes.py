"""What the page says of changes: only a supported direction is called one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from flask import Flask

from survey_app.content import bundled_questionnaire, load_scheme
from survey_app.domain.bulletin import Break, Bulletin, Change
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.office import changes
from survey_app.web import i18n
from tests.office.bulletins import make_bulletin

SCHEME = load_scheme()
STEADY = Change(
    key="5",
    after="2026-W47",
    before="2026-W46",
    value=0.12,
    low=-0.2,
    high=0.44,
    df=8,
    detectable=0.45,
    direction=None,
    measured=4,
    of=4,
    series_break=None,
)
ROSE = replace(STEADY, value=0.62, low=0.3, high=0.94, direction="up")
FELL = replace(STEADY, key="4", value=-0.4, low=-0.7, high=-0.1, direction="down")
RATE = replace(STEADY, key="satisfaction", value=1.24, low=-2, high=4.48, detectable=5)
HIDDEN = Problem("change.not_published", "5", {"window": "2026-W46"})


@pytest.fixture(autouse=True)
def request_in_vietnamese() -> Iterator[None]:
    """A page in Vietnamese."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        yield


def compared(*found: Change | Problem) -> Bulletin:
    named = {c.key if isinstance(c, Change) else c.where: c for c in found}
    return replace(make_bulletin(), changes=named)


def lines_of(
    *found: Change | Problem, versions: Mapping[str, Questionnaire] | None = None
) -> list[changes.ChangeLine]:
    bulletin = compared(*found)
    return changes.change_lines(bulletin, bulletin.changes, SCHEME, versions or {})


def said(*found: Change | Problem) -> str | None:
    return changes.changes_sentence(compared(*found), SCHEME)


def test_a_card_says_difference_interval_verdict_and_what_could_be_found() -> None:
    assert changes.change_words(STEADY) == (
        "So với tuần 46/2026: +0,12 (khoảng tin cậy 95%: −0,20 đến +0,44). "
        "Chưa đủ căn cứ để nói tăng hay giảm. Thay đổi nhỏ nhất có thể phát hiện: 0,45."
    )


def test_only_a_supported_direction_is_called_one() -> None:
    certain = replace(ROSE, direction=None)
    assert said(ROSE, FELL) == (
        "So với kỳ trước: Thủ tục hành chính công tăng 0,62 điểm; "
        "Kiểm soát tham nhũng trong khu vực công giảm 0,40 điểm."
    )
    assert said(certain) == "So với kỳ trước, chưa đủ căn cứ để nói nội dung nào tăng hay giảm."
    assert changes.verdict(certain) == "Chưa đủ căn cứ để nói tăng hay giảm"
    assert [changes.verdict(change) for change in (ROSE, FELL)] == ["Tăng", "Giảm"]


def test_the_rate_has_an_interval_and_never_a_verdict() -> None:
    words = changes.change_words(RATE)
    assert "+1,2 điểm phần trăm (khoảng tin cậy 95%: −2,0 đến +4,5)" in words
    assert "Không kiểm định" in words
    assert said(RATE) is None


def test_a_block_keeps_its_roman_number() -> None:
    words = changes.change_words(replace(STEADY, before="2026-Q4-B1"))
    assert words.startswith("So với đợt 1 quý IV/2026: +0,12")


def test_nothing_is_neither_plus_nor_minus() -> None:
    assert changes.signed(replace(STEADY, value=0.0)) == "0,00"
    assert changes.signed(replace(STEADY, value=-0.004)) == "0,00"


def test_where_nothing_can_be_compared_the_reason_is_said_once() -> None:
    others = [replace(HIDDEN, where=key) for key in ("4", "satisfaction")]
    expected = "Chưa so sánh được với kỳ trước: kỳ dùng để so sánh không được công bố số liệu này."
    assert said(HIDDEN, *others) == expected
    lines = lines_of(HIDDEN, *others)
    assert changes.common_obstacle(lines) == "Kỳ dùng để so sánh không được công bố số liệu này."
    mixed = lines_of(HIDDEN, RATE)
    assert changes.common_obstacle(mixed) is None
    assert said() is None


def test_a_break_names_the_questions_that_could_not_be_compared() -> None:
    questionnaire = bundled_questionnaire()
    change = replace(STEADY, series_break=Break(("staff_courteous", "long_gone")))
    versions = {questionnaire.hash: questionnaire}
    (line,) = lines_of(change, versions=versions)
    assert line.left_out[0] == questionnaire.say("vi", "staff_courteous.text")
    assert line.left_out[1] == "long_gone"
    assert "chỉ so sánh trên các câu hỏi chung" in changes.change_words(change)


def test_the_picture_of_changes_holds_every_interval_and_zero_in_its_middle() -> None:
    picture = changes.forest(lines_of(STEADY, ROSE, FELL, RATE))
    assert picture is not None
    assert picture.reach == 1.0  # the rate is in percentage points and not in it
    assert [line.key for line in picture.lines] == ["5", "4"]
    assert (picture.x(0, 400), picture.x(-1, 400), picture.x(0.5, 400)) == (200, 0, 300)
    assert changes.forest(lines_of(HIDDEN, RATE)) is None
