"""`survey-app close-week`: freeze every week that has ended. For cron beside the server; doing it again changes nothing."""

import argparse
from collections.abc import Mapping

from survey_app.commands._opening import opened
from survey_app.content import load_scheme
from survey_app.content.rules import quality_rules
from survey_app.domain.problem import Problem
from survey_app.domain.weeks import utc_now
from survey_app.store.vintages import close_due

REASONS = {
    "revision.few_late": "{where} would tell of fewer than {needed} late forms",
    "revision.opened": "{where} was withheld and would be given away",
    "revision.closed": "{where} was published and would be withheld, or for another period",
    "revision.emptied": "{where} had {before} forms and would have none",
    "revision.forms_lost": "{where} had {before} forms and would have {after}: run survey-app verify",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("close-week", help="freeze every week that has ended")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Close and name what was closed."""
    with opened(environ) as (_settings, database):
        closed = close_due(database, utc_now(), quality_rules(), load_scheme())
    for item in closed:
        waits = f"; figures wait: {reason(item.waits)}" if item.waits else ""
        print(f"{item.unit_id} {item.week} vintage {item.number}: {item.forms} forms{waits}")
    if not closed:
        print("Nothing to close.")
    return 0


def reason(problem: Problem) -> str:
    """Why figures do not use a revision yet."""
    return REASONS[problem.code].format(where=problem.where, **problem.params)
