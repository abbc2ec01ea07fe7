"""Does a form look like a citizen's own? Rules that flag, and never delete (docs/quality.md).

Rules are pure functions over small records; thresholds are data with a version (`RuleSet`). Nothing a rule returns holds a
clock time: what it looked at is destroyed when the week closes.
"""

from survey_app.domain.quality.comparing import UnitSample, judge_unit
from survey_app.domain.quality.judging import Judgement, Sample, judge
from survey_app.domain.quality.records import Finding, Flag, JudgedForm
from survey_app.domain.quality.ruleset import RuleSet, build_ruleset
from survey_app.domain.quality.withholding import withheld

__all__ = [
    "Finding",
    "Flag",
    "JudgedForm",
    "Judgement",
    "RuleSet",
    "Sample",
    "UnitSample",
    "build_ruleset",
    "judge",
    "judge_unit",
    "withheld",
]
