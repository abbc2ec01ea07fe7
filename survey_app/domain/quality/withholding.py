"""When too many forms are in doubt, no score is published ("không công bố"), as PAPI does with provinces."""

from survey_app.domain.problem import Problem
from survey_app.domain.quality.ruleset import RuleSet


def withheld(forms: int, flagged: int, rules: RuleSet) -> Problem | None:
    """Why a window's scores are withheld for doubt; None when they are not. Counts are of complete forms.

    `params` carry whole percents: the counts themselves could reveal a hidden cell.
    """
    if forms < rules.withhold.least_forms or flagged <= rules.withhold.share * forms:
        return None
    params = {"percent": round(100 * flagged / forms), "most": round(100 * rules.withhold.share)}
    return Problem("quality.withheld", "", {**params, "rules": rules.version})
