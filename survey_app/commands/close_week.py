"""`survey-app close-week`: freeze every week that has ended. For cron beside the server; doing it again changes nothing."""

import argparse
from collections.abc import Mapping

from survey_app.commands._opening import opened
from survey_app.content.rules import quality_rules
from survey_app.domain.weeks import utc_now
from survey_app.store.vintages import close_due


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("close-week", help="freeze every week that has ended")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Close and name what was closed."""
    with opened(environ) as (_settings, database):
        closed = close_due(database, utc_now(), quality_rules())
    for item in closed:
        print(f"{item.unit_id} {item.week} vintage {item.number}: {item.forms} forms")
    if not closed:
        print("Nothing to close.")
    return 0
