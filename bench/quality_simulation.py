"""Quarters of counters with known truth, for the power and the false alarms of the quality rules.

Honest counters differ in level, in what people come for and in their days; people differ from each other; one
tablet serves one citizen at a time, more of them in the morning. Forms are drawn as the rules see them, without a questionnaire
in between, so that thousands of quarters take minutes.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from survey_app.domain.quality import JudgedForm, Judgement, RuleSet, Sample, judge

WEEKS = 13
DAYS = 5
_OPEN, _CLOSE = 7 * 3600 + 1800, 17 * 3600
_WEEK_SECONDS = 7 * 86_400
EASE = (0.3, -0.2, 0.6, 0.9, -0.4, 0.1, 0.4)
STAGES = {
    "submit": (0, 1, 2, 3, 4, 5, 6),
    "collect": (0, 1, 2, 3, 4, 5, 6),
    "ask": (0, 1, 2, 3, 6),
}
# The questions of each stage as shapes name them: the sixth is another one for who submits and who collects.
_SHAPES = {
    "submit": "a b c d e f g satisfaction",
    "collect": "a b c d e F g satisfaction",
    "ask": "a b c d g satisfaction",
}
STAGE_SHARES = {"submit": 48.0, "collect": 42.0, "ask": 10.0}
SILENT = 0.03
# What people came for, their age and sex: shares, and how much better those people fare, in logits.
_WHO = (
    {"cert": (45.0, 0.2), "land": (25.0, -0.2), "construction": (10.0, -0.1), "other": (20.0, 0.0)},
    {"18_34": (35.0, -0.1), "35_59": (45.0, 0.0), "60_up": (15.0, 0.1), "refused": (5.0, -0.1)},
    {"female": (50.0, 0.0), "male": (45.0, 0.0), "refused": (5.0, -0.1)},
)
_MODULES = 7
_MEDIAN_SECONDS, _SPREAD_SECONDS = 75.0, 0.45
_CHANGE_OVER = 10

Forger = Callable[[list[JudgedForm], random.Random], list[JudgedForm]]


@dataclass(frozen=True, slots=True)
class World:
    """What honest counters are like: log-odds of a good answer, and its spreads."""

    forms: int
    counters: int = 4
    level: float = 1.4
    between_counters: float = 0.3
    between_items: float = 0.15
    between_days: float = 0.25
    between_people: float = 0.9
    between_groups: float = 0.2
    between_quarters: float = 0.1


@dataclass(frozen=True, slots=True)
class Character:
    """What stays of a counter from quarter to quarter."""

    level: float
    shares: list[float]
    ease: list[float]
    groups: "_Groups"


def characters(world: World, rng: random.Random) -> dict[str, Character]:
    """Honest counters that differ as `world` says."""
    return {f"q{number}": _character(world, rng) for number in range(world.counters)}


def quarter(
    world: World, rng: random.Random, known: Mapping[str, Character] | None = None
) -> dict[str, list[JudgedForm]]:
    """One quarter of honest forms by counter, of `known` ones or new: about `world.forms` each, in order of time."""
    own = known or characters(world, rng)
    days = [rng.gauss(0, world.between_days) for _ in range(WEEKS * DAYS)]
    return {name: _counter(name, world, one, days, rng) for name, one in own.items()}


def judgements(
    forms: dict[str, list[JudgedForm]],
    places: Sequence[str],
    rules: RuleSet,
    looks: Sequence[int],
    past: Mapping[str, Sequence[float]] | None = None,
) -> list[Judgement]:
    """What the rules say at the closings of the weeks `looks` (1 to 13)."""
    listed = [form for own in forms.values() for form in own]
    samples = [_sample(listed, tuple(places), week) for week in looks]
    return [judge(replace(sample, past=past or {}), rules) for sample in samples]


def in_bursts(share: float, size: int = 5, gap: int = 45) -> Forger:
    """A forger who fills in `share` of all forms in sittings of `size`, at most `gap` seconds apart."""

    def forge(forms: list[JudgedForm], rng: random.Random) -> list[JudgedForm]:
        sittings = max(1, round(share * len(forms) / (1 - share) / size))
        forged = [form for _ in range(sittings) for form in _sitting(forms, size, gap, rng)]
        return _in_order([*forms, *forged])

    return forge


def with_pattern(share: float, rank: int | None, *, disguised: bool = False) -> Forger:
    """A forger who makes `share` of forms one pattern: of `rank` (0 modal) in the honest forms; None: any but the modal.

    The made-up citizen is always the same one, the commonest who answers so; `disguised`: procedure, age and sex are varied
    exactly as among true citizens.
    """

    def forge(forms: list[JudgedForm], rng: random.Random) -> list[JudgedForm]:
        model = _ranked(forms, rank, rng)
        return [_copy(form, model, disguised) if rng.random() < share else form for form in forms]

    return forge


def hurried(share: float) -> Forger:
    """A forger who fills in `share` of forms in 15 to 30 seconds each, spread over the day."""

    def forge(forms: list[JudgedForm], rng: random.Random) -> list[JudgedForm]:
        return [
            replace(form, active_seconds=rng.randint(15, 30)) if rng.random() < share else form
            for form in forms
        ]

    return forge


def tapping_down(share: float) -> Forger:
    """A forger who gives one answer to everything in `share` of forms: seen only where a reversed item was asked."""

    def forge(forms: list[JudgedForm], rng: random.Random) -> list[JudgedForm]:
        return [_tapped(form, rng) if rng.random() < share else form for form in forms]

    return forge


def _tapped(form: JudgedForm, rng: random.Random) -> JudgedForm:
    codes = form.pattern.split()
    pattern = " ".join(["y"] * (len(codes) - 1) + codes[-1:])
    quick = replace(form, pattern=pattern, active_seconds=rng.randint(40, 60))
    if rng.random() > 1 / _MODULES:
        return quick
    return replace(quick, run=len(codes) + 2, reversed_run=3)


def _sample(forms: Sequence[JudgedForm], places: tuple[str, ...], week: int) -> Sample:
    until = [form for form in forms if _week(form) < week]
    judged = frozenset(form.id for form in until if _week(form) == week - 1)
    return Sample(until, judged, places, is_quarter_end=week == WEEKS)


def _week(form: JudgedForm) -> int:
    return (form.seconds or 0) // _WEEK_SECONDS


def _character(world: World, rng: random.Random) -> Character:
    return Character(
        level=world.level + rng.gauss(0, world.between_counters),
        shares=[share * rng.gammavariate(8, 1 / 8) for share in STAGE_SHARES.values()],
        ease=[own + rng.gauss(0, world.between_items) for own in EASE],
        groups=_groups(world, rng),
    )


def _counter(
    name: str, world: World, own: Character, days: Sequence[float], rng: random.Random
) -> list[JudgedForm]:
    level = own.level + rng.gauss(0, world.between_quarters)
    forms: list[JudgedForm] = []
    for number, effect in enumerate(days):
        visits = _visits(world.forms / len(days), rng)
        start = (number // DAYS * 7 + number % DAYS) * 86_400
        for moment, active in visits:
            stage = rng.choices(list(STAGE_SHARES), own.shares)[0]
            who, better = _who(own.groups, rng)
            quality = level + effect + better + rng.gauss(0, world.between_people)
            drawn = _person(stage, quality, own.ease, rng)
            forms.append(
                replace(
                    drawn,
                    id=f"{name}-{len(forms)}",
                    counter=name,
                    who=who,
                    active_seconds=active,
                    seconds=start + moment,
                    minute=moment // 60,
                    weekday=number % DAYS,
                )
            )
    return forms


_Groups = list[tuple[list[str], list[float], list[float]]]


def _groups(world: World, rng: random.Random) -> _Groups:
    """The counter's own mix of procedures, ages and sexes, and how each fares there."""
    drawn = []
    for kinds in _WHO:
        shares = [share * rng.gammavariate(8, 1 / 8) for share, _ in kinds.values()]
        better = [mean + rng.gauss(0, world.between_groups) for _, mean in kinds.values()]
        drawn.append((list(kinds), shares, better))
    return drawn


