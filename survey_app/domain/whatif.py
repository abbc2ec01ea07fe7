"""What the score would be if one indicator's share were another: recomputed by the code that publishes.

Only indicators whose own figure is published can be asked about, and only the dimension's figure is
answered: anything finer would give away a share that the gate hides (docs/disclosure).

With z_k good of n_k answers on day k and p = Σ z / Σ n, a target t makes of each day z_k + (t − p)/(1 − p) · (n_k − z_k) if
t ≥ p, else z_k · t/p; both give Σ z' = t · Σ n. The rest is the estimator of the published figure (`domain.estimation`:
Särndal, Swensson & Wretman 1992, 5.5–5.7); the rule for days is ours, a convention and no model (docs/methodology,
section 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.domain.bulletin import Figure
from survey_app.domain.disclosure import disclose, shortage
from survey_app.domain.figures import Plan, dimension_figure
from survey_app.domain.problem import Problem
from survey_app.domain.scheme import Dimension
from survey_app.domain.tally import Series, Tally


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A dimension as published, and with the item's share at `share` percent; `change` in points.

    The interval of `after` is that of the days as they were, with the item answered otherwise: no forecast.
    """

    question: str
    share: float
    item: Figure
    before: Figure
    after: Figure
    change: float


def what_if(
    tallied: Tally,
    plan: Plan,
    dimension: Dimension,
    figures: Mapping[str, Figure],
    question: str,
    share: float,
) -> WhatIf | Problem:
    """The dimension with `question` at `share` percent of the best answer, 0 to 100.

    `tallied`: the counts of the dimension's window; `figures`: the bulletin's. Each sub-dimension's own
    share of the item is moved to `share`.
    """
    item, before = figures.get(f"item.{question}"), figures[dimension.code]
    problem = _refusal(item, before, share, question)
    if problem is not None or item is None:
        return problem or Problem("whatif.item_withheld", question)
    shown = [
        sub
        for sub in plan.asked(dimension)
        if sub.code in figures and figures[sub.code].value is not None
    ]
    if question not in {q.id for sub in shown for q in plan.questions[sub.code]}:
        return Problem("whatif.not_in_dimension", question, {"dimension": dimension.code})
    raw = dimension_figure(moved(tallied, question, share / 100), plan, dimension, shown)
    short = shortage(raw)
    if short is not None or before.value is None:
        return short or Problem("whatif.item_withheld", question)
    after = replace(disclose(raw, before.window), dont_know=None, refused=None)
    change = round((after.value or 0.0) - before.value, 2)
    return WhatIf(question, share, item, before, after, change)


def moved(tallied: Tally, question: str, share: float) -> Tally:
    """The counts with the question's mean at `share` in every sub-dimension it counts for.

    A share above today's turns the same part of every PSU's missing z into z, one below takes the same
    part of it away, so better days stay better. `share`: 0 to 1.
    """
    indicators = {
        key: _moved(series, share) if key[1] == question else series
        for key, series in tallied.indicators.items()
    }
    return replace(tallied, indicators=indicators, made={})


def _moved(series: Series, share: float) -> Series:
    answers, good = sum(series.answers), sum(series.sums)
    if not answers:
        return series
    mean = good / answers
    pairs = zip(series.sums, series.answers, strict=True)
    if share >= mean:
        part = (share - mean) / (1 - mean) if mean < 1 else 0.0
        sums = [z + part * (n - z) for z, n in pairs]
    else:
        sums = [z * share / mean for z, _ in pairs]
    return replace(series, sums=sums)


def _refusal(item: Figure | None, before: Figure, share: float, question: str) -> Problem | None:
    if not 0 <= share <= 100:  # also refuses NaN
        return Problem("whatif.share_out_of_range", question)
    if before.withheld is not None:
        return before.withheld
    if item is None or item.value is None:
        return (item.withheld if item else None) or Problem("whatif.item_withheld", question)
    if item.bound is not None:
        return Problem("whatif.item_at_bound", question)
    return None
