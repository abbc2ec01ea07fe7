"""`survey-app demo`: an installation of its own with a simulated year, marked as such everywhere."""

import argparse
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from survey_app.commands.run import serve_checked
from survey_app.commands.setup import open_and_provision, prepare, print_access
from survey_app.config import Settings
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.simulation import Truth, day_quality, draw_citizen
from survey_app.domain.submission import Rules, Sender, Submission, validate
from survey_app.domain.weeks import last_closed_week, local_day, utc_now
from survey_app.provision import Person, add_demo_people
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.questionnaires import current
from survey_app.store.vintages import close_due

WEEKS = 52
SEED = 20251
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ward:
    """What is simulated of one unit: forms on a working day at all its counters together."""

    code: str
    forms_a_day: int
    truth: Truth


WARDS = (
    Ward("12103", 60, Truth(quality=1.4)),
    Ward("12133", 24, Truth(quality=1.1)),
    Ward("12127", 4, Truth(quality=1.7, drift=-0.004)),
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("demo", help="a simulated year in a data folder of its own")
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
        print("Simulating a year…", flush=True)
        people = fill(settings)
        print_access(settings, access)
        for person in people:
            print(f"Demonstration {person.role}: {person.login}  {person.password}")
    return 0 if args.no_serve else serve_checked(settings)


def fill(settings: Settings) -> list[Person]:
    """Draw, store and close a year of forms; the demonstration's people."""
    database = Database(settings.database_url)
    intake = Intake(database, utc_now)
    try:
        with database.reading() as connection:
            questionnaire = current(connection)
        forms = year(questionnaire, local_day(utc_now()), random.Random(SEED))  # noqa: S311 a simulation
        while batch := list(islice(forms, _BATCH)):
            intake.submit_many(batch)
        close_due(database, utc_now())
        with database.writing() as connection:
            return add_demo_people(connection, utc_now)
    finally:
        intake.close()
        database.dispose()


def year(questionnaire: Questionnaire, today: date, rng: random.Random) -> Iterator[Submission]:
    """Forms of every ward on every working day of the last year."""
    last = last_closed_week(utc_now()).sunday
    start = last - timedelta(days=7 * WEEKS - 1)
    for ward in WARDS:
        for offset in range(7 * WEEKS):
            day = start + timedelta(days=offset)
            if day.weekday() < 5:
                yield from _day(questionnaire, ward, start, day, today, rng)


def _day(
    questionnaire: Questionnaire,
    ward: Ward,
    start: date,
    day: date,
    today: date,
    rng: random.Random,
) -> Iterator[Submission]:
    quality = day_quality(ward.truth, start, day, rng)
    number = max(0, round(rng.gauss(ward.forms_a_day, ward.forms_a_day**0.5)))
    for _ in range(number):
        citizen = draw_citizen(questionnaire, quality, rng)
        sender = Sender(f"{ward.code}@2025-07-01", f"{ward.code}-q{rng.randint(1, 3)}", "kiosk")
        raw = {
            "id": citizen.id,
            "questionnaire": questionnaire.hash,
            "unit": sender.unit_id,
            "counter": sender.counter_id,
            "channel": sender.channel,
            "day": day.isoformat(),
            "language": citizen.language,
            "status": "complete",
            "answers": dict(citizen.answers),
            "order_seed": rng.getrandbits(31),
            "active_seconds": rng.randint(35, 160),
        }
        form = validate(raw, Rules(sender, {questionnaire.hash: questionnaire}, today), b"")
        if not isinstance(form, Submission):
            raise TypeError(f"the simulation drew an invalid form: {form}")
        yield form
