"""`survey-app rebuild`: count every counter-day anew from its forms, and sum every vintage anew from its counts."""

import argparse
from collections.abc import Mapping

from survey_app.commands._opening import opened
from survey_app.store.frozen import sum_all
from survey_app.store.totals import rebuild


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("rebuild", help="count all totals anew from the forms")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Rebuild and say how much."""
    with opened(environ) as (_settings, database), database.writing() as connection:
        number = rebuild(connection)
        kept = sum_all(connection)
    print(f"{number} counter-days counted, {kept} vintages summed.")
    return 0
