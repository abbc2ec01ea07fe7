"""A year and more at simulated counters, with what is true of it: for the demonstration, never beside real forms.

In it: a slow trend; one bad day for everybody (the portal is down); an action that worked; a counter that does less well than
the others; a counter whose staff fill forms in, a few at first, in the end so many that the unit's figures are withheld;
Tết; and a crowded week in which two tablets have no network, so that their forms come late and enter a revision.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import log

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import Citizen, Truth, day_quality, draw_citizen
from survey_app.domain.weeks import Week

# A year, and more than a quarter before it: every period has one a year earlier to stand beside, and that one a
# quarter of experience before it, without which weeks of the first quarter would not be published one by one.
WEEKS = 72
BAD_DAY_DROP = 2.4
# A revision enters only where every figure gains at least thirty forms or none: a crowded week's two tablets bring them.
CROWD = 4
ACTION_LIFT = 1.6
ACTION_ITEMS = ("on_time", "deadline_told", "overall_content")
WEAK_DROP = -1.4
WEAK_ITEMS = ("staff_competent", "staff_courteous")
SITTING, LONG_SITTING = 6, 20

_OPENING, _CLOSING = 7 * 3600 + 1800, 16 * 3600 + 1800
_MEDIAN_SECONDS, _SPREAD_SECONDS = 70.0, 0.4
_CHANGE_OVER = 10
# First day of the lunar year.
_TET = {
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 2),
    2031: date(2031, 1, 23),
}
_FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}


@dataclass(frozen=True, slots=True)
class Ward:
    """What is simulated of one unit: forms on a working day at all its counters together."""

    code: str
    forms_a_day: int
    truth: Truth
    counters: tuple[str, ...] = ("q1", "q2", "q3")


@dataclass(frozen=True, slots=True)
class Story:
    """What is true of the year: the days and places of everything that happens in it."""

    start: date
    bad_day: date
    action_ward: str
    action_from: date
    weak_counter: str
    forging_counter: str
    forging_from: date
    forging_hard_from: date
    offline_counters: tuple[str, ...]
    offline_week: Week

    @property
    def days(self) -> Iterator[date]:
        """Every day of the year, closed ones included."""
        return (self.start + timedelta(days=number) for number in range(7 * WEEKS))

    def lifts(self, counter: str, day: date) -> dict[str, float]:
        """What the action, and a counter's own ways, do to single questions."""
        is_there = counter.startswith(f"{self.action_ward}-")
        has_worked = is_there and day >= self.action_from
        lifts = dict.fromkeys(ACTION_ITEMS, ACTION_LIFT) if has_worked else {}
        weak = dict.fromkeys(WEAK_ITEMS, WEAK_DROP) if counter == self.weak_counter else {}
        return lifts | weak

    def shift(self, day: date) -> float:
        """What the day does to everybody, beyond its usual luck."""
        return -BAD_DAY_DROP if day == self.bad_day else 0.0

    def is_late(self, counter: str, day: date) -> bool:
        """Whether the form reaches the server only after its week was closed."""
        return counter in self.offline_counters and Week.of(day) == self.offline_week

    def crowd(self, ward: str, day: date) -> float:
        """How many times as many people come as on a usual day."""
        is_there = any(counter.startswith(f"{ward}-") for counter in self.offline_counters)
        return CROWD if is_there and Week.of(day) == self.offline_week else 1.0

    def forged(self, counter: str, day: date) -> int:
        """How many forms staff sit down to fill in: on three afternoons a week, in the end many more."""
        is_there = counter == self.forging_counter and day >= self.forging_from
        if not is_there or day.weekday() not in {1, 3, 4}:
            return 0
        return LONG_SITTING if day >= self.forging_hard_from else SITTING


@dataclass(frozen=True, slots=True)
class Visit:
    """One form: where, when (`second` of the local day it was finished), and how long it took."""

    ward: str
    counter: str
    day: date
    second: int
    active_seconds: int
    citizen: Citizen
    is_late: bool


def make_story(last: Week) -> Story:
    """The story of the year that ends with the closed week `last`."""
    start = last.monday - timedelta(days=7 * (WEEKS - 1))
    return Story(
        start=start,
        bad_day=last.monday - timedelta(days=7 * 5 - 1),
        action_ward="12103",
        action_from=last.monday - timedelta(days=7 * 20),
        weak_counter="12103-q2",
        forging_counter="12133-q2",
        forging_from=last.monday - timedelta(days=7 * 12),
        forging_hard_from=last.monday - timedelta(days=7 * 4),
        offline_counters=("12103-q1", "12103-q3"),
        offline_week=Week.of(last.monday - timedelta(days=7 * 16)),
    )


def is_open(day: date) -> bool:
    """Whether the offices are open: Monday to Friday, without public holidays and the week of Tết."""
    new_year = _TET.get(day.year)
    is_tet = new_year is not None and -2 <= (day - new_year).days <= 4
    return day.weekday() < 5 and not is_tet and (day.month, day.day) not in _FIXED_HOLIDAYS


def draw_year(
    questionnaire: Questionnaire, wards: tuple[Ward, ...], story: Story, rng: random.Random
) -> Iterator[Visit]:
    """Every visit of the year, ward by ward and day by day."""
    for ward in wards:
        for day in story.days:
            if is_open(day):
                yield from _draw_day(questionnaire, ward, story, day, rng)


def _draw_day(
    questionnaire: Questionnaire, ward: Ward, story: Story, day: date, rng: random.Random
) -> Iterator[Visit]:
    quality = day_quality(ward.truth, story.start, day, rng) + story.shift(day)
    expected = ward.forms_a_day * story.crowd(ward.code, day)
    number = max(0, round(rng.gauss(expected, expected**0.5)))
    chosen = sorted(rng.choice(ward.counters) for _ in range(number))
    for place, group in groupby(chosen):
        counter = f"{ward.code}-{place}"
        is_late = story.is_late(counter, day)
        lifts = story.lifts(counter, day)
        for second, active in queue(sum(1 for _ in group), rng):
            citizen = draw_citizen(questionnaire, quality, rng, lifts)
            yield Visit(ward.code, counter, day, second, active, citizen, is_late)
    yield from _forged(questionnaire, ward, story, day, rng)


def _forged(
    questionnaire: Questionnaire, ward: Ward, story: Story, day: date, rng: random.Random
) -> Iterator[Visit]:
    """A sitting after closing time: quick forms, all content, hardly different from each other."""
    for place in ward.counters:
        counter = f"{ward.code}-{place}"
        second = _CLOSING + 1800
        for _ in range(story.forged(counter, day)):
            active = rng.randint(18, 30)
            second += active + rng.randint(5, 12)
            citizen = draw_citizen(questionnaire, 5.0, rng)
            yield Visit(ward.code, counter, day, second, active, citizen, is_late=False)


def queue(number: int, rng: random.Random) -> list[tuple[int, int]]:
    """(finishing second, active seconds) of citizens one after the other at one tablet; most come in the morning."""
    arrivals = sorted(_arrival(rng) for _ in range(number))
    visits, free = [], 0
    for arrival in arrivals:
        active = max(15, round(rng.lognormvariate(log(_MEDIAN_SECONDS), _SPREAD_SECONDS)))
        free = max(arrival, free + _CHANGE_OVER) + active
        visits.append((free, active))
    return visits


def _arrival(rng: random.Random) -> int:
    if rng.random() < 2 / 3:
        return round(rng.triangular(_OPENING, _OPENING + 9000, _OPENING + 3600))
    return round(rng.uniform(_OPENING, _CLOSING))
