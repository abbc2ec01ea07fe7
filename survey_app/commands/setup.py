"""`survey-app setup`: make what is missing — folder, secret, tables, units, questionnaire, administrator."""

import argparse
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from survey_app.accounts.passwords import LEAST
from survey_app.accounts.people import Refused
from survey_app.config import PREFIX, Settings, data_dir_from, write_settings_file
from survey_app.domain.weeks import utc_now
from survey_app.provision import FirstAccess, provision
from survey_app.store.engine import Database
from survey_app.store.migrate import upgrade


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("setup", help="make what is missing; change nothing else")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Prepare the installation and print what is shown only once."""
    settings = prepare(environ, demo=False)
    try:
        access = open_and_provision(settings, environ)
    except Refused:
        name = PREFIX + "ADMIN_PASSWORD"
        print(f"{name} is too weak: set at least {LEAST} characters, or unset it.", file=sys.stderr)
        return 2
    if access is not None:
        print_access(settings, access)
    return 0


def prepare(environ: Mapping[str, str], *, demo: bool) -> Settings:
    """The data folder and its secrets, made where missing; then the settings, checked."""
    data_dir = data_dir_from(environ)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    defaults = {"DEMO": "1"} if demo else {}
    if PREFIX + "SECRET_KEY" not in environ:
        defaults["SECRET_KEY"] = secrets.token_urlsafe(48)
    write_settings_file(data_dir, defaults)
    return Settings.from_environment(environ)


def open_and_provision(settings: Settings, environ: Mapping[str, str]) -> FirstAccess | None:
    """Migrate and seed; what was made for the first time, or None."""
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        with database.writing() as connection:
            return provision(connection, utc_now, environ.get(PREFIX + "ADMIN_PASSWORD"))
    finally:
        database.dispose()


def print_access(settings: Settings, access: FirstAccess) -> None:
    """Say once how to get in."""
    print(f"Data folder: {Path(settings.data_dir)}")
    print(f"First administrator: {access.administrator}")
    if access.password is not None:
        print(f"Password (shown only now): {access.password}")
    print("First tablet (open once on the tablet within 24 hours):")
    print(f"  {settings.public_url}/kiosk/pair/{access.kiosk_token}")
