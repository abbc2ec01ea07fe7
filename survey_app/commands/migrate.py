"""`survey-app migrate`: bring the database to the program's schema. Doing it again changes nothing."""

import argparse
from collections.abc import Mapping

from survey_app.config import Settings
from survey_app.store.migrate import current, head, upgrade


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("migrate", help="bring the database to the newest migration")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Migrate and say from where to where."""
    settings = Settings.from_environment(environ)
    before = current(settings.database_url)
    upgrade(settings.database_url)
    print(f"Migration: {before or 'none'} -> {head()}")
    return 0
