"""`survey-app questionnaire`: check an authored file, publish it, print the format's JSON Schema."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from survey_app.config import Settings
from survey_app.content import schemes
from survey_app.content.catalogues import CatalogueFileError, bundled_catalogues, read_catalogue
from survey_app.domain.authoring import (
    Catalogue,
    Catalogues,
    Result,
    compile_source,
    json_schema,
    questionnaire_id,
)
from survey_app.domain.authoring.reading import MOST_SCREENS, MOST_SECONDS
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import utc_now
from survey_app.store.engine import Database
from survey_app.store.migrate import SchemaError, require_current
from survey_app.store.questionnaires import current, publish, versions
from survey_app.web import authoring_texts as words

DONE, FINDING, WRONG_USE = 0, 1, 2
_LANGUAGE = "vi"


class UnusableFileError(ValueError):
    """A named file cannot be used; the message is for the person at the terminal."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("questionnaire", help="check or publish a questionnaire file")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="list everything wrong with a file, and reading times")
    check.set_defaults(run=run, act=_check)
    published = actions.add_parser("publish", help="make a file the live questionnaire")
    published.set_defaults(run=run, act=_publish)
    for action in (check, published):
        action.add_argument("file", type=Path, help="the YAML file")
        action.add_argument(
            "--catalogue",
            type=Path,
            action="append",
            default=[],
            metavar="FILE.po",
            help="its translation (repeat for more languages; default: those that ship)",
        )
    check.add_argument(
        "--against", type=Path, metavar="FILE.json", help="the compiled version before it"
    )
    schema = actions.add_parser("schema", help="print the JSON Schema of the format")
    schema.set_defaults(run=run, act=_schema)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Run the chosen action."""
    try:
        return int(args.act(args, environ))
    except UnusableFileError as error:
        print(error, file=sys.stderr)
        return WRONG_USE


def _schema(_args: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return DONE


def _check(args: argparse.Namespace, _environ: Mapping[str, str]) -> int:
    previous = _compiled(args.against) if args.against else None
    result = _compile(args, previous)
    _report(result, args.file)
    return DONE if result.questionnaire is not None else FINDING


def _publish(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    database = Database(Settings.from_environment(environ).database_url)
    try:
        require_current(database)
        with database.writing() as connection:
            return _publish_into(connection, args)
    except SchemaError as error:
        raise UnusableFileError(str(error)) from error
    finally:
        database.dispose()


def _publish_into(connection: Connection, args: argparse.Namespace) -> int:
    known = versions(connection)
    result = _compile(args, _version_before(known, _id(args.file)))
    _report(result, args.file)
    if result.questionnaire is None:
        return FINDING
    is_live = bool(known) and current(connection).hash == result.questionnaire.hash
    publish(connection, result.questionnaire, utc_now())
    said = words.ALREADY_LIVE if is_live else words.PUBLISHED
    print(words.say(_LANGUAGE, said, label=result.questionnaire.label))
    return DONE


def _version_before(known: Mapping[str, Questionnaire], wanted: str) -> Questionnaire | None:
    """The stored version with the highest number among those of the same questionnaire."""
    same = (version for version in known.values() if version.structure.id == wanted)
    return max(same, key=lambda version: version.structure.version, default=None)


def _compile(args: argparse.Namespace, previous: Questionnaire | None) -> Result:
    catalogues = _catalogues(args.catalogue, _id(args.file))
    return compile_source(_read(args.file), catalogues, schemes(), previous)


def _id(path: Path) -> str:
    return questionnaire_id(_read(path))


def _catalogues(paths: list[Path], wanted: str) -> Catalogues:
    if not paths:
        return bundled_catalogues(wanted)
    return dict(_catalogue(path, wanted) for path in paths)


def _catalogue(path: Path, wanted: str) -> tuple[str, Catalogue]:
    try:
        return read_catalogue(_read(path).encode(), wanted)
    except CatalogueFileError as error:
        message = words.say(_LANGUAGE, words.BAD_CATALOGUE, path=path)
        raise UnusableFileError(message) from error


def _compiled(path: Path) -> Questionnaire:
    try:
        return Questionnaire.from_json(_read(path))
    except ValueError as error:
        raise UnusableFileError(words.say(_LANGUAGE, words.UNREADABLE, path=path)) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(words.say(_LANGUAGE, words.UNREADABLE, path=path)) from error


def _report(result: Result, path: Path) -> None:
    for problem in result.problems:
        print(words.describe(problem, _LANGUAGE))
    if result.problems:
        print(words.say(_LANGUAGE, words.COUNT, count=len(result.problems)))
    else:
        print(words.say(_LANGUAGE, words.NO_PROBLEMS, path=path))
    _report_reading(result)


def _report_reading(result: Result) -> None:
    if not result.longest:
        return
    print(words.say(_LANGUAGE, words.HEADING, screens=MOST_SCREENS, seconds=int(MOST_SECONDS)))
    for longest in result.longest:
        if longest.module is not None:
            facts = {"screens": longest.screens, "seconds": longest.seconds}
            print("  " + words.say(_LANGUAGE, words.MODULE, module=longest.module, **facts))
    screens = max(longest.screens for longest in result.longest)
    seconds = max(longest.seconds for longest in result.longest)
    print("  " + words.say(_LANGUAGE, words.LONGEST, screens=screens, seconds=seconds))
