"""`survey-app restore`: make the installation what a backup says. Also the way from SQLite to PostgreSQL."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from survey_app.commands.verify import MEANINGS
from survey_app.config import Settings, data_dir_from
from survey_app.store import questionnaires, restoring
from survey_app.store.engine import Database
from survey_app.store.restoring import BackupError, Contents, InTheWay
from survey_app.store.verification import verify

FINDING = 1
WRONG_USE = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("restore", help="bring a backup back; stop the server first")
    parser.add_argument("file", type=Path, metavar="FILE", help="what `survey-app backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="overwrite what is in the database and data folder"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Check, restore, recount; 1 when the counts do not agree, 2 when nothing was restored."""
    try:
        found = restoring.read(args.file)
        data_dir = data_dir_from(environ)
        restoring.place_files(found, data_dir, replace=args.replace)
        return _fill(found, Settings.from_environment(environ), replace=args.replace)
    except InTheWay as error:
        print(f"{error}. With --replace it is overwritten.", file=sys.stderr)
    except (BackupError, OSError) as error:
        print(error, file=sys.stderr)
    return WRONG_USE


def _fill(found: Contents, settings: Settings, *, replace: bool) -> int:
    database = Database(settings.database_url)
    try:
        restoring.fill(found, database, replace=replace)
        with database.reading() as connection:
            findings = verify(connection)
            live = questionnaires.live_hash(connection)
    finally:
        database.dispose()
    rows = sum(said["rows"] for said in found.tables.values())
    print(f"Restored: {rows} rows as of {found.day}, into {settings.data_dir}.")
    for finding in findings:
        print(f"{finding.where}: {MEANINGS[finding.code]} [{finding.code}]")
    if live:
        print(
            f"Questionnaire in use: {live[:12]}. Publish again what was published since, then start."
        )
    print("Tablets will offer what they sent in the last seven days, once they reach the server.")
    return FINDING if findings else 0