def _who(groups: _Groups, rng: random.Random) -> tuple[str, float]:
    """One citizen: her procedure, age and sex, and by how many logits she fares better."""
    picked = [rng.choices(range(len(names)), shares)[0] for names, shares, _ in groups]
    names = " ".join(own[0][number] for own, number in zip(groups, picked, strict=True))
    return names, sum(own[2][number] for own, number in zip(groups, picked, strict=True))


def _visits(mean: float, rng: random.Random) -> list[tuple[int, int]]:
    """(finishing moment, active seconds) of a day's citizens, one after the other at one tablet."""
    arrivals = sorted(_arrival(rng) for _ in range(poisson(mean, rng)))
    visits, free = [], 0
    for arrival in arrivals:
        active = max(12, round(rng.lognormvariate(log(_MEDIAN_SECONDS), _SPREAD_SECONDS)))
        free = max(arrival, free + _CHANGE_OVER) + active
        visits.append((free, active))
    return [visit for visit in visits if visit[0] < _CLOSE + 1800]


def _arrival(rng: random.Random) -> int:
    """Seconds of the day: two thirds come in the two hours after opening."""
    if rng.random() < 2 / 3:
        return round(rng.triangular(_OPEN, _OPEN + 7200, _OPEN + 1800))
    return round(rng.uniform(_OPEN, _CLOSE))


