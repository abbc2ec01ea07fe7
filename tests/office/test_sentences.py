"""What the page says of a week, to the letter."""

from collections.abc import Iterator

import pytest
from flask import Flask, g

from survey_app.content import load_scheme
from survey_app.domain.bulletin import Bulletin
from survey_app.domain.problem import Problem
from survey_app.office import sentences
from survey_app.web import i18n
from tests.office.bulletins import changed, few_forms, make_bulletin, scored

SCHEME = load_scheme()


@pytest.fixture(autouse=True)
def request_in_vietnamese() -> Iterator[None]:
    """A page in Vietnamese."""
    app = Flask(__name__)
    i18n.install(app)
    with app.test_request_context():
        yield


def said(bulletin: Bulletin) -> list[str]:
    return sentences.summary(bulletin, SCHEME)


def test_a_full_week() -> None:
    assert said(make_bulletin()) == [
        "Tuần này có 612 phiếu trả lời đầy đủ.",
        "Tỷ lệ hài lòng trong tuần là 82,9% (khoảng tin cậy 95%: 72,5–89,9%), tính từ 1.304 phiếu.",
        "Có điểm ở 8 trong 8 nội dung.",
    ]


def test_a_thin_week_says_what_is_missing_and_until_when() -> None:
    withheld = changed(
        value=None,
        low=None,
        high=None,
        n=None,
        withheld=Problem(
            "figure.few_forms", "satisfaction", {"n": None, "needed": 30, "until": "2026-W53"}
        ),
    )
    bulletin = make_bulletin(
        None, withheld, d1=few_forms("1", None), d2=few_forms("2", 12), d5=scored("5", 2)
    )
    assert said(bulletin) == [
        "Tuần này có chưa đến 15 phiếu trả lời đầy đủ.",
        "Chưa công bố tỷ lệ hài lòng: Chưa đủ 30 phiếu trả lời nội dung này. "
        "Kỳ số liệu tiếp theo: ngày 04/01/2027.",
        "Có điểm ở 6 trong 8 nội dung (1 nội dung mới đo được một phần).",
    ]
    assert sentences.withheld_dimensions(bulletin, SCHEME) == [
        (
            "Chưa đủ 30 phiếu trả lời nội dung này. Kỳ số liệu tiếp theo: ngày 04/01/2027.",
            [
                "1. Tham gia của người dân ở cấp cơ sở",
                "2. Công khai, minh bạch trong việc ra quyết định ở địa phương",
            ],
        )
    ]


def test_an_empty_week() -> None:
    none = {f"d{code}": few_forms(str(code), 0) for code in range(1, 9)}
    assert said(make_bulletin(0, **none))[::2] == [
        "Tuần này không có phiếu nào trả lời đầy đủ.",
        "Chưa có điểm ở nội dung nào trong 8 nội dung.",
    ]


def test_a_rate_of_a_longer_window_names_it() -> None:
    bulletin = make_bulletin(satisfaction=changed(window="2026-Q4-B2"))
    assert said(bulletin)[1].startswith(
        "Tỷ lệ hài lòng của đợt 2 quý IV/2026 (tuần 44–47) là 82,9%"
    )


@pytest.mark.parametrize(
    ("bound", "value", "expected"),
    [("at_least", 95.0, "từ 95% trở lên"), ("at_most", 5.0, "không quá 5%"), (None, 5.1, "5,1%")],
)
def test_shares_near_the_edges_are_only_bounded(
    bound: str | None, value: float, expected: str
) -> None:
    figure = changed(value=value, low=None, high=None, bound=bound)
    assert sentences.share(figure) == expected
    assert sentences.share_with_interval(figure) == expected


@pytest.mark.parametrize(
    ("percent", "expected"), [(None, "–"), (5.0, "không quá 5%"), (6.0, "6%"), (23.0, "23%")]
)
def test_silence(percent: float | None, expected: str) -> None:
    assert sentences.silence(percent) == expected


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (0, "chưa đến 20 phiếu"),
        (19, "chưa đến 20 phiếu"),
        (20, "khoảng 20 phiếu"),
        (29, "khoảng 20 phiếu"),
        (1239, "khoảng 1.230 phiếu"),
    ],
)
def test_forms_of_the_running_week_are_told_in_tens(forms: int, expected: str) -> None:
    assert sentences.arriving(forms) == expected


def test_in_english() -> None:
    g.language = "en"
    assert said(make_bulletin(1))[0] == "1 complete form arrived this week."
    assert said(make_bulletin())[1] == (
        "The week's satisfaction rate is 82.9% (95% confidence interval: 72.5–89.9%), "
        "from 1,304 forms."
    )
