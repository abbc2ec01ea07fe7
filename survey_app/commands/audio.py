"""`survey-app audio`: files that read each screen aloud, by a machine's voice until people have recorded them."""

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from survey_app.config import Settings

if TYPE_CHECKING:
    from survey_app.kiosk.recordings import Reading

FINDING = 1
# What makes the files, and the Debian package that brings it.
TOOLS = {"espeak-ng": "espeak-ng", "opusenc": "opus-tools"}
VOICES = {"vi": "vi", "en": "en-gb"}
# Words a minute: slower than the engine's own 175, for people who hear the question for the first time.
SPEED = "130"
# A line that ends without a sign runs on into the next one.
_END = (".", "")
COLUMNS = ("language", "file", "words")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("audio", help="make the files that read the screens aloud")
    parser.add_argument(
        "--script",
        type=Path,
        metavar="FILE",
        help="only write what is to be read, for people who record it (CSV)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Make what is missing; a file that is there is never touched. 1 while something cannot be read aloud."""
    from survey_app.kiosk import recordings

    settings = Settings.from_environment(environ)
    readings = _readings(settings)
    if args.script is not None:
        return _write_script(args.script, readings)
    folder = settings.data_dir / recordings.FOLDER
    missing = [r for r in readings if r.stem not in recordings.found(folder, r.language)]
    lacking = {tool: package for tool, package in TOOLS.items() if shutil.which(tool) is None}
    made = [] if lacking else [_make(reading, folder) for reading in missing]
    print(f"{len(readings)} screens in {folder}: {len(readings) - len(missing)} files were there,")
    print(f"{len(made)} were made by machine, {len(missing) - len(made)} are missing.")
    _tell_unused(folder, readings)
    if missing and lacking:
        _tell_lacking(lacking)
        return FINDING
    return 0


def _readings(settings: Settings) -> "list[Reading]":
    from survey_app import create_app
    from survey_app.kiosk import recordings
    from survey_app.store import questionnaires
    from survey_app.web.services import services

    app = create_app(settings)
    with app.app_context():
        try:
            with services().database.reading() as connection:
                return recordings.readings(questionnaires.current(connection))
        finally:
            services().intake.close()
            services().database.dispose()


def _make(reading: "Reading", folder: Path) -> Path:
    from survey_app.kiosk import recordings

    target = folder / reading.language / f"{reading.stem}{recordings.MADE}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        spoken, packed = Path(scratch, "spoken.wav"), Path(scratch, "packed.opus")
        words = "\n\n".join(f"{line}{_END[line[-1] in '.?!…']}" for line in reading.lines)
        _call("espeak-ng", "-v", VOICES[reading.language], "-s", SPEED, "-w", spoken, words=words)
        _call("opusenc", "--quiet", "--bitrate", "24", spoken, packed)
        packed.replace(target)
    return target


def _call(tool: str, *arguments: str | Path, words: str = "") -> None:
    # The words come by standard input: no wording can become an option.
    subprocess.run(  # noqa: S603  (our own two tools, no shell)
        [tool, *map(str, arguments)], input=words.encode(), check=True, capture_output=True
    )


def _write_script(path: Path, readings: "Sequence[Reading]") -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for reading in readings:
            writer.writerow((reading.language, reading.stem, "\n".join(reading.lines)))
    print(f"{len(readings)} screens to be read are in {path}. Save each recording under its name.")
    return 0


def _tell_unused(folder: Path, readings: "Sequence[Reading]") -> None:
    from survey_app.kiosk import recordings

    wanted = {(reading.language, reading.stem) for reading in readings}
    unused = [
        str(path)
        for language in VOICES
        for stem, path in recordings.found(folder, language).items()
        if (language, stem) not in wanted
    ]
    if unused:
        print(f"{len(unused)} files read other words than those of today and are not played:")
        print("\n".join(f"  {path}" for path in unused))


def _tell_lacking(lacking: Mapping[str, str]) -> None:
    for tool, package in lacking.items():
        print(f"{tool} is missing. Install it: apt-get install {package}", file=sys.stderr)
    print(
        "Or record the screens: survey-app audio --script FILE.csv writes what to read.",
        file=sys.stderr,
    )
