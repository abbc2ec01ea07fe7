"""What moves a score: the derivative of a dimension and of the total by indicator.

A dimension of k measured sub-dimensions, the j-th with q_j indicators, is lo + (hi − lo)/k · Σ_j (1/q_j) Σ_i p_ij:
linear in the shares p, so the derivative is the weight, (hi − lo)/k · Σ_j 1/q_j over the sub-dimensions that have the
indicator, and holds for any change, however large. The arithmetic is that of the published PAPI tables (CECODES,
papi.org.vn; docs/methodology, sections 3 and 10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.bulletin import Figure
from survey_app.domain.figures import Plan
from survey_app.domain.problem import Problem
from survey_app.domain.scheme import Dimension, SubDimension


@dataclass(frozen=True, slots=True)
class Driver:
    """One indicator of a dimension, from its published figure.

    `dimension`/`total`: points that ten percentage points more would add; `room`: points of the dimension
    between its share and 100 %, None when the share is only bounded; `days`: percent of the window's
    groups of days in which someone answered it.
    """

    question: str
    item: Figure
    dimension: float
    total: float
    room: float | None
    days: int | None


def drivers(
    plan: Plan, dimension: Dimension, figures: Mapping[str, Figure], psus: Mapping[str, int]
) -> tuple[Driver, ...] | Problem:
    """The published indicators of a published dimension, those with most room first.

    Only what the bulletin shows is used, so nothing new is disclosed. `psus`: groups of days by window.
    """
    figure = figures[dimension.code]
    if figure.withheld is not None:
        return figure.withheld
    shown = [sub for sub in plan.asked(dimension) if _is_shown(figures, sub.code)]
    found = [
        _driver(plan, dimension, shown, figures[f"item.{question}"], psus)
        for question in {q.id: None for sub in shown for q in plan.questions[sub.code]}
        if _is_shown(figures, f"item.{question}")
    ]
    if not found:
        return Problem("drivers.items_withheld", dimension.code)
    return tuple(sorted(found, key=lambda driver: (-(driver.room or 0.0), driver.question)))


def weights(
    plan: Plan, dimension: Dimension, shown: Sequence[SubDimension], question: str
) -> tuple[float, float]:
    """∂ dimension/∂p and ∂ total/∂p of an indicator's share p in every sub-dimension it counts for.

    Of k sub-dimensions shown and q indicators in one: (high − low)/(k·q) of the dimension, marked
    partial when k < m; (high − low)/(m·q), the sub-dimension's own range, of the total.
    """
    parts = [
        1 / len(plan.questions[sub.code])
        for sub in shown
        if question in {q.id for q in plan.questions[sub.code]}
    ]
    span = dimension.high - dimension.low
    return span * fsum(parts) / len(shown), span * fsum(parts) / len(dimension.subdimensions)


def _driver(
    plan: Plan,
    dimension: Dimension,
    shown: Sequence[SubDimension],
    item: Figure,
    psus: Mapping[str, int],
) -> Driver:
    question = item.key.removeprefix("item.")
    of_dimension, of_total = weights(plan, dimension, shown, question)
    share = item.value or 0.0
    days = psus.get(item.window)
    return Driver(
        question=question,
        item=item,
        dimension=of_dimension / 10,
        total=of_total / 10,
        room=None if item.bound else of_dimension * (1 - share / 100),
        days=round(100 * (item.psus or 0) / days) if days else None,
    )


def _is_shown(figures: Mapping[str, Figure], key: str) -> bool:
    return key in figures and figures[key].value is not None
