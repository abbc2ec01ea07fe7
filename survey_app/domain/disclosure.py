"""The one gate that every figure passes: what is too thin to be shown, and how the rest is rounded.

Limits: Hundepool et al. 2012, ch. 4–5; docs/methodology. A figure that fails keeps its place and
says why.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from survey_app.domain.bulletin import Figure, FigureKind
from survey_app.domain.estimation import Estimate, interval
from survey_app.domain.problem import Problem

Evidence = Literal["experience", "reference"]
LEAST_CELL, LEAST_SCORE, LEAST_DF, LEAST_EDGE = 10, 30, 4, 5.0
HIDDEN_WIDTH = 5
WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Least numbers that may be shown.

    `cell`: answers to be counted; `score`: forms for a score; `forms`: a week's forms to be printed,
    more than `cell` because a longer window's n is a least number for the weeks in it: fewer than ten
    must still look like up to fourteen; `sensitive`: answers to an item about
    informal payments; `df`: degrees of freedom for an interval; `edge`: percent within which a
    share is only bounded.
    """

    cell: int = 10
    score: int = 30
    forms: int = 15
    sensitive: int = 30
    df: int = 4
    edge: float = 5.0

    def __post_init__(self) -> None:
        """They may be raised, never lowered; raises ValueError for the first impossible one."""
        possible = {
            "cell": LEAST_CELL <= self.cell <= self.score,
            "score": self.score >= LEAST_SCORE,
            "sensitive": self.sensitive >= LEAST_SCORE,
            "forms": self.cell + HIDDEN_WIDTH <= self.forms,
            "df": self.df >= LEAST_DF,
            "edge": LEAST_EDGE <= self.edge < WHOLE / 2,
        }
        for name, is_possible in possible.items():
            if not is_possible:
                raise ValueError(f"impossible limit {name}: {getattr(self, name)}")


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class RawFigure:
    """A figure before the gate.

    `answers`: for each indicator in it (question id, answers, whether sensitive). `low`/`high`:
    the range that p = 0 and p = 1 mean.
    """

    key: str
    kind: FigureKind
    evidence: Evidence
    n: int
    answers: tuple[tuple[str, int, bool], ...]
    estimate: Estimate | None
    low: float
    high: float
    asked: int = 0
    dont_know: int = 0
    refused: int = 0
    measured: int = 0
    of: int = 0


def shortage(raw: RawFigure, limits: Limits = LIMITS) -> Problem | None:
    """What the figure lacks to be shown; None when it may be."""
    if raw.n < limits.score or raw.estimate is None:
        return Problem("figure.few_forms", raw.key, {"needed": limits.score})
    for question, answers, sensitive in raw.answers:
        least = least_answers(sensitive, limits)
        if answers < least:
            return Problem("figure.few_answers", raw.key, {"question": question, "needed": least})
    if raw.estimate.df < limits.df:
        return Problem("figure.few_days", raw.key, {"df": raw.estimate.df, "needed": limits.df})
    return None


def least_answers(sensitive: bool, limits: Limits = LIMITS) -> int:
    """Answers that an indicator needs to be shown."""
    return limits.sensitive if sensitive else limits.cell


def hidden_count(n: int, limits: Limits = LIMITS) -> int | None:
    """A week's number of forms as it may be shown: None between 1 and 14."""
    return None if 0 < n < limits.forms else n


def withhold(raw: RawFigure, window: str, problem: Problem) -> Figure:
    """The figure's place, with the reason instead of a value.

    Without its n: less the weeks and neighbours that are shown it would count the few.
    """
    return Figure(
        key=raw.key,
        kind=raw.kind,
        window=window,
        evidence=raw.evidence,
        measured=raw.measured,
        of=raw.of,
        withheld=problem,
    )


def disclose(raw: RawFigure, window: str) -> Figure:
    """The rounded figure; raises ValueError when `shortage` was not asked first."""
    estimate = raw.estimate
    if estimate is None or shortage(raw) is not None:
        raise ValueError(f"{raw.key} must be withheld")
    value, low, high, bound = _rounded(raw, estimate)
    return Figure(
        key=raw.key,
        kind=raw.kind,
        window=window,
        evidence=raw.evidence,
        value=value,
        low=low,
        high=high,
        bound=bound,
        n=raw.n,
        psus=estimate.psus,
        df=estimate.df,
        dont_know=_silent_share(raw.dont_know, raw.asked),
        refused=_silent_share(raw.refused, raw.asked),
        measured=raw.measured,
        of=raw.of,
    )


_Rounded = tuple[float, float | None, float | None, Literal["at_most", "at_least"] | None]


def _rounded(raw: RawFigure, estimate: Estimate) -> _Rounded:
    low, high = interval(estimate, raw.n)
    span = raw.high - raw.low
    value, low, high = (raw.low + span * p for p in (estimate.p, low, high))
    if raw.kind in {"dimension", "subdimension"}:
        return round(value, 2), *apart(low, high, 2), None
    if value <= LIMITS.edge:
        return LIMITS.edge, None, None, "at_most"
    if value >= WHOLE - LIMITS.edge:
        return WHOLE - LIMITS.edge, None, None, "at_least"
    return round(value, 1), *apart(low, high, 1), None


def apart(low: float, high: float, digits: int) -> tuple[float, float]:
    """The ends of an interval, both rounded; an interval that rounding would close is rounded outwards."""
    if round(low, digits) < round(high, digits):
        return round(low, digits), round(high, digits)
    step = 10**digits
    return floor(low * step) / step, ceil(high * step) / step


def _silent_share(number: int, asked: int) -> float | None:
    if not asked:
        return None
    return max(float(round(100 * number / asked)), LIMITS.edge)
