"""Simulated citizens: valid, reproducible, and better where the truth is better."""

import random
from datetime import date

from survey_app.content import bundled_questionnaire
from survey_app.domain.answers import AnsweredForm, check_answers
from survey_app.domain.simulation import Truth, day_quality, draw_citizen

QUESTIONNAIRE = bundled_questionnaire()


def draws(quality: float, number: int = 300) -> list[dict[str, object]]:
    rng = random.Random(7)
    return [dict(draw_citizen(QUESTIONNAIRE, quality, rng).answers) for _ in range(number)]


def test_every_drawn_form_is_valid() -> None:
    rng = random.Random(1)
    for _ in range(300):
        citizen = draw_citizen(QUESTIONNAIRE, 1.0, rng)
        module = QUESTIONNAIRE.module_of(citizen.id)
        form = AnsweredForm(QUESTIONNAIRE, module, citizen.answers, complete=True)
        assert check_answers(form) == []


def test_the_same_seed_draws_the_same_people() -> None:
    assert draws(1.0, 20) == draws(1.0, 20)


def test_better_truth_gives_better_answers() -> None:
    def courteous(quality: float) -> int:
        return sum(answers.get("staff_courteous") == "yes" for answers in draws(quality))

    assert courteous(2.0) > courteous(0.5) > courteous(-1.0)


def test_a_day_is_good_or_bad_for_everybody() -> None:
    truth = Truth(quality=1.0, day_spread=0.5, drift=0.1)
    start = date(2026, 1, 5)
    later = day_quality(truth, start, date(2026, 3, 16), random.Random(3))
    first = day_quality(truth, start, start, random.Random(3))
    assert round(later - first, 9) == 1.0
