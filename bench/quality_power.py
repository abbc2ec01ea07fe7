"""False alarms and power of the quality rules: prints the tables of docs/quality.md. Minutes, not seconds."""

import random
from collections import Counter
from collections.abc import Collection, Sequence

from bench.quality_bound import Contented, oracle_power
from bench.quality_simulation import (
    WEEKS,
    Forger,
    World,
    characters,
    hurried,
    in_bursts,
    judgements,
    quarter,
    tapping_down,
    with_pattern,
)
from survey_app.content.rules import quality_rules
from survey_app.domain.quality.comparing import without_code

EVERY_WEEK = range(1, WEEKS + 1)
AT_THE_END = (WEEKS,)
PATTERN_RULES = frozenset({"pattern", "same_citizen"})
BURST_RULES = frozenset({"burst"})
ALL_RULES = PATTERN_RULES | {"burst", "above_others", "many_speed", "many_straight_line"}
LEVELS = (0.5, 1.4, 2.5)
_PAST_QUARTERS = 6


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
    """Print the tables."""
    report_power(quarters)
    report_bounds(3 * quarters)
    report_false_alarms(quarters)


def report_false_alarms(quarters: int) -> None:
    """Honest counter-quarters with a finding."""
    worlds = [World(300, level=level) for level in LEVELS]
    odd = World(300, between_items=0.4)
    for world, repeats in [
        *((one, quarters) for one in [*worlds, odd]),
        (World(1600), quarters // 10),
    ]:
        alarms = false_alarms(world, repeats, 1)
        total = repeats * world.counters
        print(f"honest {world}: {total} counter-quarters, {dict(alarms)}", flush=True)


def report_power(quarters: int) -> None:
    """Forging quarters found."""
    for share in (0.02, 0.1):
        _report(f"bursts {share:.0%}", in_bursts(share), BURST_RULES, quarters // 2, EVERY_WEEK)
    for rank in (None, 1, 2, 3, 5, 10, 0):
        _report(f"pattern of rank {rank}", with_pattern(0.1, rank), PATTERN_RULES, quarters)
    for rank in (None, 1, 2, 3, 5, 10, 0):
        forge = with_pattern(0.1, rank, disguised=True)
        _report(f"pattern of rank {rank}, disguised", forge, PATTERN_RULES, quarters)
    forge = with_pattern(0.3, 0, disguised=True)
    _report("modal pattern 30%, disguised", forge, PATTERN_RULES, quarters)
    _report("modal pattern 30%, level alone", forge, {"above_others"}, quarters)
    for share in (0.1, 0.2):
        _report(f"hurried {share:.0%}", hurried(share), {"many_speed"}, quarters)
        _report(f"tapping down {share:.0%}", tapping_down(share), {"many_straight_line"}, quarters)
    for share in (0.0, 0.1, 0.3):
        found = [past_power(World(300, level=level), share, quarters, seed=4) for level in LEVELS]
        print(f"own past, modal {share:.0%}: {_percents(found)}", flush=True)
    for share in (0.0, 0.5, 0.8):
        print(
            f"without code {share:.0%}: {code_power(share, 20 * quarters, seed=5):.1%}", flush=True
        )


def report_bounds(quarters: int) -> None:
    """What no detector can exceed, disguised patterns."""
    for pattern in (Contented("submit", 4), Contented("collect", 4), Contented("submit", 3)):
        found = [
            oracle_power(pattern, World(300, level=level), quarters, seed=6) for level in LEVELS
        ]
        print(f"bound {pattern.stage} {pattern.steps}: {_percents(found)}", flush=True)


def past_power(world: World, share: float, quarters: int, *, seed: int) -> float:
    """Share of quarters in which a counter that begins to forge `share` with the modal pattern is above its own past."""
    rules = quality_rules()
    found = 0
    for number in range(quarters):
        rng = random.Random(f"past {seed} {number}")
        own = {"q0": characters(world, rng)["q0"]}
        before = [quarter(world, rng, own) for _ in range(_PAST_QUARTERS)]
        levels = [judgements(one, ["q0"], rules, AT_THE_END)[0].levels["q0"] for one in before]
        forms = quarter(world, rng, own)
        forms["q0"] = with_pattern(share, 0, disguised=True)(forms["q0"], rng)
        (said,) = judgements(forms, ["q0"], rules, AT_THE_END, {"q0": levels})
        found += any(finding.rule == "above_past" for finding in said.findings)
    return found / quarters


def code_power(more: float, quarters: int, *, seed: int) -> float:
    """Share of quarters in which a unit that adds `more` forms without a code, as a part of the honest ones, is found.

    Honest units have 60 % without, sd 5 points, and 1,200 forms; three others are compared with.
    """
    rules = quality_rules()
    rng = random.Random(f"codes {seed}")
    found = 0
    for _ in range(quarters):
        units = [(round(1200 * rng.gauss(0.6, 0.05)), 1200) for _ in range(4)]
        forged = round(1200 * more)
        own = (units[0][0] + forged, 1200 + forged)
        found += without_code("unit", own, units[1:], rules) is not None
    return found / quarters


def _report(
    name: str, forge: Forger, by: Collection[str], quarters: int, looks: Sequence[int] = AT_THE_END
) -> None:
    shares = [
        power(World(300, level=level), forge, by, quarters, seed=2, looks=looks) for level in LEVELS
    ]
    print(f"{name}: {_percents(shares)}", flush=True)


def _percents(shares: Sequence[float]) -> str:
    return ", ".join(f"{share:.1%}" for share in shares)


if __name__ == "__main__":
    main()
