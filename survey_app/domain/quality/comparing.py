"""Rules about counters: against comparable ones, against their own past, and forms without a code."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.domain.quality.records import Finding
from survey_app.domain.quality.ruleset import RuleSet
from survey_app.domain.quality.tails import evidence_of, excess_chance, outlier_chance


def above_others(
    place: str, own: float, others: Sequence[float], forms: int, rules: RuleSet
) -> Finding | None:
    """The counter's mean z lies above what comparable counters allow to expect."""
    if forms < rules.compare.least_forms or len(others) < rules.compare.least_counters:
        return None
    chance = outlier_chance(own, others, rules.compare.least_spread)
    if chance >= rules.compare.level:
        return None
    return Finding(place, "above_others", rules.version, {"score": round(own, 3)})


def above_past(
    place: str, own: float, past: Sequence[float], forms: int, rules: RuleSet
) -> Finding | None:
    """The same against the counter's own earlier quarters."""
    if forms < rules.history.least_forms or len(past) < rules.history.least_counters:
        return None
    chance = outlier_chance(own, past, rules.history.least_spread)
    if chance >= rules.history.level:
        return None
    return Finding(place, "above_past", rules.version, {"score": round(own, 3)})


def more_flags(
    place: str,
    rule: str,
    own: tuple[int, int],
    others: Sequence[tuple[int, int]],
    rules: RuleSet,
) -> Finding | None:
    """More forms flagged by `rule` than at comparable counters; `own` and `others` hold (flagged, forms)."""
    limits = rules.excess
    flagged, forms = own
    compared = sum(n for _, n in others)
    if forms < limits.least_forms or len(others) < limits.least_counters or not compared:
        return None
    known = sum(x for x, _ in others) + 0.5
    expected = forms * known / compared
    if excess_chance(flagged, expected, evidence_of([known], limits.spread)) >= limits.level:
        return None
    params = {"forms": float(flagged), "expected": round(expected, 1)}
    return Finding(place, f"many_{rule}", rules.version, params)


@dataclass(frozen=True, slots=True)
class UnitSample:
    """A unit's quarter.

    `codes`: (forms without a one-time code, forms), in `others` of comparable units; `covered`: (forms, dossiers) of the weeks
    whose dossiers are reported.
    """

    place: str
    codes: tuple[int, int]
    others: Sequence[tuple[int, int]]
    covered: tuple[int, int]


def judge_unit(sample: UnitSample, rules: RuleSet) -> list[Finding]:
    """Findings about a unit as a whole, by the rules that know no counter."""
    found = (
        without_code(sample.place, sample.codes, sample.others, rules),
        more_than_dossiers(sample.place, *sample.covered, rules),
    )
    return [finding for finding in found if finding is not None]


def without_code(
    place: str, own: tuple[int, int], others: Sequence[tuple[int, int]], rules: RuleSet
) -> Finding | None:
    """The unit's share of forms without a one-time code, (without, forms), lies above comparable units'.

    Only where codes are in use at all: a unit without a single code form is neither judged nor compared with.
    """
    bare, forms = own
    shares = [x / n for x, n in others if x < n and n >= rules.compare.least_forms]
    if bare == forms or forms < rules.compare.least_forms:
        return None
    if len(shares) < rules.compare.least_counters:
        return None
    chance = outlier_chance(bare / forms, shares, rules.compare.least_spread)
    if chance >= rules.compare.level:
        return None
    return Finding(place, "without_code", rules.version, {"share": round(bare / forms, 3)})


def more_than_dossiers(place: str, forms: int, dossiers: int, rules: RuleSet) -> Finding | None:
    """More scored forms than dossiers were handled: some citizens cannot have been there."""
    if not dossiers or forms <= rules.coverage_limit * dossiers:
        return None
    params = {"forms": float(forms), "dossiers": float(dossiers)}
    return Finding(place, "coverage", rules.version, params)
