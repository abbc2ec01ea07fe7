"""`survey-app doctor`: looks at the installation from outside and says what is missing and what to do."""

import argparse
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from survey_app.config import Settings, SettingsError
from survey_app.domain.codes import way_problems
from survey_app.domain.fleet import ends_soon
from survey_app.domain.weeks import utc_now

FINDING = 1
LEAST_FREE = 1_000_000_000
OLDEST_BACKUP = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, whether it is in order, and what to say. A hint is no finding."""

    subject: str
    is_fine: bool
    words: str
    is_hint: bool = False

    @property
    def line(self) -> str:
        """As printed."""
        mark = "ok   " if self.is_fine else "hint " if self.is_hint else "FIX  "
        return f"{mark} {self.subject}: {self.words}"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("doctor", help="say what is missing in this installation")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print every check; 1 when something must be put right."""
    checks = list(examine(environ))
    for check in checks:
        print(check.line)
    return FINDING if any(not c.is_fine and not c.is_hint for c in checks) else 0


def examine(environ: Mapping[str, str]) -> Iterator[Check]:
    """Every check; without settings there is nothing else to look at."""
    try:
        settings = Settings.from_environment(environ)
    except SettingsError as error:
        for message in error.messages:
            yield Check("settings", is_fine=False, words=message)
        return
    yield Check("settings", is_fine=True, words=f"data in {settings.data_dir}")
    for look in _LOOKS:
        yield look(settings)


def _database(settings: Settings) -> Check:
    from survey_app.store import migrate
    from survey_app.store.engine import Database

    database = Database(settings.database_url)
    try:
        migrate.require_current(database)
    except migrate.SchemaError as error:
        return Check("database", is_fine=False, words=str(error))
    except SQLAlchemyError as error:
        words = f"does not answer ({type(error).__name__}). Check SURVEY_APP_DATABASE_URL."
        return Check("database", is_fine=False, words=words)
    finally:
        database.dispose()
    return Check("database", is_fine=True, words=f"answers, at migration {migrate.head()}")


def _catalogues(_settings: Settings) -> Check:
    from survey_app.web.i18n import LANGUAGES, CatalogueError, require_complete

    try:
        for language in LANGUAGES:
            require_complete(language)
    except CatalogueError as error:
        return Check("translations", is_fine=False, words=str(error))
    return Check("translations", is_fine=True, words="complete")


def _tablets(settings: Settings) -> Check:
    if settings.is_https:
        return Check("tablets", is_fine=True, words="https; they can work without a network")
    words = (
        f"{settings.public_url} is plain http: tablets run on trial only, without a network they "
        "stand still. See docs/operator.md for a certificate."
    )
    return Check("tablets", is_fine=False, words=words, is_hint=True)


def _certificate(settings: Settings) -> Check:
    from survey_app.store import authority

    path = settings.tls_certificate
    if path is None:
        return Check("certificate", is_fine=True, words="none here; a proxy may have one")
    try:
        end = authority.ends_at(path)
    except (OSError, ValueError) as error:
        words = f"{path} cannot be read ({type(error).__name__}). Run `survey-app tls`."
        return Check("certificate", is_fine=False, words=words)
    words = f"{path} is valid until {end:%Y-%m-%d}"
    if not ends_soon(end, utc_now()):
        return Check("certificate", is_fine=True, words=words)
    words += ". Renew it: `survey-app tls`, or where it comes from; then restart the server."
    return Check("certificate", is_fine=False, words=words)


def _codes(settings: Settings) -> Check:
    problems = way_problems(settings.public_url)
    if not problems:
        return Check("codes on receipts", is_fine=True, words=f"open at {settings.public_url}/q/")
    reason = "not https" if problems[0].code == "codes.no_https" else "reached in the office only"
    words = (
        f"off, because {settings.public_url} is {reason}. Set SURVEY_APP_PUBLIC_URL to a public "
        "https address to open them."
    )
    return Check("codes on receipts", is_fine=False, words=words, is_hint=True)


def _disk(settings: Settings) -> Check:
    folder = next(p for p in (settings.data_dir, *settings.data_dir.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free for {settings.data_dir}"
    if free >= LEAST_FREE:
        return Check("disk", is_fine=True, words=words)
    return Check("disk", is_fine=False, words=f"{words}. Make room: at 0 no form can be stored.")


def _backups(settings: Settings) -> Check:
    folder = settings.data_dir / "backups"
    newest = max((_modified(path) for path in folder.glob("*.zip")), default=None)
    if newest is not None and utc_now() - newest <= OLDEST_BACKUP:
        return Check("backups", is_fine=True, words=f"newest of {newest:%Y-%m-%d %H:%M} UTC")
    found = f"newest is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "none found"
    words = (
        f"{found} in {folder}. Make one a day with `survey-app backup` and keep a copy elsewhere."
    )
    return Check("backups", is_fine=False, words=words, is_hint=True)


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


_LOOKS: tuple[Callable[[Settings], Check], ...] = (
    _database,
    _catalogues,
    _tablets,
    _certificate,
    _codes,
    _disk,
    _backups,
)
