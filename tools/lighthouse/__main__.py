"""`make lighthouse`: accessibility and performance of three pages as Lighthouse's mobile profile sees them; a table.

The pages are those of a demonstration in `build/`, which is kept, over plain http on this machine: a tablet's first screen, the
long form (the script is held back, as on a browser that is too old for it), and the official's week.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.servers import REPOSITORY, free_port, running
from survey_app.config import Settings
from survey_app.domain.weeks import last_closed_week, utc_now
from survey_app.store import accounts, kiosks
from survey_app.store.engine import Database
from tests.support.browser import flags
from tools.ensure_browser import find
from tools.npm import NODE_FOLDER

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules" / "lighthouse"
DATA = REPOSITORY / "build" / "lighthouse"
UNIT, COUNTER, OFFICIAL = "12103@2025-07-01", "12103-q1", "canbo"
TOKEN = "lighthouse"
GOALS = {"accessibility": 100, "performance": 95}


@dataclass(frozen=True)
class Page:
    """What is looked at: who asks for it, and what is held back from it."""

    name: str
    path: str
    cookie: str
    blocked: str = ""


def main() -> int:
    """Measure and print; 1 where a goal is missed, 2 where something is needed first."""
    if missing := _missing():
        print(missing, file=sys.stderr)
        return 2
    print("| page | accessibility | performance |\n|---|---:|---:|", flush=True)
    week = last_closed_week(utc_now())  # named, for a redirection would lose the cookie
    with _demonstration() as (url, cookies):
        pages = (
            Page("first screen", "/kiosk/", cookies["kiosk"]),
            Page("long form", "/kiosk/", cookies["kiosk"], blocked="*/bundle/kiosk.js"),
            Page("official's week", f"/office/{UNIT}/{week}", cookies["visit"]),
        )
        are_met = [_tell(page, _report(page, url)) for page in pages]
    print(f"Goals: {', '.join(f'{name} {goal}' for name, goal in GOALS.items())}.")
    return 0 if all(are_met) else 1


def _missing() -> str:
    """What has to be there first, in words; empty where nothing is missing."""
    package = PACKAGE / "package.json"
    if not package.is_file():
        return f"{package.parent} is missing. Run: make lighthouse"
    least = json.loads(package.read_text(encoding="utf-8"))["engines"]["node"].lstrip(">=")
    command = [str(NODE_FOLDER / "node"), "--version"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    if _parts(found.lstrip("v")) < _parts(least):
        return (
            f"Lighthouse needs Node {least} or newer; the locked wheel has {found}. Run: make lock"
        )
    return ""


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


@contextmanager
def _demonstration() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Its address, and cookies of a tablet and of an official."""
    port = free_port()
    environ = {"SURVEY_APP_DATA_DIR": str(DATA), "SURVEY_APP_PORT": str(port)}
    command = [sys.executable, "-m", "survey_app", "demo", "--no-serve"]
    DATA.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, check=True, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
    cookies = _cookies(Settings.from_environment(environ))
    with running(["-m", "survey_app", "run"], port, environ):
        yield f"http://127.0.0.1:{port}", cookies


def _cookies(settings: Settings) -> dict[str, str]:
    database, now = Database(settings.database_url), utc_now()
    with database.writing() as connection:
        official = accounts.find(connection, OFFICIAL)
        if official is None:
            raise LookupError(f"{DATA} is no demonstration. Remove it and run this again.")
        accounts.close_session(connection, TOKEN)
        accounts.open_session(connection, TOKEN, official.id, now, seconds=3600)
        credential = kiosks.pair(connection, COUNTER, now)
    database.dispose()
    return {"kiosk": f"kiosk={credential}", "visit": f"visit={TOKEN}"}


def _report(page: Page, url: str) -> dict[str, Any]:
    """What Lighthouse says; raises ValueError where the page led elsewhere."""
    command = [
        *(str(NODE_FOLDER / "node"), str(PACKAGE / "cli" / "index.js"), url + page.path),
        *("--quiet", "--output=json", f"--only-categories={','.join(GOALS)}"),
        f"--chrome-flags=--headless=new {' '.join(flags())}",
        f"--extra-headers={json.dumps({'Cookie': page.cookie})}",
        *([f"--blocked-url-patterns={page.blocked}"] if page.blocked else []),
    ]
    environ = {**os.environ, "CHROME_PATH": str(find())}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environ)
    report: dict[str, Any] = json.loads(done.stdout)
    if not report["finalDisplayedUrl"].startswith(url + page.path):
        raise ValueError(f"{page.path} led to {report['finalDisplayedUrl']}")
    return report


def _tell(page: Page, report: dict[str, Any]) -> bool:
    """A line of the table, and under it what falls short; whether the goals are met."""
    scores = {name: round(report["categories"][name]["score"] * 100) for name in GOALS}
    print(f"| {page.name} | {' | '.join(str(score) for score in scores.values())} |", flush=True)
    short = [name for name, goal in GOALS.items() if scores[name] < goal]
    for name in short:
        for audit in _faults(report, name):
            print(f"  {name}: {audit['id']} {audit.get('displayValue', '')}", flush=True)
    return not short


def _faults(report: dict[str, Any], category: str) -> Iterator[dict[str, Any]]:
    for reference in report["categories"][category]["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if audit["score"] is not None and audit["score"] < 0.9:
            yield audit


if __name__ == "__main__":
    sys.exit(main())
