"""`survey-app demo`: an installation of its own with a simulated year and more, marked as such everywhere."""

import argparse
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from itertools import islice

from survey_app.commands.demo_office import (
    abandoned_before,
    is_by_phone,
    record_action,
    remark_of,
    report_dossiers,
)
from survey_app.commands.run import serve_checked
from survey_app.commands.setup import open_and_provision, prepare, print_access
from survey_app.config import Settings
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import Truth
from survey_app.domain.simulation_year import Story, Visit, Ward, draw_year, make_story
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.domain.weeks import LOCAL_ZONE, Clock, Week, last_closed_week, utc_now
from survey_app.provision import Person, add_demo_people
from survey_app.store import accounts
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.vintages import close_due

SEED = 20251
_BATCH = 500
WARDS = (
    Ward("12103", 60, Truth(quality=1.1)),
    Ward("12133", 24, Truth(quality=0.9)),
    Ward("12127", 6, Truth(quality=1.7, drift=-0.006)),
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo", help="a simulated year and more in a data folder of its own"
    )
    parser.add_argument("--no-serve", action="store_true", help="make it and stop")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make the demonstration where there is none, then serve it."""
    settings = prepare(environ, demo=True)
    if not settings.demo:
        print(
            f"{settings.data_dir} holds a real installation: give the demonstration its own folder."
        )
        return 2
    access = open_and_provision(settings, environ)
    if access is not None:
        print("Simulating a year and more…", flush=True)
        people = fill(settings)
        print("What is true in it:")
        for line in tell(make_story(last_closed_week(utc_now()))):
            print(f"  {line}")
        print_access(settings, access)
        for person in people:
            print(f"Demonstration {person.role}: {person.login}  {person.password}")
    return 0 if args.no_serve else serve_checked(settings)


def fill(settings: Settings, clock: Clock = utc_now) -> list[Person]:
    """Draw, store and close the forms; the demonstration's people."""
    database = Database(settings.database_url)
    intake = Intake(database, clock)
    story = make_story(last_closed_week(clock()))
    try:
        with database.reading() as connection:
            questionnaire = current(connection)
        visits = list(draw_year(questionnaire, WARDS, story, random.Random(SEED)))  # noqa: S311 a simulation
        _store(intake, questionnaire, (visit for visit in visits if not visit.is_late))
        close_due(database, story.offline_week.closes_at, quality_rules(), load_scheme())
        # The tablets without network find it again: their forms come after their week was closed.
        _store(intake, questionnaire, (visit for visit in visits if visit.is_late))
        close_due(database, clock(), quality_rules(), load_scheme())
        with database.writing() as connection:
            people = add_demo_people(connection, clock)
            report_dossiers(connection, visits, clock())
            official = accounts.find(connection, people[0].login)
            if official is not None:
                record_action(connection, story, official.id, clock())
        return people
    finally:
        intake.close()
        database.dispose()


def tell(story: Story) -> list[str]:
    """What is true of the simulated year, so that whoever looks at its pages can check them."""
    return [
        "12103 and 12133: a little better every week; 12127: a little worse",
        f"{story.bad_day} ({Week.of(story.bad_day)}): a bad day for everybody",
        f"{story.action_ward} from {story.action_from} ({Week.of(story.action_from)}): dates of results told and kept",
        f"{story.weak_counter}: staff courteous and competent less often than elsewhere",
        f"{story.forging_counter} from {story.forging_from}: staff fill forms in; "
        f"from {story.forging_hard_from} so many that figures of 12133 are withheld",
        f"{', '.join(story.offline_counters)} in {story.offline_week}: a crowd and no network; "
        f"forms came late, and entered when {story.offline_week.quarter} closed",
        "12103: visits at tablets are broken off most often where extra payments are asked about",
        "The week of Tết: closed",
    ]


def _store(intake: Intake, questionnaire: Questionnaire, visits: Iterable[Visit]) -> None:
    forms = (submission(visit, questionnaire) for visit in visits)
    while batch := list(islice(forms, _BATCH)):
        intake.submit_many(batch)


def submission(visit: Visit, questionnaire: Questionnaire) -> Submission:
    """The visit as a tablet would send it on its own day."""
    unit = f"{visit.ward}@2025-07-01"
    by_phone = Sender(unit, f"{visit.ward}-online", "code")
    sender = by_phone if is_by_phone(visit) else Sender(unit, visit.counter, "kiosk")
    raw = {
        "id": visit.citizen.id,
        "questionnaire": questionnaire.hash,
        "unit": sender.unit_id,
        "counter": sender.counter_id,
        "channel": sender.channel,
        "day": visit.day.isoformat(),
        "language": visit.citizen.language,
        "status": "complete",
        "answers": dict(visit.citizen.answers),
        "order_seed": int(visit.citizen.id[:7], 16),
        "active_seconds": visit.active_seconds,
        **remark_of(visit),
        **abandoned_before(visit),
    }
    form = validate(raw, Rules(sender, {questionnaire.hash: questionnaire}, visit.day), b"")
    if not isinstance(form, Submission):
        raise TypeError(f"the simulation drew an invalid form: {form}")
    return replace(form, arrived_at=_arrival(visit))


def _arrival(visit: Visit) -> int:
    midnight = datetime.combine(visit.day, time(), LOCAL_ZONE)
    return int(midnight.timestamp()) + visit.second
