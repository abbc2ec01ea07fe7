"""`survey-app backup`: one file with the whole installation, while the server runs."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from survey_app.config import Settings
from survey_app.domain.weeks import local_day, utc_now
from survey_app.store import backup
from survey_app.store.engine import Database

WRONG_USE = 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("backup", help="write the whole installation to one file")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="default: DATA_DIR/backups, named by the day"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write it and say what is in it. An old migration is no obstacle: before an upgrade is when one is wanted."""
    settings = Settings.from_environment(environ)
    today = local_day(utc_now())
    path = args.output or settings.data_dir / backup.FOLDER / backup.name_of(today)
    database = Database(settings.database_url)
    try:
        written = backup.write(path, database, settings.data_dir, today)
    except FileExistsError:
        print(f"{path} is there already. Name another with --output.", file=sys.stderr)
        return WRONG_USE
    except OSError as error:
        print(f"{path} cannot be written: {error}", file=sys.stderr)
        return WRONG_USE
    finally:
        database.dispose()
    rows = sum(written.tables.values())
    print(f"{path}: {rows} rows of {len(written.tables)} tables, {', '.join(written.files)}")
    print("It holds every key of this server: keep it as safe as the server itself.")
    return 0
