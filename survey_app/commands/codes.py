"""`survey-app codes make`: one-time codes for receipts, as a feed (CSV) or as sheets to print (HTML)."""

import argparse
import sys
from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path

from survey_app.commands._opening import opened
from survey_app.domain.codes import MOST_AT_ONCE, last_day, way_problems
from survey_app.domain.weeks import local_day, utc_now
from survey_app.store import codes, units
from survey_app.store.engine import Database
from survey_app.store.units import Unit

WRONG_USE = 2
STYLE = Path(__file__).parents[1] / "web" / "static" / "sheet.css"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("codes", help="make one-time codes for receipts")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    make = actions.add_parser("make", help="make codes that are good for 14 days")
    make.add_argument("--unit", required=True, help="the unit's code or id, for example 12103")
    make.add_argument("--number", required=True, type=int, help=f"how many, at most {MOST_AT_ONCE}")
    make.add_argument("--format", choices=("csv", "html"), default="csv", help="feed or sheets")
    make.add_argument("--output", type=Path, help="file to write; without it, standard output")
    make.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make the codes; they are written once and kept nowhere."""
    with opened(environ) as (settings, database):
        problem = _wrong_use(args, settings.public_url)
        unit = None if problem else _unit(database, args.unit)
        if unit is None:
            print(problem or f"There is no unit {args.unit}.", file=sys.stderr)
            return WRONG_USE
        today = local_day(utc_now())
        with database.writing() as connection:
            made = codes.make_codes(connection, unit.id, args.number, today)
        _write(args.output, _rendered(args.format, settings.public_url, unit, made, today))
    return 0


def _wrong_use(args: argparse.Namespace, public_url: str) -> str | None:
    if not 1 <= args.number <= MOST_AT_ONCE:
        return f"--number must be from 1 to {MOST_AT_ONCE}."
    if way_problems(public_url):
        return (
            f"Codes are off: phones cannot reach {public_url}. Set SURVEY_APP_PUBLIC_URL to a public "
            "https address; `survey-app doctor` says more."
        )
    return None


def _unit(database: Database, wanted: str) -> Unit | None:
    with database.reading() as connection:
        found = [
            unit
            for unit in units.list_units(connection)
            if wanted in {unit.id, unit.code} and codes.online_counter(connection, unit.id)
        ]
    return found[-1] if found else None


def _rendered(kind: str, public_url: str, unit: Unit, made: list[str], today: date) -> str:
    from survey_app.web import sheets

    expires = last_day(today)
    if kind == "csv":
        return sheets.feed(public_url, made, expires.isoformat())
    slips = "\n".join(
        f'<li class="slip">{slip.square}<div><p>Xin Ông/Bà cho ý kiến về việc phục vụ.</p>'
        f'<p class="slip-code">{slip.code}</p>'
        f"<p>Ẩn danh, một lần, đến hết ngày {expires:%d/%m/%Y}.</p></div></li>"
        for slip in sheets.slips(public_url, made)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">'
        f"<title>Mã của {escape(unit.name)}</title>\n"
        f"<style>:root {{ --edge: #86817a }}\n{STYLE.read_text(encoding='utf-8')}</style></head>\n"
        f'<body><ul class="slips">\n{slips}\n</ul></body></html>\n'
    )


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="")
