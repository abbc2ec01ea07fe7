"""False alarms and power of the quality rules: prints the tables of docs/quality.md. Minutes, not seconds."""

import random
from collections import Counter
from collections.abc import Collection, Sequence

from bench.quality_simulation import (
    WEEKS,
    Forger,
    World,
    hurried,
    in_bursts,
    judgements,
    quarter,
    tapping_down,
    with_pattern,
)
from survey_app.content.rules import quality_rules

EVERY_WEEK = range(1, WEEKS + 1)
AT_THE_END = (WEEKS,)
PATTERN_RULES = frozenset({"pattern"})
BURST_RULES = frozenset({"burst"})
ALL_RULES = frozenset({"pattern", "burst", "above_others", "many_speed", "many_straight_line"})


def false_alarms(world: World, quarters: int, seed: int) -> Counter[str]:
    """Honest counter-quarters with a finding, by rule and in all ("any"), of `quarters` × `world.counters`."""
    rules = quality_rules()
    alarms: Counter[str] = Counter()
    for number in range(quarters):
        forms = quarter(world, random.Random(f"honest {seed} {number}"))
        said = judgements(forms, list(forms), rules, EVERY_WEEK)
        found = {(finding.place, finding.rule) for one in said for finding in one.findings}
        alarms.update(rule for _, rule in found)
        alarms["any"] += len({place for place, _ in found})
    return alarms


def power(
    world: World,
    forge: Forger,
    by: Collection[str],
    quarters: int,
    *,
    seed: int,
    looks: Sequence[int] = AT_THE_END,
) -> float:
    """Share of quarters in which one forging counter among honest ones is found by one of the rules `by`."""
    rules = quality_rules()
    found = 0
    for number in range(quarters):
        rng = random.Random(f"forged {seed} {number}")
        forms = quarter(world, rng)
        forms["q0"] = forge(forms["q0"], rng)
        said = judgements(forms, ["q0"], rules, looks)
        found += any(finding.rule in by for one in said for finding in one.findings)
    return found / quarters


def main(quarters: int = 100) -> None:
    """Print both tables."""
    report_false_alarms(quarters)
    report_power(quarters)


def report_false_alarms(quarters: int) -> None:
    """Honest counter-quarters with a finding."""
    for forms, level in ((300, 1.4), (300, 2.5), (1600, 1.4)):
        repeats = quarters if forms < 1000 else quarters // 10
        world = World(forms, level=level)
        alarms = false_alarms(world, repeats, 1)
        total = repeats * world.counters
        print(f"honest {forms} level {level}: {total} counter-quarters, {dict(alarms)}", flush=True)


def report_power(quarters: int) -> None:
    """Forging quarters found."""
    for share in (0.02, 0.1):
        _report(f"bursts {share:.0%}", in_bursts(share), BURST_RULES, quarters // 2, EVERY_WEEK)
    for rank in (None, 1, 2, 3, 5, 10):
        _report(f"pattern of rank {rank}", with_pattern(0.1, rank), PATTERN_RULES, quarters)
    for share in (0.1, 0.2):
        _report(f"hurried {share:.0%}", hurried(share), {"many_speed"}, quarters)
        _report(f"tapping down {share:.0%}", tapping_down(share), {"many_straight_line"}, quarters)
    for share in (0.1, 0.3):
        forge = with_pattern(share, 0)
        _report(f"modal pattern {share:.0%}", forge, ALL_RULES, quarters)
        _report(f"modal pattern {share:.0%}, level alone", forge, {"above_others"}, quarters)


def _report(
    name: str, forge: Forger, by: Collection[str], quarters: int, looks: Sequence[int] = AT_THE_END
) -> None:
    shares = [
        power(World(300, level=level), forge, by, quarters, seed=2, looks=looks)
        for level in (0.5, 1.4, 2.5)
    ]
    print(f"{name}: " + ", ".join(f"{share:.1%}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
