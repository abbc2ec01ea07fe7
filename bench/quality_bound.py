"""How much of a disguised repeated pattern anybody could find: the power of a detector that knows almost everything.

It knows which pattern would be forged and in what share of forms, and of the counter its level, the ease of every question,
each day's effect, and so the exact chance of the pattern on every day within its stage. It does not know the one thing that
nobody can know beforehand: in what shares the counter's citizens come to submit, to collect or to ask (honest counters differ
in that by a cv of 0.35). By the lemma of Neyman and Pearson (Lehmann & Romano 2005, 3.2) no detector that knows less has more
power at the same rate of false alarms than its likelihood ratio, averaged over those shares. Real rules know far less
and judge every pattern.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from bench.quality_simulation import (
    DAYS,
    EASE,
    SILENT,
    STAGE_SHARES,
    STAGES,
    WEEKS,
    World,
    poisson,
)

FORGED = 0.1
_DRAWS = 600
_NODES = [(step / 4, exp(-((step / 4) ** 2) / 2)) for step in range(-16, 17)]


@dataclass(frozen=True, slots=True)
class Contented:
    """The pattern with every answer good and the satisfaction at `steps` of four, of one stage."""

    stage: str
    steps: int


@dataclass(frozen=True, slots=True)
class Counts:
    """One quarter: by day the forms with the pattern and its chance within its stage; forms by stage without it."""

    alike: Sequence[int]
    chances: Sequence[float]
    others: dict[str, int]


def oracle_power(
    pattern: Contented, world: World, quarters: int, seed: int, alarms: float = 0.02
) -> float:
    """Share of forged quarters above the likelihood ratio that a share of `alarms` of the honest ones reaches."""
    rng = random.Random(f"bound {seed}")
    honest = sorted(
        _ratio(_quarter(pattern, world, rng, 0.0), pattern, rng) for _ in range(quarters)
    )
    critical = honest[int((1 - alarms) * quarters)]
    forged = (_ratio(_quarter(pattern, world, rng, FORGED), pattern, rng) for _ in range(quarters))
    return sum(ratio > critical for ratio in forged) / quarters


def _quarter(pattern: Contented, world: World, rng: random.Random, share: float) -> Counts:
    level = world.level + rng.gauss(0, world.between_counters)
    ease = [own + rng.gauss(0, world.between_items) for own in EASE]
    stages = _stage_shares(rng)
    alike, chances = [], []
    others = dict.fromkeys(stages, 0)
    for _ in range(WEEKS * DAYS):
        chance = _chance(pattern, level + rng.gauss(0, world.between_days), ease, world)
        seen = 0
        for _ in range(poisson(world.forms / (WEEKS * DAYS), rng)):
            stage = rng.choices(list(stages), list(stages.values()))[0]
            if rng.random() < share or (stage == pattern.stage and rng.random() < chance):
                seen += 1
            else:
                others[stage] += 1
        alike.append(seen)
        chances.append(chance)
    return Counts(alike, chances, others)


def _stage_shares(rng: random.Random) -> dict[str, float]:
    drawn = {stage: share * rng.gammavariate(8, 1 / 8) for stage, share in STAGE_SHARES.items()}
    total = sum(drawn.values())
    return {stage: share / total for stage, share in drawn.items()}


def _chance(pattern: Contented, quality: float, ease: Sequence[float], world: World) -> float:
    """Chance of the pattern in its stage, over what people are like."""
    total = 0.0
    for node, weight in _NODES:
        own = quality + world.between_people * node
        good = _logistic(own)
        steps = {4: good**4, 3: 4 * good**3 * (1 - good)}[pattern.steps]
        for item in STAGES[pattern.stage]:
            steps *= (1 - SILENT) * _logistic(own + ease[item])
        total += weight * steps
    return total / sum(weight for _, weight in _NODES)


def _ratio(counts: Counts, pattern: Contented, rng: random.Random) -> float:
    """Log of the likelihood ratio, forged over honest, each averaged over the stages' shares."""
    honest, forged = [], []
    for _ in range(_DRAWS):
        stages = _stage_shares(rng)
        own = stages[pattern.stage]
        base = sum(number * log(stages[stage]) for stage, number in counts.others.items())
        base += sum(counts.alike) * log(own)
        odds = FORGED / ((1 - FORGED) * own)
        more = sum(n * log(1 + odds / c) for n, c in zip(counts.alike, counts.chances, strict=True))
        honest.append(base)
        forged.append(base + more)
    forms = sum(counts.alike) + sum(counts.others.values())
    return forms * log(1 - FORGED) + _log_mean(forged) - _log_mean(honest)


def _log_mean(values: Sequence[float]) -> float:
    most = max(values)
    return most + log(sum(exp(value - most) for value in values) / len(values))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
