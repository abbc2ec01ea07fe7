"""Made-up citizens for the demonstration: valid answers from a known truth. Never used beside real forms."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import exp
from types import MappingProxyType

from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, Question, Questionnaire
from survey_app.domain.routing import Answer, holds

PROCEDURES = {"cert": 45, "other": 30, "land": 15, "construction": 10}
STAGES = {"submit": 45, "collect": 40, "returned": 8, "ask": 7}
_SILENT = {DONT_KNOW: 0.03, REFUSED: 0.02}


@dataclass(frozen=True, slots=True)
class Truth:
    """What a unit is like: log-odds of a good answer, sd of its shared day effect, drift a week."""

    quality: float
    day_spread: float = 0.25
    drift: float = 0.008


@dataclass(frozen=True, slots=True)
class Citizen:
    """One drawn visit: form id, language, answers."""

    id: str
    language: str
    answers: Mapping[str, Answer]


def day_quality(truth: Truth, start: date, day: date, rng: random.Random) -> float:
    """The log-odds of a good answer on one day, the same at every counter of the unit."""
    weeks = (day - start).days / 7
    return truth.quality + truth.drift * weeks + rng.gauss(0, truth.day_spread)


def draw_citizen(
    questionnaire: Questionnaire,
    quality: float,
    rng: random.Random,
    lifts: Mapping[str, float] = MappingProxyType({}),
) -> Citizen:
    """One citizen's complete form; `lifts` adds to the log-odds of single questions, where an action worked on them."""
    form_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    module = questionnaire.module_of(form_id)
    own = quality + rng.gauss(0, 0.6)
    answers: dict[str, Answer] = {}
    for block, question in questionnaire.walk():
        if block.module not in {None, module} or question.kind == "remark":
            continue
        if question.show_if is None or holds(question.show_if, answers):
            chance = 1 / (1 + exp(-(own + lifts.get(question.id, 0.0))))
            answers[question.id] = _draw(question, chance, rng)
    return Citizen(form_id, "en" if rng.random() < 0.02 else "vi", answers)


def _draw(question: Question, own: float, rng: random.Random) -> Answer:
    for code, share in _SILENT.items():
        if code in question.codes and rng.random() < share:
            return code
    if question.id == "procedure":
        return _weighted(PROCEDURES, rng)
    if question.id == "stage":
        return _weighted(STAGES, rng)
    if question.kind == "integer":
        return rng.randint(question.minimum or 0, question.maximum or 0)
    code = _pick(question, own, rng)
    return [code] if question.kind == "multiple" else code


def _pick(question: Question, own: float, rng: random.Random) -> str:
    """A choice, better ones likelier the larger `own`; without a scale all are alike."""
    ranked = _ranked(question)
    if ranked is None:
        return rng.choice([choice.code for choice in question.choices])
    steps = sum(rng.random() < own for _ in range(len(ranked) - 1))
    return ranked[steps]


def _ranked(question: Question) -> list[str] | None:
    if not question.values:
        return None
    is_bad = question.indicator is not None and question.indicator.direction == "negative"
    return sorted(question.values, key=lambda code: question.values[code], reverse=is_bad)


def _weighted(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
