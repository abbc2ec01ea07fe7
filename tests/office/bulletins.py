"""Hand-made bulletins, for what the page says about them."""

from collections.abc import Mapping
from dataclasses import replace

from survey_app.content import load_scheme
from survey_app.domain.bulletin import Bulletin, Figure
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import Week

WEEK = Week(2026, 47)
SATISFACTION = Figure(
    key="satisfaction",
    kind="share",
    window="2026-W47",
    evidence="experience",
    value=82.9,
    low=72.5,
    high=89.9,
    n=1304,
    psus=5,
    df=4,
)


def few_forms(key: str, n: int | None, until: str = "2026-W53") -> Figure:
    """A dimension withheld for its few forms."""
    problem = Problem("figure.few_forms", key, {"n": n, "needed": 30, "until": until})
    return Figure(key, "dimension", "2026-W47", "experience", n=n, of=4, withheld=problem)


def scored(key: str, measured: int = 4) -> Figure:
    """A dimension with a score."""
    return Figure(
        key=key,
        kind="dimension",
        window="2026-Q4-B2",
        evidence="experience",
        value=7.31,
        low=6.95,
        high=7.62,
        n=412,
        psus=20,
        df=16,
        measured=measured,
        of=4,
    )


def make_bulletin(
    forms: int | None = 612, satisfaction: Figure = SATISFACTION, **dimensions: Figure
) -> Bulletin:
    """A bulletin whose dimensions are scored unless given, as `d5=few_forms("5", None)`."""
    codes = [dimension.code for dimension in load_scheme().dimensions]
    given: Mapping[str, Figure] = {code: dimensions.get(f"d{code}", scored(code)) for code in codes}
    figures = {**given, "satisfaction": satisfaction}
    return Bulletin("12103@2025-07-01", WEEK, "papi-2019", forms, {"2026-W47": 1}, figures)


def changed(**changes: object) -> Figure:
    """The satisfaction rate with other values."""
    return replace(SATISFACTION, **changes)  # type: ignore[arg-type]  # the test names real fields
