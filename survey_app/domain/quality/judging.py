"""All rules at once, as a closing week needs them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from survey_app.domain.opening import DEFAULT, Span
from survey_app.domain.quality.citizens import (
    SameCitizen,
    citizen_finding,
    count_citizens,
    same_citizens,
)
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
from survey_app.domain.quality.ruleset import Repeats, RuleSet
from survey_app.domain.quality.timing import bursts, out_of_hours

FORM_RULES = ("speed", "straight_line")
REPEAT_RULES = ("pattern", "same_citizen")


@dataclass(frozen=True, slots=True)
class Sample:
    """What is judged together: forms of comparable counters, from the quarter's first week to the closing one.

    `judged`: ids of the closing week's forms, the ones to be flagged; at the quarter's end repeated patterns are flagged in all
    its weeks. `places`: counters to judge; the others are only compared with. `hours`: opening hours of
    a counter; the usual ones where it has none of its own. `past`: levels of its earlier quarters, as `Judgement` gave them.
    `is_quarter_end`: slow comparisons are made once a quarter: thirteen looks would be thirteen chances of a false alarm.
    """

    forms: Sequence[JudgedForm]
    judged: frozenset[str]
    places: tuple[str, ...]
    is_quarter_end: bool
    hours: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    past: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Flags on forms of the closing week and findings on counters, in a fixed order.

    `levels`: mean z of each judged counter at the quarter's end, empty before: what the next quarters compare with.
    """

    flags: tuple[Flag, ...]
    findings: tuple[Finding, ...]
    levels: Mapping[str, float] = field(default_factory=dict)


def judge(sample: Sample, rules: RuleSet) -> Judgement:
    """Every flag and finding. The same sample gives the same judgement; order of forms does not matter."""
    bench = _Bench(sample, rules)
    flags = [flag for flag in bench.flags() if _is_due(flag, sample)]
    findings = [finding for place in sample.places for finding in bench.findings(place)]
    return Judgement(
        tuple(sorted(flags, key=lambda flag: (flag.form, flag.rule))),
        tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule))),
        bench.levels() if sample.is_quarter_end else {},
    )


def _is_due(flag: Flag, sample: Sample) -> bool:
    late = sample.is_quarter_end and flag.rule in REPEAT_RULES
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
        self.citizens = {c: count_citizens(own) for c, own in self.by_counter.items()}
        places = [place for place in sample.places if place in self.patterns]
        self.repeated = {place: self.repeats(place) for place in places}
        self.same = {place: self.same_citizens(place) for place in places}
        self.form_flags = [flag for form in sample.forms for flag in self.flags_of(form)]
        self.form_flags += bursts(self.own_forms(), rules)
        self.by_rule = self.sorted_flags()

    def repeats(self, place: str) -> list[Repeated]:
        rules = self.rules.patterns
        others = [self.patterns[other] for other in self.others(place)]
        return repeated_patterns(self.patterns[place], others, rules, self.level(rules))

    def same_citizens(self, place: str) -> list[SameCitizen]:
        rules = self.rules.citizens
        others = [self.citizens[other] for other in self.others(place)]
        return same_citizens(self.citizens[place], others, rules, self.level(rules))

    def level(self, rules: Repeats) -> float:
        return rules.level if self.sample.is_quarter_end else rules.early_level

    def own_forms(self) -> list[JudgedForm]:
        return [form for place in self.sample.places for form in self.by_counter.get(place, ())]

    def others(self, place: str) -> list[str]:
        """Comparable counters, in order."""
        least = self.rules.compare.least_forms
        return [
            counter
            for counter in sorted(self.patterns)
            if counter != place and self.patterns[counter].forms >= least
        ]

    def flags_of(self, form: JudgedForm) -> Iterable[Flag]:
        found = (
            too_fast(form, self.medians, self.rules),
            straight_line(form, self.medians, self.rules),
            out_of_hours(form, self.sample.hours.get(form.counter, DEFAULT), self.rules),
        )
        return (flag for flag in found if flag is not None)

    def flags(self) -> list[Flag]:
        """Flags of every form, of the closing week or not."""
        repeated = [flag for place in self.repeated for flag in self.repeat_flags(place)]
        return [*self.form_flags, *repeated]

    def sorted_flags(self) -> dict[tuple[str, str], set[str]]:
        counters = {form.id: form.counter for form in self.sample.forms}
        sorted_flags: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for flag in self.form_flags:
            sorted_flags[counters[flag.form], flag.rule].add(flag.form)
        return sorted_flags

    def repeat_flags(self, place: str) -> Iterable[Flag]:
        """Forms are in doubt where most that look like them are too many; the others leave a finding only."""
        patterns = {item.pattern: item for item in self.repeated[place] if _is_mostly_excess(item)}
        citizens = {item.cell: item for item in self.same[place] if _is_mostly_excess(item)}
        for form in self.by_counter[place]:
            pattern = (form.shape, form.pattern)
            if pattern in patterns:
                yield self.repeat_flag(form, "pattern", patterns[pattern])
            if (pattern, form.who) in citizens:
                yield self.repeat_flag(form, "same_citizen", citizens[pattern, form.who])

    def repeat_flag(self, form: JudgedForm, rule: str, item: Repeated | SameCitizen) -> Flag:
        params = {"seen": float(item.seen), "expected": round(item.expected, 1)}
        return Flag(form.id, rule, self.rules.version, params)

    def findings(self, place: str) -> list[Finding]:
        """What is said of one counter."""
        found = [
            pattern_finding(place, self.repeated.get(place, ()), self.rules),
            citizen_finding(place, self.same.get(place, ()), self.rules),
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

    def levels(self) -> dict[str, float]:
        """Mean z of each judged counter with enough forms to be compared by."""
        least = self.rules.history.least_forms
        counted = {place: self.patterns.get(place) for place in self.sample.places}
        return {c: _mean(own) for c, own in counted.items() if own and own.forms >= least}

    def against_others(self, place: str) -> Finding | None:
        own = self.patterns.get(place)
        if own is None:
            return None
        means = [_mean(self.patterns[other]) for other in self.others(place)]
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


def _is_mostly_excess(item: Repeated | SameCitizen) -> bool:
    return item.seen > 2 * item.expected


def _mean(counted: PatternCount) -> float:
    """Mean z of a counter's forms, each form alike."""
    total = fsum(n * counted.scores[pattern] for pattern, n in counted.counts.items())
    return total / counted.forms
