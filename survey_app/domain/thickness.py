"""How many answers a window holds, and over how many days: all that the rule for windows looks at.

These numbers add up over weeks, because strata are weeks: a block's are the sums of its weeks'. So the rule, which looks
at a year of windows to publish one, reads a few numbers of each. Whether they suffice is decided as `disclosure.shortage`
decides it of the figure itself.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_app.domain.disclosure import LIMITS, least_answers
from survey_app.domain.figures import Plan
from survey_app.domain.influence import degrees_of_freedom
from survey_app.domain.questionnaire import Question
from survey_app.domain.scheme import Dimension, SubDimension
from survey_app.domain.tally import Series, Tally

SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class Thickness:
    """Numbers of a window by key: "5.4" a sub-dimension, "5.4/q" an indicator of it, "/q" an item, "satisfaction".

    `n`: forms of a sub-dimension, answers of the others; `df`: degrees of freedom; `versions`: hashes of those that
    the forms answered.
    """

    versions: frozenset[str] = frozenset()
    n: dict[str, int] = field(default_factory=Counter)
    df: dict[str, int] = field(default_factory=Counter)
    known: dict[tuple[Plan, str], bool] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )

    def is_thick(self, key: str, least: int = LIMITS.score) -> bool:
        """Whether there are at least so many forms or answers, on enough days."""
        return self.n[key] >= max(least, LIMITS.score) and self.df[key] >= LIMITS.df

    def carries_sub(self, plan: Plan, sub: SubDimension) -> bool:
        """Whether the sub-dimension may be shown."""
        return self.is_thick(sub.code) and all(
            self.n[f"{sub.code}/{question.id}"] >= least_answers(question.sensitive)
            for question in plan.questions[sub.code]
        )

    def carries_dimension(self, plan: Plan, dimension: Dimension) -> bool:
        """Whether every sub-dimension that is asked may be shown, and with them the dimension."""
        key = plan, dimension.code
        if key not in self.known:
            asked = plan.asked(dimension)
            self.known[key] = bool(asked) and all(self.carries_sub(plan, sub) for sub in asked)
        return self.known[key]

    def carries_items(self, questions: Iterable[Question]) -> bool:
        """Whether there are such items, and each may be shown."""
        listed = list(questions)
        return bool(listed) and all(
            self.is_thick(f"/{question.id}", least_answers(question.sensitive))
            for question in listed
        )


def thickness_of(tally: Tally) -> Thickness:
    """The numbers of a tally."""
    result = Thickness(tally.versions)
    by_sub: dict[str, list[Series]] = {}
    for (sub, question), series in tally.indicators.items():
        by_sub.setdefault(sub, []).append(series)
        result.n[f"{sub}/{question}"] = sum(series.answers)
    for sub, listed in by_sub.items():
        result.n[sub] = tally.forms_any[sub]
        result.df[sub] = _df(tally, listed)
    for question, series in tally.items.items():
        result.n[f"/{question}"] = sum(series.answers)
        result.df[f"/{question}"] = _df(tally, [series])
    if SATISFACTION in tally.shares:
        series = tally.shares[SATISFACTION]
        result.n[SATISFACTION] = sum(series.answers)
        result.df[SATISFACTION] = _df(tally, [series])
    return result


def joined_thickness(parts: Iterable[Thickness]) -> Thickness:
    """The numbers of several weeks together."""
    listed = list(parts)
    if len(listed) == 1:
        return listed[0]
    versions = frozenset().union(*(part.versions for part in listed))
    return Thickness(versions, _Added([p.n for p in listed]), _Added([p.df for p in listed]))


class _Added(dict[str, int]):
    """Numbers of several weeks, each added up when it is asked for: the rule stops at the first that is too small."""

    def __init__(self, parts: Sequence[Mapping[str, int]]) -> None:
        super().__init__()
        self._parts = parts

    def __missing__(self, key: str) -> int:
        self[key] = sum([part[key] for part in self._parts])
        return self[key]


def thickness_to_json(thickness: Thickness) -> dict[str, object]:
    """As it is kept."""
    return {"versions": sorted(thickness.versions), "n": thickness.n, "df": thickness.df}


def thickness_from_json(item: Mapping[str, Any]) -> Thickness:
    """The inverse of `thickness_to_json`."""
    return Thickness(frozenset(item["versions"]), Counter(item["n"]), Counter(item["df"]))


def _df(tally: Tally, listed: Iterable[Series]) -> int:
    answered = 0
    for series in listed:
        answered |= series.ratio.answered
    return degrees_of_freedom(tally.strata, answered)
