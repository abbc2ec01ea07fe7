"""When too many forms are in doubt, no score is published ("không công bố"), as PAPI does with provinces."""

from survey_app.domain.disclosure import LIMITS
from survey_app.domain.problem import Problem
from survey_app.domain.quality.ruleset import RuleSet


def withheld(forms: int, flagged: int, rules: RuleSet) -> Problem | None:
    """Why a window's scores are withheld for doubt; None when they are not. Counts are of complete forms.

    Never for fewer flagged forms than may be told: of thirty forms more than a quarter, and fewer than ten, are eight or
    nine. For the same reason `params` do not say how many were flagged.
    """
    limit = rules.withhold
    if forms < limit.least_forms or flagged < LIMITS.cell or flagged <= limit.share * forms:
        return None
    return Problem(
        "quality.withheld", "", {"most": round(100 * limit.share), "rules": rules.version}
    )
