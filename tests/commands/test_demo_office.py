"""What the demonstration knows beside its forms stays possible: valid forms, more dossiers than forms."""

import random
from collections import Counter
from itertools import islice

import pytest

from survey_app.commands.demo import submission
from survey_app.commands.demo_office import record_action, report_dossiers
from survey_app.content import bundled_questionnaire
from survey_app.domain.simulation import Truth
from survey_app.domain.simulation_year import Visit, Ward, draw_year, make_story
from survey_app.domain.weeks import Week
from survey_app.provision import seed
from survey_app.store import actions, dossiers
from survey_app.store.engine import Database
from tests.support.clock import FakeClock

LAST = Week(2026, 47)
MY_HAO = "12103@2025-07-01"


@pytest.fixture(scope="module")
def visits() -> list[Visit]:
    ward = Ward("12103", 20, Truth(quality=1.0))
    year = draw_year(bundled_questionnaire(), (ward,), make_story(LAST), random.Random(4))
    return list(islice(year, 600))


def test_some_come_by_phone_some_with_a_remark_and_all_are_valid(visits: list[Visit]) -> None:
    forms = [submission(visit, bundled_questionnaire()) for visit in visits]
    channels = Counter(form.channel for form in forms)
    assert 20 < channels["code"] < 80
    assert all(form.counter_id == "12103-online" for form in forms if form.channel == "code")
    assert 8 < sum(form.remark is not None for form in forms) < 50
    assert 15 < sum(bool(form.break_offs) for form in forms) < 70
    assert not any(form.break_offs for form in forms if form.channel == "code")


def test_every_group_has_more_dossiers_than_forms(
    database: Database, clock: FakeClock, visits: list[Visit]
) -> None:
    with database.writing() as connection:
        seed(connection, clock)
        report_dossiers(connection, visits, clock())
    weeks = {Week.of(visit.day) for visit in visits}
    with database.reading() as connection:
        found = dossiers.reported(connection, MY_HAO, weeks)
    assert set(found) == weeks
    forms = Counter((Week.of(v.day), v.citizen.answers.get("procedure")) for v in visits)
    for week, known in found.items():
        assert known.total == sum(known.by_group.values())
        assert all(known.by_group[group] >= forms[week, group] for group in known.by_group)


def test_the_storys_action_is_on_record(database: Database, clock: FakeClock) -> None:
    story = make_story(LAST)
    with database.writing() as connection:
        seed(connection, clock)
        record_action(connection, story, 1, clock())
        (made,) = actions.actions(connection, MY_HAO)
    assert (made.day, made.dimension) == (story.action_from, "5")
