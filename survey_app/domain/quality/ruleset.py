"""Thresholds as data, with a version that every result carries."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationError

from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Frozen

Share = Annotated[float, Field(gt=0, lt=1)]
Level = Annotated[float, Field(gt=0, le=0.05)]
Count = Annotated[int, Field(ge=1)]


class Speed(Frozen):
    """Too fast: under max(`seconds_an_item` × items, `share_of_median` × median of the version)."""

    seconds_an_item: Annotated[float, Field(gt=0)]
    share_of_median: Share
    least_forms: Count


class StraightLine(Frozen):
    """One answer throughout: a run of `least_run` with `least_reversed` reversed items, faster than the median."""

    least_run: Annotated[int, Field(ge=2)]
    least_reversed: Count


class Burst(Frozen):
    """`least_forms[channel]` forms or more, each at most `longest_gap` seconds after the one before, at one counter.

    A form that took longer to answer than the gap (by more than `slack` seconds) had waited on the tablet: its arrival
    says nothing.
    """

    longest_gap: Count
    slack: Annotated[int, Field(ge=0)]
    least_forms: dict[str, Annotated[int, Field(ge=2)]]


class Hours(Frozen):
    """Forms more than `margin` minutes outside the counter's opening hours; a finding from `least_forms` of them."""

    channels: tuple[str, ...]
    margin: Annotated[int, Field(ge=0, le=240)]
    least_forms: Count


class Repeats(Frozen):
    """What repeats beyond chance.

    `level`: chance of a false alarm a counter, at the look on the whole quarter; `early_level` at each weekly look before it.
    """

    level: Level
    early_level: Level
    least_forms: Count
    least_repeats: Count
    least_counters: Count
    spread: Annotated[float, Field(gt=0)]


class Patterns(Repeats):
    """A pattern repeated; see patterns.py. `items`: spread (cv) between honest counters of an answer to one question."""

    items: Annotated[float, Field(gt=0)]


class Citizens(Repeats):
    """One citizen repeated; see citizens.py. `association`: spread (cv) between cells of pattern and person."""

    association: Annotated[float, Field(gt=0)]


class Compare(Frozen):
    """A counter against comparable ones (or its own past): one-sided level, least spread between honest ones."""

    level: Level
    least_forms: Count
    least_counters: Count
    least_spread: Annotated[float, Field(gt=0)]


class Excess(Frozen):
    """More flagged forms than comparable counters: level, and honest spread of the share (cv)."""

    level: Level
    least_forms: Count
    least_counters: Count
    spread: Annotated[float, Field(gt=0)]


class Withhold(Frozen):
    """Above `share` of flagged forms, with at least `least_forms` forms, no score is published."""

    share: Share
    least_forms: Count


class RuleSet(Frozen):
    """All thresholds of one version."""

    version: Annotated[str, Field(pattern=r"^quality-[0-9]+$")]
    speed: Speed
    straight_line: StraightLine
    burst: Burst
    hours: Hours
    patterns: Patterns
    citizens: Citizens
    compare: Compare
    history: Compare
    excess: Excess
    coverage_limit: Annotated[float, Field(ge=1)]
    withhold: Withhold


def build_ruleset(data: Mapping[str, object]) -> RuleSet | list[Problem]:
    """The rules, or what is impossible in them."""
    try:
        rules = RuleSet.model_validate(data, strict=False)
    except ValidationError as error:
        places = (".".join(map(str, item["loc"])) for item in error.errors())
        return [Problem("quality.impossible_threshold", place) for place in places]
    return rules
