"""The scheme and the published figures: names, sums, sources, and one scale only."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from survey_app.content import ContentError, load_scheme, published_figures, schemes

DATA = Path(__file__).parents[1] / "data"
SCHEME = load_scheme()
FIGURES = published_figures()
ROUNDING = Decimal("0.00001")


def read(name: str) -> list[dict[str, str]]:
    """A data file without the comment line that names its source."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Source: PAPI, papi.org.vn")
    return list(csv.DictReader(lines[1:]))


def test_the_scheme_has_papis_names_in_papis_order() -> None:
    ours: list[dict[str, str]] = []
    for dimension in SCHEME.dimensions:
        ours.append({"code": dimension.code, **dimension.names})
        ours += [{"code": sub.code, **sub.names} for sub in dimension.subdimensions]
    assert ours == read("papi_2019_names.csv")
    assert len(ours) == 8 + 29


def test_ranges_as_papi_prints_them() -> None:
    printed = {4: (0.25, 2.5), 3: (0.33, 3.33)}
    for dimension in SCHEME.dimensions:
        for sub in dimension.subdimensions:
            low, high = printed[len(dimension.subdimensions)]
            assert (round(sub.low, 2), round(sub.high, 2)) == (low, high)


def test_schemes_are_listed_by_id_and_unknown_ones_refused() -> None:
    assert schemes() == {"papi-2019": SCHEME}
    assert "papi.org.vn" in SCHEME.source
    with pytest.raises(KeyError):
        load_scheme("../units/my-hao")


def test_hung_yen_is_quoted_as_published() -> None:
    ours = {f.year: f for f in FIGURES if f.area == "hung-yen"}
    published = read("papi_hung_yen_2018_2024.csv")
    assert [row["year"] for row in published] == [str(year) for year in ours]
    for row in published:
        figure = ours[int(row["year"])]
        for code, score in figure.dimensions.items():
            assert score == Decimal(row[f"D{code}"])
        assert figure.total == Decimal(row["total"])


def test_the_total_is_the_sum_of_its_dimensions() -> None:
    for figure in FIGURES:
        tolerance = ROUNDING if figure.area == "hung-yen" else Decimal("0.004")
        assert abs(sum(figure.dimensions.values()) - figure.total) <= tolerance, figure.year


def test_each_level_is_the_sum_of_the_one_below() -> None:
    scores = {
        (row["year"], row["code"]): Decimal(row["score"])
        for row in read("papi_hung_yen_2011_2016_parts.csv")
    }
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (year, code), score in scores.items():
        if code != "T":
            sums[year, code.partition(".")[0] if "." in code else "T"] += score
    assert len(sums) == 6 * (6 + 1)
    for key, total in sums.items():
        assert abs(total - scores[key]) <= ROUNDING, key


def test_the_national_mean_of_2024() -> None:
    (figure,) = (f for f in FIGURES if f.area == "national")
    assert figure.year == 2024
    assert (figure.dimensions["4"], figure.dimensions["5"], figure.dimensions["8"]) == (
        Decimal("7.018"),
        Decimal("7.207"),
        Decimal("3.394"),
    )
    assert figure.total == Decimal("43.434")
    assert "61 tỉnh" in figure.source


def test_every_figure_is_on_papis_scale_and_names_its_source() -> None:
    for figure in FIGURES:
        assert figure.scale == "papi-1-10"
        assert list(figure.dimensions) == [dimension.code for dimension in SCHEME.dimensions]
        assert all(1 <= score <= 10 for score in figure.dimensions.values())
        assert 8 <= figure.total <= 80
        for holder in ("papi.org.vn", "CECODES", "VFF-CRT", "RTA", "UNDP"):
            assert holder in figure.source


def test_the_local_index_of_another_scale_is_nowhere() -> None:
    text = (DATA.parents[1] / "survey_app/content/published/papi.yaml").read_text(encoding="utf-8")
    assert "74,12" not in text
    assert "74.12" not in text


def test_content_errors_are_errors_of_the_program_not_of_the_user() -> None:
    assert issubclass(ContentError, RuntimeError)
