"""The scoring scheme: ranges follow from the number of sub-dimensions."""

import pytest

from survey_app.domain.scheme import SchemeError, build_scheme
from tests.support.small import small_scheme


def test_ranges_are_one_mth_to_ten_mths() -> None:
    scheme = small_scheme()
    four, three = scheme.subdimension("5.4"), scheme.subdimension("8.1")
    assert (four.low, four.high) == (0.25, 2.5)
    assert (round(three.low, 2), round(three.high, 2)) == (0.33, 3.33)
    assert four.dimension == "5"


def test_dimensions_run_from_one_to_ten_and_the_total_from_8_to_80() -> None:
    dimensions = small_scheme().dimensions
    for dimension in dimensions:
        assert sum(sub.low for sub in dimension.subdimensions) == pytest.approx(1)
        assert sum(sub.high for sub in dimension.subdimensions) == pytest.approx(10)
    assert len(dimensions) == 8
    assert sum(len(dimension.subdimensions) for dimension in dimensions) == 29


def test_a_misnumbered_sub_dimension_is_refused() -> None:
    names = {"vi": "tên", "en": "name"}
    broken = {"code": "1", **names, "subdimensions": [{"code": "1.2", **names}]}
    with pytest.raises(SchemeError) as caught:
        build_scheme({"id": "x", "source": "tests", "dimensions": [broken]})
    assert [problem.code for problem in caught.value.problems] == ["scheme.subdimension_code"]


def test_unknown_codes_raise() -> None:
    with pytest.raises(KeyError):
        small_scheme().subdimension("5.5")
    with pytest.raises(KeyError):
        small_scheme().dimension("9")
