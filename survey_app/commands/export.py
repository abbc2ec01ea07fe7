"""`survey-app export`: the row file of closed weeks, written by the code that the evidence page uses."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from secrets import SystemRandom

from survey_app.commands._opening import opened
from survey_app.config import Settings
from survey_app.domain.rowfile_cells import DIALECTS
from survey_app.domain.rowfile_columns import Layout
from survey_app.domain.weeks import Week, utc_now
from survey_app.store.accounts import record_event
from survey_app.store.engine import Database
from survey_app.store.questionnaires import versions
from survey_app.store.rows import ClosedWeek, closed_weeks, row_file
from survey_app.store.units import subtree_ids

DONE, WRONG_USE = 0, 2


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("export", help="write the row file of closed weeks")
    parser.add_argument("--dialect", choices=sorted(DIALECTS), default="excel")
    parser.add_argument(
        "--unit",
        action="append",
        required=True,
        metavar="UNIT_ID",
        help='as "12103@2025-07-01"; with all units below it; may be given again',
    )
    parser.add_argument("--from", dest="first", type=_week, metavar="WEEK", help='as "2026-W47"')
    parser.add_argument("--to", dest="last", type=_week, metavar="WEEK", help="default: the newest")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write the file; 2 when there is no closed week to write."""
    with opened(environ) as (settings, database):
        chosen = _chosen(args, database)
        if not chosen:
            print("These units have no closed week in that span.", file=sys.stderr)
            return WRONG_USE
        _audit(args, database, chosen)
        return _write(args, settings, database, chosen)


def _write(
    args: argparse.Namespace, settings: Settings, database: Database, chosen: list[ClosedWeek]
) -> int:
    with database.reading() as connection:
        layout = Layout(tuple(versions(connection).values()), demo=settings.demo)
    chunks = row_file(database, chosen, layout, DIALECTS[args.dialect], SystemRandom())
    try:
        _save(args.output, chunks)
    except OSError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    print(f"{args.output}: {sum(closed.forms for closed in chosen)} rows")
    return DONE


def _chosen(args: argparse.Namespace, database: Database) -> list[ClosedWeek]:
    with database.reading() as connection:
        units = frozenset().union(*(subtree_ids(connection, unit) for unit in args.unit))
        closed = closed_weeks(connection, units)
    return [
        each
        for each in closed
        if (args.first is None or each.week >= args.first)
        and (args.last is None or each.week <= args.last)
    ]


def _audit(args: argparse.Namespace, database: Database, chosen: list[ClosedWeek]) -> None:
    detail = {"from": str(chosen[0].week), "to": str(chosen[-1].week), "dialect": args.dialect}
    with database.writing() as connection:
        for unit in sorted({closed.unit_id for closed in chosen}):
            record_event(
                connection, utc_now(), "rows.exported", account_id=None, unit_id=unit, detail=detail
            )


def _save(path: Path, chunks: Iterable[bytes]) -> None:
    # Named as asked only when it is whole: a file cut off by a full disk must not pass for one.
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.writelines(chunks)
    partial.replace(path)


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a week such as 2026-W47") from error