def _person(stage: str, quality: float, ease: Sequence[float], rng: random.Random) -> JudgedForm:
    codes, good = [], 0
    for item in STAGES[stage]:
        chance = 1 / (1 + exp(-(quality + ease[item])))
        if rng.random() < SILENT:
            codes.append("d")
        elif rng.random() < chance:
            codes.append("y")
            good += 1
        else:
            codes.append("n")
    steps = sum(rng.random() < 1 / (1 + exp(-quality)) for _ in range(4))
    run, backward = _run(codes, quality, rng)
    known = sum(code != "d" for code in codes) + 1
    return JudgedForm(
        id="",
        counter="",
        channel="kiosk",
        questionnaire="v1",
        items=len(codes) + 7,
        active_seconds=0,
        shape=_SHAPES[stage],
        pattern=" ".join([*codes, str(steps)]),
        score=(good + steps / 4) / known,
        run=run,
        reversed_run=backward,
    )


def _run(codes: Sequence[str], quality: float, rng: random.Random) -> tuple[int, int]:
    """Three reversed items follow in one module of seven; who is content seldom says yes to them."""
    if rng.random() > 1 / _MODULES:
        return 0, 0
    backward = 0
    while backward < 3 and rng.random() > 1 / (1 + exp(-quality)):
        backward += 1
    tail = 0
    for code in reversed(codes):
        if code != "y":
            break
        tail += 1
    return (tail + backward, backward) if backward else (0, 0)


def _sitting(
    forms: Sequence[JudgedForm], size: int, gap: int, rng: random.Random
) -> list[JudgedForm]:
    model = rng.choice(forms)
    moment = model.seconds or 0
    made = []
    for number in range(size):
        pause = rng.randint(gap * 2 // 3, gap)
        moment += pause
        own = replace(
            rng.choice(forms),
            id=f"forged-{rng.getrandbits(64):x}-{number}",
            seconds=moment,
            minute=moment % 86_400 // 60,
            weekday=model.weekday,
            active_seconds=rng.randint(pause * 2 // 3, pause),
        )
        made.append(own)
    return made


def _ranked(forms: Sequence[JudgedForm], rank: int | None, rng: random.Random) -> JudgedForm:
    by_pattern: dict[tuple[str, str], list[JudgedForm]] = {}
    for form in forms:
        by_pattern.setdefault((form.shape, form.pattern), []).append(form)
    ordered = sorted(by_pattern.values(), key=lambda own: (-len(own), own[0].pattern))
    own = rng.choice(ordered[1:]) if rank is None else ordered[rank]
    often = Counter(form.who for form in own)
    return max(own, key=lambda form: (often[form.who], form.who))


def _copy(form: JudgedForm, model: JudgedForm, disguised: bool) -> JudgedForm:
    return replace(
        form,
        shape=model.shape,
        pattern=model.pattern,
        who=form.who if disguised else model.who,
        score=model.score,
        run=model.run,
        reversed_run=model.reversed_run,
    )


def _in_order(forms: Sequence[JudgedForm]) -> list[JudgedForm]:
    return sorted(forms, key=lambda form: form.seconds or 0)


def poisson(mean: float, rng: random.Random) -> int:
    """Knuth 1969: events before the product of uniforms falls under e^−mean."""
    limit, product, number = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number
