"""`survey-app inbox`: why forms were not accepted, and judging them again. Nothing of what they say is shown."""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from survey_app.commands._opening import opened
from survey_app.config import Settings
from survey_app.domain.weeks import utc_now
from survey_app.store import inbox
from survey_app.store.engine import Database
from survey_app.store.inbox import Waiting
from survey_app.store.intake import Intake
from survey_app.store.judging_again import STAYS, Judge
from survey_app.store.sealing import Sealing

FINDING = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its two actions."""
    parser = subparsers.add_parser("inbox", help="forms that were not accepted: why, and once more")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="say how many there are, and why")
    listing.set_defaults(run=run, action=_list)
    again = actions.add_parser("again", help="judge them again, and store those that are valid now")
    again.set_defaults(run=run, action=_again)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Open the database and do the action."""
    action: Callable[[Settings, Database], int] = args.action
    with opened(environ) as (settings, database):
        return action(settings, database)


def _list(_settings: Settings, database: Database) -> int:
    """Print a line for each unit and reason."""
    for line in _lines(_waiting(database)):
        print(line)
    return 0


def _again(settings: Settings, database: Database) -> int:
    """Judge everything once more; 1 when something stays that is no conflict."""
    intake = Intake(database, utc_now)
    judge = Judge(database, intake, Sealing.load(settings.data_dir))
    try:
        became = [judge.again(item) for item in _waiting(database)]
    finally:
        intake.close()
    left = _waiting(database)
    new, known = became.count("new"), became.count("known")
    print(f"{new} stored, {known} were here already, {len(left)} stay in the inbox.")
    for line in _lines(left):
        print(line)
    return FINDING if STAYS in became and any(i.kind != inbox.CONFLICT for i in left) else 0


def _waiting(database: Database) -> list[Waiting]:
    with database.reading() as connection:
        return inbox.waiting(connection)


def _lines(items: Iterable[Waiting]) -> list[str]:
    """Unit, kind and reasons with how many, and since when: no id, no answer."""
    groups: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for item in items:
        groups[item.key.unit_id, item.kind, ", ".join(item.reasons)].append(item)
    return [
        f"{unit}  {kind}  {len(found)}  since {min(i.day for i in found)}  {reasons}"
        for (unit, kind, reasons), found in sorted(groups.items())
    ]
