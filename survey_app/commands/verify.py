"""`survey-app verify`: recount everything from the forms and compare. Exit code 1 when anything differs."""

import argparse
import json
from collections.abc import Mapping

from survey_app.commands._opening import opened
from survey_app.domain.problem import Problem
from survey_app.store.verification import verify

MEANINGS = {
    "verify.counter_day_missing": "there are forms, but no counter-day for them",
    "verify.form_altered": "the form is not what its content hash says",
    "verify.forms_added": "the counter-day has more forms than were taken in",
    "verify.forms_missing": "the counter-day has fewer forms than were taken in",
    "verify.remark_without_form": "the form of this remark is gone",
    "verify.sums_differ": "the sums kept for the figures are not those of the vintage (see `survey-app rebuild`)",
    "verify.totals_differ": "the totals are not those of the forms (see `survey-app rebuild`)",
    "verify.unknown_version": "the questionnaire version of this form is gone",
    "verify.vintage_differs": "the vintage is not what its forms give",
    "verify.vintage_missing": "a vintage is gone",
    "verify.week_not_of_day": "the week is not that of the day",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("verify", help="recount everything from the forms and compare")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print every finding; 0 when there is none."""
    with opened(environ) as (_settings, database), database.reading() as connection:
        findings = verify(connection)
    if args.json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        print("\n".join(map(_line, findings)) or "Everything agrees.")
    return 1 if findings else 0


def _line(finding: Problem) -> str:
    number = f" vintage {finding.params['number']}" if "number" in finding.params else ""
    return f"{finding.where}{number}: {MEANINGS[finding.code]} [{finding.code}]"
