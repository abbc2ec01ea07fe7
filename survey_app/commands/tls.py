"""`survey-app tls`: an authority of this installation's own, its certificate, and the settings that use it; again: renews."""

import argparse
import ipaddress
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from survey_app.config import PREFIX, Settings, change_settings_file
from survey_app.domain.weeks import LOCAL_ZONE, utc_now
from survey_app.store import authority
from survey_app.store.authority import Files, OtherHostError

WRONG_USE = 2
EVERYWHERE = "0.0.0.0"  # noqa: S104 tablets are other machines


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("tls", help="make or renew a local authority and certificate")
    parser.add_argument(
        "host",
        metavar="HOST",
        nargs="?",
        help="the name or address tablets open, for example 192.168.1.10; without it the one in use",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make what is missing, set what is not set, and say what to do on the tablets."""
    settings = Settings.from_environment(environ)
    host = (args.host or urlsplit(settings.public_url).hostname or "").lower()
    problem = _problem(settings, host)
    if problem:
        print(problem, file=sys.stderr)
        return WRONG_USE
    try:
        is_made = authority.renew(settings.data_dir, host, utc_now())
    except OtherHostError as error:
        print(_other_host(settings.data_dir, str(error)), file=sys.stderr)
        return WRONG_USE
    values = _values(settings, host)
    change_settings_file(settings.data_dir, values)
    _say(authority.files(settings.data_dir), values, is_made=is_made)
    for name, value in values.items():
        if environ.get(PREFIX + name, value) != value:
            print(f"The environment sets {PREFIX}{name} differently. Set it to {value} there.")
    return 0


def _problem(settings: Settings, host: str) -> str:
    own = authority.files(settings.data_dir).server
    if settings.tls_certificate not in {None, own}:
        return f"{PREFIX}TLS_CERTIFICATE is a certificate from elsewhere: renew it where it comes from."
    if not host or host == "localhost" or _is_nowhere(host):
        return (
            "Say which name or address the tablets open, for example: survey-app tls 192.168.1.10"
        )
    if ":" in host or "/" in host or not host.isascii():
        return (
            f"{host} is not a host: give a name or an IPv4 address alone, without https:// or port."
        )
    return ""


def _is_nowhere(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _other_host(data_dir: Path, host: str) -> str:
    return (
        f"The authority in {data_dir / authority.FOLDER} is for {host}, and tablets trust it for "
        "nothing else. To begin anew move that folder away, run this again, and install the new "
        "authority on every tablet."
    )


def _values(settings: Settings, host: str) -> dict[str, str]:
    made = authority.files(settings.data_dir)
    port = "" if settings.port == 443 else f":{settings.port}"
    return {
        "HOST": EVERYWHERE if settings.host.startswith("127.") else settings.host,
        "HTTP_PORT": str(settings.http_port or settings.port + 1),
        "PUBLIC_URL": f"https://{host}{port}",
        "TLS_CERTIFICATE": str(made.server),
        "TLS_KEY": str(made.server_key),
    }


def _say(made: Files, values: Mapping[str, str], *, is_made: bool) -> None:
    end = authority.ends_at(made.server).astimezone(LOCAL_ZONE)
    host = urlsplit(values["PUBLIC_URL"]).hostname
    print(f"Certificate {'made' if is_made else 'in order'}, valid until {end:%Y-%m-%d}.")
    print(f"Authority (SHA-256): {authority.fingerprint(made.authority)}")
    print(f"Restart the server. Then on each tablet: http://{host}:{values['HTTP_PORT']}/trust/")
