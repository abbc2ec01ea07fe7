"""What is true of the demonstration's year is what its published figures, and so its pages, say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import fmean

import pytest
from sqlalchemy import Connection

from survey_app.commands.demo import fill
from survey_app.config import Settings
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain import actions as effects
from survey_app.domain.breakoff import break_offs
from survey_app.domain.bulletin import Change, Figure
from survey_app.domain.doubt import tablet_forms_by_module
from survey_app.domain.material import Material
from survey_app.domain.modules import ChiSquare
from survey_app.domain.simulation_year import make_story
from survey_app.domain.weeks import Week, last_closed_week
from survey_app.office.beside import RARE
from survey_app.office.brief import Known, brief
from survey_app.office.coverage import coverage
from survey_app.office.pulling import pulling
from survey_app.office.reaching import reaching
from survey_app.office.years import year_changes
from survey_app.provision import seed
from survey_app.store import actions, frozen, quality, questionnaires
from survey_app.store import break_offs as stored
from survey_app.store.engine import Database
from survey_app.store.materials import read_material
from survey_app.store.migrate import upgrade

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("vietnamese")]
# After the Tết of 2027: the year then holds that of 2026 too.
NOW = datetime(2027, 3, 1, 0, 30, tzinfo=UTC)
LAST = last_closed_week(NOW)
STORY = make_story(LAST)
BAD_WEEK = Week.of(STORY.bad_day)
MY_HAO, DUONG_HAO, THUONG_HONG = (f"{code}@2025-07-01" for code in ("12103", "12133", "12127"))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The demonstration as somebody would have made it on `NOW`."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'survey.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with database.writing() as connection:
        seed(connection, lambda: NOW)
    fill(Settings(folder, url, "not a secret", demo=True), lambda: NOW)
    with database.reading() as connection:
        yield connection
    database.dispose()


def material(year: Connection, unit: str, week: Week, as_of: Week | None = None) -> Material:
    return read_material(year, unit, week, load_scheme(), quality_rules(), as_of)


def rate(year: Connection, unit: str, week: Week) -> Figure:
    return material(year, unit, week).satisfaction


def weeks_before(last: Week, number: int) -> list[Week]:
    weeks = [last]
    while len(weeks) < number:
        weeks.append(weeks[-1].previous())
    return weeks[::-1]


def width(figure: Figure) -> float:
    return (figure.high or 0.0) - (figure.low or 0.0)


def answers(found: Material) -> list[str]:
    known = Known(coverage(found), pulling(found))
    return [" ".join(one.sentences) for one in brief(found.bulletin, found.scheme, known)]


def test_the_trend_is_seen_within_the_year_and_against_the_year_before(year: Connection) -> None:
    weeks = weeks_before(LAST, 60)
    found = [rate(year, MY_HAO, week).value for week in (*weeks[:15], *weeks[-15:])]
    early, late = ([v for v in part if v is not None] for part in (found[:15], found[15:]))
    assert fmean(late) > fmean(early) + 2
    change = year_changes(year, material(year, MY_HAO, LAST))["5"]
    assert isinstance(change, Change)
    assert change.value > 0


def test_the_bad_day_shows_in_its_week_and_no_fall_is_claimed(year: Connection) -> None:
    bad = rate(year, MY_HAO, BAD_WEEK)
    usual = [rate(year, MY_HAO, week) for week in (BAD_WEEK.previous(), BAD_WEEK.next())]
    for figure in usual:
        assert (bad.value or 0) < (figure.value or 0)
        assert width(bad) > 1.5 * width(figure)
    sure = answers(material(year, MY_HAO, BAD_WEEK))[1]
    assert "các ngày trong kỳ rất khác nhau" in sure
    assert "các ngày trong kỳ rất khác nhau" not in answers(material(year, MY_HAO, LAST))[1]


def test_the_action_stands_between_a_lower_and_a_higher_score(year: Connection) -> None:
    [made] = actions.actions(year, MY_HAO)
    assert made.day == STORY.action_from
    known = effects.Action(made.id, made.day, made.words, made.dimension)
    whole = {**frozen.week_psus(year, MY_HAO, weeks_before(LAST, 60))}
    archive = material(year, MY_HAO, LAST).archive(whole)
    found = effects.effect(known, [known], archive, LAST)
    assert isinstance(found, effects.Effect)
    assert found.change.low > 0
    assert found.change.direction is None


def test_what_would_help_is_the_weak_counter(year: Connection) -> None:
    found = reaching(year, material(year, MY_HAO, LAST))
    first = found.steps[0]
    assert first.counter == "Quầy 2"
    assert first.name in {"Cán bộ có lịch sự với Ông/Bà không?", "Cán bộ có thạo việc không?"}


def test_few_forged_forms_are_flagged_and_many_withhold_the_figures(year: Connection) -> None:
    week = Week.of(STORY.forging_from).next().next()
    few = material(year, DUONG_HAO, week)
    assert few.satisfaction.value is not None
    assert "satisfaction" in few.without_flagged()
    last = material(year, DUONG_HAO, LAST)
    assert last.satisfaction.withheld is not None
    assert last.satisfaction.withheld.code == "quality.withheld"
    assert answers(last)[0].startswith("Không công bố tỷ lệ hài lòng: quá 25% số phiếu")
    for judged in (week, LAST):
        rules = {(f.place, f.rule) for _, f in quality.findings(year, DUONG_HAO, [str(judged)])}
        assert (STORY.forging_counter, "burst") in rules


def test_visits_are_broken_off_most_where_extra_payments_are_asked_about(year: Connection) -> None:
    found = material(year, MY_HAO, LAST)
    weeks = [week for week in LAST.quarter.weeks if week <= LAST]
    finished = tablet_forms_by_module(found.weeks, LAST.quarter, found.versions)
    broken = break_offs(finished, stored.of_weeks(year, MY_HAO, weeks), found.versions)
    shares = [share or 0 for share in broken.by_module]
    assert shares[1] == max(shares) >= 2 * sorted(shares)[-2] - 1
    assert next(iter(broken.by_question)) == "extra_payment"
    assert isinstance(broken.test, ChiSquare)
    assert broken.test.p < RARE


def test_weeks_near_tet_stand_beside_those_of_the_other_tet(year: Connection) -> None:
    # Mùng một: 06/02/2027 in week 5, 17/02/2026 in week 8; the week before it.
    before = material(year, MY_HAO, Week(2027, 4))
    change = year_changes(year, before)["satisfaction"]
    assert isinstance(change, Change)
    assert (change.after, change.before) == ("2027-W04", "2026-W07")
    tet = material(year, MY_HAO, Week(2027, 5))
    assert (tet.bulletin.forms or 0) < 0.8 * (before.bulletin.forms or 0)
    assert "Đây là tuần Tết Nguyên đán (mùng một: 06/02/2027)." in answers(tet)[1]


def test_the_thin_ward_is_published_on_longer_periods(year: Connection) -> None:
    found = rate(year, THUONG_HONG, LAST)
    assert found.value is not None
    assert "W" not in found.window
    assert width(found) > 10


def test_the_offline_week_is_published_twice(year: Connection) -> None:
    week = STORY.offline_week
    now, first = (material(year, MY_HAO, week, as_of) for as_of in (None, week))
    assert now.bulletin.revisions[str(week)] == 2
    assert first.bulletin.revisions[str(week)] == 1
    assert (now.bulletin.forms or 0) > 2 * (first.bulletin.forms or 0) > 0
    assert (now.satisfaction.n or 0) > 2 * (first.satisfaction.n or 0)
    assert questionnaires.versions(year).keys() == now.versions.keys()
