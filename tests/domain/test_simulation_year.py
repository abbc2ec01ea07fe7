"""The demonstration's year: what its story says is what its forms show."""

import random
from datetime import date
from functools import cache
from itertools import pairwise
from statistics import fmean

from survey_app.content import bundled_questionnaire
from survey_app.domain.answers import AnsweredForm, check_answers
from survey_app.domain.simulation import Truth
from survey_app.domain.simulation_year import (
    CROWD,
    LONG_SITTING,
    SITTING,
    WEEKS,
    Visit,
    Ward,
    draw_year,
    is_open,
    make_story,
    queue,
)
from survey_app.domain.weeks import Week

QUESTIONNAIRE = bundled_questionnaire()
LAST = Week(2026, 47)
STORY = make_story(LAST)
WARDS = (
    Ward("12103", 24, Truth(quality=1.0, drift=0.0)),
    Ward("12133", 8, Truth(quality=1.0, drift=0.0)),
)


@cache
def visits() -> tuple[Visit, ...]:
    return tuple(draw_year(QUESTIONNAIRE, WARDS, STORY, random.Random(3)))


def share(question: str, chosen: list[Visit]) -> float:
    answers = [visit.citizen.answers.get(question) for visit in chosen]
    return fmean(answer == "yes" for answer in answers if answer in {"yes", "no"})


def test_every_form_is_valid() -> None:
    for visit in visits()[::20]:
        module = QUESTIONNAIRE.module_of(visit.citizen.id)
        form = AnsweredForm(QUESTIONNAIRE, module, visit.citizen.answers, complete=True)
        assert check_answers(form) == []


def test_the_same_seed_draws_the_same_year() -> None:
    small = (Ward("12127", 1, Truth(quality=1.0)),)
    first, second = (
        list(draw_year(QUESTIONNAIRE, small, STORY, random.Random(9))) for _ in range(2)
    )
    assert first == second


def test_the_year_ends_with_the_last_closed_week() -> None:
    days = list(STORY.days)
    assert (len(days), days[-1]) == (7 * WEEKS, LAST.sunday)


def test_the_offices_are_closed_at_tet_and_on_weekends() -> None:
    assert not is_open(date(2026, 2, 17))
    assert not is_open(date(2026, 2, 16))
    assert not is_open(date(2026, 9, 2))
    assert not is_open(date(2026, 11, 21))
    assert is_open(date(2026, 11, 20))
    assert not any(visit.day == date(2026, 2, 18) for visit in visits())


def test_the_action_worked_where_and_when_the_story_says() -> None:
    own = [visit for visit in visits() if visit.ward == STORY.action_ward]
    before = [visit for visit in own if visit.day < STORY.action_from]
    after = [visit for visit in own if visit.day >= STORY.action_from]
    assert share("on_time", after) > share("on_time", before) + 0.1
    assert abs(share("staff_courteous", after) - share("staff_courteous", before)) < 0.04


def test_the_weak_counter_is_weak_in_what_the_story_says() -> None:
    own = [visit for visit in visits() if visit.ward == STORY.weak_counter[:5]]
    weak = [visit for visit in own if visit.counter == STORY.weak_counter]
    others = [visit for visit in own if visit.counter != STORY.weak_counter]
    assert share("staff_courteous", weak) < share("staff_courteous", others) - 0.1
    assert abs(share("fees_posted", weak) - share("fees_posted", others)) < 0.04


def test_the_bad_day_is_bad_in_every_ward() -> None:
    for ward in WARDS:
        own = [visit for visit in visits() if visit.ward == ward.code and visit.second < 61_000]
        bad = [visit for visit in own if visit.day == STORY.bad_day]
        assert share("overall_content", bad) < share("overall_content", own)


def test_forms_are_filled_in_quickly_after_closing() -> None:
    days: dict[date, list[Visit]] = {}
    for visit in visits():
        if visit.counter == STORY.forging_counter and visit.second > 61_200:
            days.setdefault(visit.day, []).append(visit)
    assert min(days) >= STORY.forging_from
    for sitting in days.values():
        seconds = [visit.second for visit in sitting]
        gaps = [later - earlier for earlier, later in pairwise(seconds)]
        is_long = Week.of(min(v.day for v in sitting)).monday >= STORY.forging_hard_from
        assert len(sitting) == (LONG_SITTING if is_long else SITTING)
        assert max(gaps) <= 45


def test_only_the_tablets_without_network_are_late() -> None:
    late = {(visit.counter, Week.of(visit.day)) for visit in visits() if visit.is_late}
    assert late == {(counter, STORY.offline_week) for counter in STORY.offline_counters}
    # Its quarter is over, so that the demonstration shows a revision.
    assert STORY.offline_week.quarter.last_week < LAST


def test_many_more_come_in_the_crowded_week() -> None:
    own = [visit for visit in visits() if visit.ward == STORY.action_ward]
    weeks = [Week.of(visit.day) for visit in own]
    usual = weeks.count(STORY.offline_week.previous())
    assert weeks.count(STORY.offline_week) > 0.8 * CROWD * usual


def test_one_tablet_serves_one_citizen_at_a_time() -> None:
    served = queue(60, random.Random(1))
    starts = [second - active for second, active in served]
    assert all(start >= end for start, (end, _) in zip(starts[1:], served, strict=False))


def test_a_story_lies_within_its_year() -> None:
    later = make_story(Week(2027, 10))
    moments = (later.bad_day, later.action_from, later.forging_from, later.offline_week.monday)
    assert all(later.start < moment <= Week(2027, 10).sunday for moment in moments)
