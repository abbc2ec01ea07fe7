"""`survey-app kiosk`: pair tablets with counters, list them, withdraw one, take in what one could not send."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from survey_app.commands._opening import opened
from survey_app.config import Settings
from survey_app.domain.weeks import LOCAL_ZONE, local_day, utc_now
from survey_app.store import kiosks, sealed_file
from survey_app.store.engine import Database
from survey_app.store.intake import Intake
from survey_app.store.sealing import Sealing

FINDING = 1
WRONG_USE = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its three actions."""
    parser = subparsers.add_parser("kiosk", help="pair tablets with counters, list, withdraw")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="print a one-use address that pairs one tablet")
    add.add_argument("counter", metavar="COUNTER", help="the counter, for example 12103-q1")
    add.set_defaults(run=run, action=_add)
    listing = actions.add_parser("list", help="list every tablet ever paired")
    listing.set_defaults(run=run, action=_list)
    take = actions.add_parser("import", help="take in the sealed file of a tablet that cannot send")
    take.add_argument("file", type=Path, metavar="FILE", help="what “Lưu tệp niêm phong” saved")
    take.set_defaults(run=run, action=_import)
    revoke = actions.add_parser("revoke", help="withdraw a tablet's credential")
    revoke.add_argument("kiosk", metavar="KIOSK", help="the tablet, as `kiosk list` names it")
    revoke.set_defaults(run=run, action=_revoke)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Open the database and do the action."""
    action: Callable[[argparse.Namespace, Settings, Database], int] = args.action
    with opened(environ) as (settings, database):
        return action(args, settings, database)


def _add(args: argparse.Namespace, settings: Settings, database: Database) -> int:
    try:
        with database.writing() as connection:
            token = kiosks.invite(connection, args.counter, utc_now())
    except LookupError:
        print(f"There is no counter {args.counter}.", file=sys.stderr)
        return WRONG_USE
    print(f"{settings.public_url}/kiosk/pair/{token}")
    return 0


def _list(_args: argparse.Namespace, _settings: Settings, database: Database) -> int:
    with database.reading() as connection:
        paired = kiosks.list_kiosks(connection)
    for item in paired:
        day = item.paired_at.astimezone(LOCAL_ZONE).date()
        state = "withdrawn" if item.revoked else "in use"
        print(f"{item.kiosk.id}  {item.kiosk.counter_id}  paired {day}  {state}")
    return 0


def _import(args: argparse.Namespace, settings: Settings, database: Database) -> int:
    try:
        found = sealed_file.read(args.file, Sealing.load(settings.data_dir))
    except (OSError, ValueError) as error:
        print(f"{args.file} cannot be read: {error}", file=sys.stderr)
        return WRONG_USE
    intake = Intake(database, utc_now)
    try:
        taken = sealed_file.take(found, database, intake, local_day(utc_now()))
    finally:
        intake.close()
    refused = taken.refused + found.unreadable
    print(f"{taken.new} new forms, {taken.known} already here, {refused} refused.")
    return FINDING if refused else 0


def _revoke(args: argparse.Namespace, _settings: Settings, database: Database) -> int:
    with database.writing() as connection:
        if kiosks.revoke(connection, args.kiosk, utc_now()):
            return 0
    print(f"No tablet {args.kiosk} is in use.", file=sys.stderr)
    return WRONG_USE
