"""All rules at once, as a closing week needs them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from survey_app.domain.quality.comparing import above_others, above_past, more_flags
from survey_app.domain.quality.forms import Medians, medians, straight_line, too_fast
from survey_app.domain.quality.patterns import (
    PatternCount,
    Repeated,
    count_patterns,
    pattern_finding,
    repeated_patterns,
)
from survey_app.domain.quality.records import Finding, Flag, JudgedForm
from survey_app.domain.quality.ruleset import RuleSet
from survey_app.domain.quality.timing import bursts, out_of_hours

FORM_RULES = ("speed", "straight_line")


@dataclass(frozen=True, slots=True)
class Sample:
    """What is judged together: forms of comparable counters, from the quarter's first week to the closing one.

    `judged`: ids of the closing week's forms, the ones to be flagged; at the quarter's end repeated patterns are flagged in all
    its weeks. `places`: counters to judge; the others are only compared with. `past`: mean z of a counter's earlier quarters.
    `is_quarter_end`: slow comparisons are made once a quarter: thirteen looks would be thirteen chances of a false alarm.
    """

    forms: Sequence[JudgedForm]
    judged: frozenset[str]
    places: tuple[str, ...]
    past: Mapping[str, Sequence[float]]
    is_quarter_end: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Flags on forms of the closing week and findings on counters, in a fixed order."""

    flags: tuple[Flag, ...]
    findings: tuple[Finding, ...]


def judge(sample: Sample, rules: RuleSet) -> Judgement:
    """Every flag and finding. The same sample gives the same judgement; order of forms does not matter."""
    bench = _Bench(sample, rules)
    flags = [flag for flag in bench.flags() if _is_due(flag, sample)]
    findings = [finding for place in sample.places for finding in bench.findings(place)]
    return Judgement(
        tuple(sorted(flags, key=lambda flag: (flag.form, flag.rule))),
        tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule))),
    )


def _is_due(flag: Flag, sample: Sample) -> bool:
    late = sample.is_quarter_end and flag.rule == "pattern"
    return late or flag.form in sample.judged


class _Bench:
    """One sample under judgement: forms by counter, and what every rule shares."""

    def __init__(self, sample: Sample, rules: RuleSet) -> None:
        self.sample = sample
        self.rules = rules
        self.by_counter: defaultdict[str, list[JudgedForm]] = defaultdict(list)
        for form in sample.forms:
            self.by_counter[form.counter].append(form)
        self.medians: Medians = medians(sample.forms, rules)
        self.patterns = {c: count_patterns(own) for c, own in self.by_counter.items()}
        self.repeated = {
            place: self.repeats(place) for place in sample.places if place in self.patterns
        }
        self.form_flags = [flag for form in sample.forms for flag in self.flags_of(form)]
        self.form_flags += bursts(self.own_forms(), rules)
        self.by_rule = self.sorted_flags()

    def repeats(self, place: str) -> list[Repeated]:
        rules = self.rules.patterns
        level = rules.level if self.sample.is_quarter_end else rules.early_level
        return repeated_patterns(self.patterns[place], self.others(place), rules, level)

    def own_forms(self) -> list[JudgedForm]:
        return [form for place in self.sample.places for form in self.by_counter.get(place, ())]

    def others(self, place: str) -> list[PatternCount]:
        least = self.rules.compare.least_forms
        return [
            self.patterns[counter]
            for counter in sorted(self.patterns)
            if counter != place and self.patterns[counter].forms >= least
        ]

    def flags_of(self, form: JudgedForm) -> Iterable[Flag]:
        found = (
            too_fast(form, self.medians, self.rules),
            straight_line(form, self.medians, self.rules),
            out_of_hours(form, self.rules),
        )
        return (flag for flag in found if flag is not None)

    def flags(self) -> list[Flag]:
        """Flags of every form, of the closing week or not."""
        patterned = [flag for place in self.repeated for flag in self.pattern_flags(place)]
        return [*self.form_flags, *patterned]

    def sorted_flags(self) -> dict[tuple[str, str], set[str]]:
        counters = {form.id: form.counter for form in self.sample.forms}
        sorted_flags: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for flag in self.form_flags:
            sorted_flags[counters[flag.form], flag.rule].add(flag.form)
        return sorted_flags

    def pattern_flags(self, place: str) -> Iterable[Flag]:
        repeated = {item.pattern: item for item in self.repeated[place]}
        for form in self.by_counter[place]:
            item = repeated.get((form.shape, form.pattern))
            if item is not None:
                params = {"seen": float(item.seen), "expected": round(item.expected, 1)}
                yield Flag(form.id, "pattern", self.rules.version, params)

    def findings(self, place: str) -> list[Finding]:
        """What is said of one counter."""
        found = [
            pattern_finding(place, self.repeated.get(place, ()), self.rules),
            self.counted(place, "burst", 1),
            self.counted(place, "out_of_hours", self.rules.hours.least_forms),
        ]
        if self.sample.is_quarter_end:
            found += [self.against_others(place), self.against_past(place)]
            found += [self.excess(place, rule) for rule in FORM_RULES]
        return [finding for finding in found if finding is not None]

    def counted(self, place: str, rule: str, least: int) -> Finding | None:
        """A finding from `least` flags of `rule` in the closing week."""
        number = len(self.flagged(place, rule) & self.sample.judged)
        if number < least:
            return None
        return Finding(place, rule, self.rules.version, {"forms": float(number)})

    def flagged(self, place: str, rule: str) -> set[str]:
        """Ids of the counter's forms that `rule` flags."""
        return self.by_rule.get((place, rule), set())

    def against_others(self, place: str) -> Finding | None:
        own = self.patterns.get(place)
        if own is None:
            return None
        means = [_mean(other) for other in self.others(place)]
        return above_others(place, _mean(own), means, own.forms, self.rules)

    def against_past(self, place: str) -> Finding | None:
        own = self.patterns.get(place)
        if own is None:
            return None
        past = self.sample.past.get(place, ())
        return above_past(place, _mean(own), past, own.forms, self.rules)

    def excess(self, place: str, rule: str) -> Finding | None:
        shares = {
            counter: (len(self.flagged(counter, rule)), len(forms))
            for counter, forms in self.by_counter.items()
        }
        others = [share for counter, share in sorted(shares.items()) if counter != place]
        return more_flags(place, rule, shares.get(place, (0, 0)), others, self.rules)


def _mean(counted: PatternCount) -> float:
    """Mean z of a counter's forms, each form alike."""
    total = fsum(n * counted.scores[pattern] for pattern, n in counted.counts.items())
    return total / counted.forms
