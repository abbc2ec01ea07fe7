"""What the page says of a week, to the letter."""

import pytest
from flask import g

from survey_app.content import load_scheme
from survey_app.office import sentences
from tests.office.bulletins import changed, few_forms, make_bulletin, scored

SCHEME = load_scheme()
pytestmark = pytest.mark.usefixtures("vietnamese")


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (0, "Tuần này không có phiếu nào trả lời đầy đủ."),
        (None, "Tuần này có chưa đến 15 phiếu trả lời đầy đủ."),
        (1304, "Tuần này có 1.304 phiếu trả lời đầy đủ."),
    ],
)
def test_forms_of_a_week(forms: int | None, expected: str) -> None:
    assert sentences.forms_sentence(forms) == expected


def test_dimensions_that_are_withheld_stand_together_by_their_reason() -> None:
    bulletin = make_bulletin(d1=few_forms("1", None), d2=few_forms("2", 12), d5=scored("5", 2))
    assert sentences.dimensions_sentence(bulletin, SCHEME) == (
        "Có điểm ở 6 trong 8 nội dung (1 nội dung mới đo được một phần)."
    )
    assert sentences.withheld_dimensions(bulletin, SCHEME) == [
        (
            "Chưa đủ 30 phiếu trả lời nội dung này. Kỳ số liệu tiếp theo: ngày 04/01/2027.",
            [
                "1. Tham gia của người dân ở cấp cơ sở",
                "2. Công khai, minh bạch trong việc ra quyết định ở địa phương",
            ],
        )
    ]


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
    ("percent", "expected"), [(None, "–"), (5.0, "≤ 5%"), (6.0, "6%"), (23.0, "23%")]
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
    assert sentences.forms_sentence(1) == "1 complete form arrived this week."
