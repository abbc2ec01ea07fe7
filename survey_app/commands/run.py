"""`survey-app run`: the production server. Refuses to start half-configured and says why."""

import argparse
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from survey_app.config import Settings
from survey_app.serving import preflight, serve
from survey_app.store.migrate import SchemaError
from survey_app.web.i18n import CatalogueError

ROOMS = (
    ("Citizens (tablet)", "/kiosk/"),
    ("Officials", "/office/"),
    ("Reviewers", "/evidence/"),
    ("Administrators", "/admin/"),
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("run", help="start the server")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Check, print the addresses, serve until interrupted."""
    settings = Settings.from_environment(environ)
    return serve_checked(settings)


def serve_checked(settings: Settings) -> int:
    """Serve, or say on standard error what stands in the way."""
    try:
        preflight(settings)
    except (CatalogueError, SchemaError) as error:
        print(error, file=sys.stderr)
        return 2
    for label, path in ROOMS:
        print(f"{label + ':':20}{settings.public_url}{path}", flush=True)
    if settings.http_port:
        host = urlsplit(settings.public_url).hostname
        print(f"{'Trust (tablets):':20}http://{host}:{settings.http_port}/trust/", flush=True)
    serve(settings)
    return 0
