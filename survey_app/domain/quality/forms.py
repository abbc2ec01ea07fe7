"""Rules about single forms: speed and straight-lining, from active seconds and answers alone.

Wood et al. 2017 (under a second an item answers lose their consistency); Greszki, Meyer & Schoen 2015 (half of the median).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from survey_app.domain.quality.records import Flag, JudgedForm
from survey_app.domain.quality.ruleset import RuleSet

Medians = Mapping[str, float]


def medians(forms: Iterable[JudgedForm], rules: RuleSet) -> Medians:
    """Median active seconds by version, where enough forms say how long they took (0: not known)."""
    seconds: defaultdict[str, list[int]] = defaultdict(list)
    for form in forms:
        if form.active_seconds:
            seconds[form.questionnaire].append(form.active_seconds)
    least = rules.speed.least_forms
    return {key: median(values) for key, values in seconds.items() if len(values) >= least}


def too_fast(form: JudgedForm, known: Medians, rules: RuleSet) -> Flag | None:
    """Active seconds below max(1 s × items answered, ½ median of the version). 0 seconds means not known."""
    needed = max(
        rules.speed.seconds_an_item * form.items,
        rules.speed.share_of_median * known.get(form.questionnaire, 0.0),
    )
    if not form.active_seconds or form.active_seconds >= needed:
        return None
    # Not its own seconds: a flag outlives the week, and somebody at the counter may have had a watch.
    return Flag(form.id, "speed", rules.version, {"needed": round(needed, 1)})


def straight_line(form: JudgedForm, known: Medians, rules: RuleSet) -> Flag | None:
    """One answer to a long run that holds reversed items, given faster than most.

    A citizen who takes her time to say that the staff were polite and that others pay is heard, not flagged.
    """
    rule = rules.straight_line
    typical = known.get(form.questionnaire)
    if form.run < rule.least_run or form.reversed_run < rule.least_reversed:
        return None
    if typical is None or not 0 < form.active_seconds < typical:
        return None
    params = {"run": float(form.run), "reversed": float(form.reversed_run)}
    return Flag(form.id, "straight_line", rules.version, params)
