"""The five answers that the week's page begins with."""

from dataclasses import replace

import pytest

from survey_app.content import load_scheme
from survey_app.domain.bulletin import Bulletin, Change
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week
from survey_app.domain.whatif import WhatIf
from survey_app.office.brief import Answer, Known, brief
from survey_app.office.coverage import Coverage
from survey_app.office.pulling import Pulling, telling
from tests.office.bulletins import changed, few_forms, make_bulletin, scored

pytestmark = pytest.mark.usefixtures("vietnamese")
KNOWN = Coverage("Độ bao phủ trong tuần: …", "Nếu những người không trả lời …")
UNKNOWN = Coverage("Chưa biết độ bao phủ.", None, is_known=False)
TOO_MANY = Coverage("Số phiếu nhiều hơn số hồ sơ.", None, is_suspicious=True)
PULLING = Pulling(what_if="Nếu tiêu chí …")
THIN = changed(
    value=None,
    low=None,
    high=None,
    n=None,
    withheld=Problem(
        "figure.few_forms", "satisfaction", {"n": None, "needed": 30, "until": "2026-W53"}
    ),
)


def answers(
    bulletin: Bulletin,
    coverage: Coverage = KNOWN,
    pulling: Pulling = PULLING,
    doubt: str | None = None,
    reaching: str = "",
) -> tuple[Answer, ...]:
    return brief(bulletin, load_scheme(), Known(coverage, pulling, reaching, doubt))


def test_a_full_week() -> None:
    how, sure, moved, helping, missing = answers(make_bulletin(satisfaction=changed(n=253)))
    assert how == Answer(
        "Tình hình ra sao?",
        (
            "số người đánh giá trả lời “Hài lòng” hoặc “Rất hài lòng”.",
            "Thủ tục hành chính công: 7,31 điểm trên 10 (đợt 2 quý IV/2026; khoảng tin cậy 95%: "
            "6,95–7,62; 412 phiếu).",
        ),
        "82,9%",
    )
    assert sure.sentences == (
        "Tuần này có 612 phiếu trả lời đầy đủ.",
        "Ở những người tự nguyện trả lời, tỷ lệ thật nằm giữa 72,5% và 89,9% (độ tin cậy 95%, "
        "tính từ 253 phiếu).",
        "Nếu những người không trả lời …",
    )
    assert moved.sentences == ("Chưa có số liệu nào để so sánh.",)
    assert helping.sentences == ("Nếu tiêu chí …",)
    assert missing.sentences == ("Có điểm ở 8 trong 8 nội dung.",)


def test_a_thin_week_says_what_is_missing_and_until_when() -> None:
    bulletin = make_bulletin(None, THIN, d1=few_forms("1", None), d5=few_forms("5", 12))
    how, sure, _, helping, missing = answers(bulletin, UNKNOWN, Pulling(reason="Chưa tính được."))
    assert how.figure == ""
    assert how.sentences == (
        "Chưa công bố tỷ lệ hài lòng: chưa đủ 30 phiếu trả lời nội dung này. "
        "Kỳ số liệu tiếp theo: ngày 04/01/2027.",
    )
    assert sure.sentences == ("Tuần này có chưa đến 15 phiếu trả lời đầy đủ.",)
    assert helping.sentences == ("Chưa tính được.",)
    assert missing.sentences == (
        "Có điểm ở 6 trong 8 nội dung.",
        "1. Tham gia của người dân ở cấp cơ sở; 5. Thủ tục hành chính công: chưa đủ 30 phiếu trả "
        "lời nội dung này. Kỳ số liệu tiếp theo: ngày 04/01/2027.",
        "Chưa biết độ bao phủ.",
    )


def test_more_forms_than_dossiers_is_no_certainty() -> None:
    assert answers(make_bulletin(), TOO_MANY)[1].sentences[-1] == TOO_MANY.sentence


def test_flagged_forms_make_it_less_sure() -> None:
    sure = answers(make_bulletin(), doubt="13% số phiếu …")[1]
    assert sure.sentences[-1] == "13% số phiếu …"


def test_a_rate_of_a_longer_window_names_it() -> None:
    how = answers(make_bulletin(satisfaction=changed(window="2026-Q4-B2")))[0]
    assert how.sentences[0].endswith("“Rất hài lòng” (đợt 2 quý IV/2026).")


def test_what_moved_is_what_the_test_supports() -> None:
    change = Change("5", "2026-Q4-B2", "2026-Q4-B1", 0.4, 0.1, 0.7, 30, 0.45, "up", 4, 4, None)
    bulletin = replace(make_bulletin(d5=scored("5")), changes={"5": change})
    assert answers(bulletin)[2].sentences == (
        "So với kỳ trước: Thủ tục hành chính công tăng 0,40 điểm.",
    )


def test_ten_points_that_bring_nothing_are_not_told() -> None:
    five = scored("5")
    ten = WhatIf("staff_competent", 73.0, five, five, five, 0.0)
    whole = replace(ten, share=100.0, change=0.4)
    assert telling(ten, whole) == whole
    some = replace(ten, change=0.1)
    assert telling(some, whole) == some


def test_the_counter_with_most_to_gain_is_named() -> None:
    assert answers(make_bulletin(), reaching="Nếu mọi quầy …")[3].sentences == (
        "Nếu tiêu chí …",
        "Nếu mọi quầy …",
    )


def test_figures_in_doubt_are_withheld_and_nothing_is_advised_from_them() -> None:
    doubt = Problem("quality.withheld", "", {"most": 25, "rules": "quality-1"})
    codes = [dimension.code for dimension in load_scheme().dimensions]
    hidden = {f"d{code}": replace(few_forms(code, None), withheld=doubt) for code in codes}
    bulletin = make_bulletin(186, replace(THIN, withheld=doubt), **hidden)
    how, _, _, helping, missing = answers(bulletin)
    reason = "uá 25% số phiếu trong kỳ bị gắn cờ nghi ngờ."
    assert how.sentences == (f"Không công bố tỷ lệ hài lòng: q{reason}",)
    assert helping.sentences[0].startswith("Trước hết cần làm rõ vì sao nhiều phiếu bị gắn cờ")
    assert missing.sentences == ("Chưa có điểm ở nội dung nào trong 8 nội dung.", f"Q{reason}")


@pytest.mark.parametrize(("low", "is_said"), [(72.5, True), (80.5, False)])
def test_an_interval_wider_than_its_forms_explain_is_pointed_out(
    *, low: float, is_said: bool
) -> None:
    sure = answers(make_bulletin(satisfaction=changed(low=low)))[1]
    assert any("các ngày trong kỳ rất khác nhau" in one for one in sure.sentences) == is_said


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (Week(2026, 8), "Đây là tuần Tết Nguyên đán (mùng một: 17/02/2026)."),
        (Week(2026, 9), "Tuần này gần Tết Nguyên đán (mùng một: 17/02/2026)"),
        (Week(2026, 11), ""),
    ],
)
def test_tet_is_named(week: Week, words: str) -> None:
    sure = answers(replace(make_bulletin(), week=week))[1]
    said = [one for one in sure.sentences if "Tết" in one]
    assert [one.startswith(words) for one in said] == ([True] if words else [])


def test_many_withheld_dimensions_are_counted_and_few_are_named() -> None:
    hidden = {f"d{code}": few_forms(str(code), None) for code in range(1, 6)}
    missing = answers(make_bulletin(None, THIN, **hidden))[4].sentences[1]
    assert missing.startswith("5 nội dung: chưa đủ 30 phiếu")
