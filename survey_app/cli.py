"""`survey-app`: one command each. Exit codes: 0 done, 1 a finding, 2 wrong use."""

import argparse
import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from survey_app import __version__
from survey_app.commands import COMMANDS
from survey_app.config import SettingsError

FINDING = 1
WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; no traceback for a wrong setting, a full disk or a database that is away."""
    parser = build_parser()
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args, os.environ))
    except SettingsError as error:
        for message in error.messages:
            print(message, file=sys.stderr)
        return WRONG_USE
    except OperationalError as error:
        print(f"The database cannot be reached or written: {error.orig}", file=sys.stderr)
        return FINDING


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    parser = argparse.ArgumentParser(prog="survey-app", description=__doc__)
    parser.add_argument("--version", action="version", version=f"survey-app {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    return parser
