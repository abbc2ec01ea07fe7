"""The total, 8 to 80: the sum of eight whole dimensions of one week, and never anything else."""

import pytest

from survey_app.domain.bulletin import Bulletin
from survey_app.domain.counting import CountedForm
from survey_app.domain.publication import make_bulletin
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import Week
from tests.support.small import YES_NO, form, small_scheme, small_structure, week_counts

UNIT = "12103@2025-07-01"
WEEK = Week(2026, 47)
SCHEME = small_scheme()
SUBS = [sub.code for dimension in SCHEME.dimensions for sub in dimension.subdimensions]


def every_sub_dimension() -> Questionnaire:
    """One Có/Không question for each of the 29 sub-dimensions."""
    structure = small_structure()
    questions = [
        {
            "id": f"q_{code.replace('.', '_')}",
            "kind": "single",
            "choices": YES_NO,
            "indicator": {
                "minimum": 0,
                "maximum": 1,
                "direction": "positive",
                "subdimension": code,
                "evidence": "experience",
            },
        }
        for code in SUBS
    ]
    core, *_ = structure["blocks"]
    core["questions"] = [core["questions"][0], core["questions"][-1], *questions]
    structure["blocks"] = [core]
    return Questionnaire.model_validate({"structure": structure, "text": {"vi": {}}}, strict=False)


FULL = every_sub_dimension()
VERSIONS = {FULL.hash: FULL}


def bulletin(each: int, weeks: list[Week]) -> Bulletin:
    """`each` forms a day; the k-th sub-dimension is answered with yes by a few more than the one before."""

    def day(number: int) -> list[CountedForm]:
        return [
            form(
                {
                    "procedure": "other",
                    "satisfaction": "s4",
                    **{
                        f"q_{code.replace('.', '_')}": "yes"
                        if (7 * n + number) % 40 < 8 + place
                        else "no"
                        for place, code in enumerate(SUBS)
                    },
                },
                questionnaire=FULL.hash,
            )
            for n in range(each)
        ]

    counts = {
        week: week_counts(week, [day(n) for n in range(5)], versions=VERSIONS) for week in weeks
    }
    return make_bulletin(UNIT, weeks[-1], counts, VERSIONS, SCHEME)


def test_it_is_the_sum_of_the_eight_dimensions() -> None:
    figures = bulletin(40, [WEEK]).figures
    total = figures["total"]
    eight = [figures[dimension.code].value or 0.0 for dimension in SCHEME.dimensions]
    assert total.value == pytest.approx(sum(eight), abs=0.05)
    assert (total.measured, total.of, total.n) == (8, 8, 200)
    # Days that are good for one question are good for all: the variances do not just add.
    widths = [(f.high or 0) - (f.low or 0) for f in map(figures.__getitem__, "12345678")]
    assert total.value is not None
    assert total.low is not None
    assert total.high is not None
    assert 8 <= total.low < total.value < total.high <= 80
    assert total.high - total.low != pytest.approx(sum(widths), rel=0.01)


def test_there_is_none_over_longer_windows() -> None:
    # Its n would be all the block's forms, and with those of the weeks a hidden week would follow.
    figures = bulletin(3, list(WEEK.block.weeks)).figures
    assert {figures[dimension.code].window for dimension in SCHEME.dimensions} == {str(WEEK.block)}
    assert all(figures[dimension.code].value is not None for dimension in SCHEME.dimensions)
    problem = figures["total"].withheld
    assert problem is not None
    assert problem.code == "figure.partial_total"
