"""What is read aloud on each screen, and which recordings of it there are.

A recording is a file in DATA_DIR/audio/<language>/ whose name is the screen's and a hash of its words, such as
`stage-4be1a09c.opus`: when the words change, the old recording is not played any more. A person's recording has the same name
with another ending, or takes the file's place.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import url_for

from survey_app.domain.questionnaire import Questionnaire
from survey_app.kiosk.fields import choice_words
from survey_app.kiosk.page import purpose
from survey_app.web.i18n import LANGUAGES, gettext, speaking

FOLDER = "audio"  # in the data folder
MADE = ".opus"
# In the order of preference: what people record comes before what a machine made.
ENDINGS = {
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    MADE: "audio/ogg",
}
_HASH_DIGITS = 8
_VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What one screen says in one language: line by line, in the order of the screen."""

    language: str
    screen: str
    lines: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        words = "\n".join(self.lines).encode()
        return f"{self.screen}-{hashlib.sha256(words).hexdigest()[:_HASH_DIGITS]}"


def readings(questionnaire: Questionnaire) -> list[Reading]:
    """Everything that can be read aloud: the purpose and each question, in each language. Needs an application context."""
    return [reading for code in LANGUAGES for reading in _readings_in(code, questionnaire)]


def found(folder: Path, language: str) -> dict[str, Path]:
    """The file that is played for each stem; `folder`: that of all languages."""
    files: dict[str, Path] = {}
    for ending in reversed(ENDINGS):
        files |= {path.stem: path for path in sorted((folder / language).glob(f"*{ending}"))}
    return files


def listed(questionnaire: Questionnaire, folder: Path) -> dict[str, dict[str, str]]:
    """{screen: {language: address}} of the recordings in `folder`; an address changes with its file."""
    if not folder.is_dir():
        return {}
    files = {code: found(folder, code) for code in LANGUAGES}
    addresses: dict[str, dict[str, str]] = {}
    for reading in _kept_readings(questionnaire):
        path = files[reading.language].get(reading.stem)
        if path is not None:
            addresses.setdefault(reading.screen, {})[reading.language] = _address(reading, path)
    return addresses


_readings: dict[str, list[Reading]] = {}


def _kept_readings(questionnaire: Questionnaire) -> list[Reading]:
    # A hash names one content for ever.
    if questionnaire.hash not in _readings:
        _readings[questionnaire.hash] = readings(questionnaire)
    return _readings[questionnaire.hash]


def _readings_in(language: str, questionnaire: Questionnaire) -> list[Reading]:
    with speaking(language):
        first = Reading(language, "purpose", (gettext("Before you start"), *purpose()))
        return [
            first,
            *(_of(question, language, questionnaire) for question in questionnaire.questions),
        ]


def _of(question_id: str, language: str, questionnaire: Questionnaire) -> Reading:
    lines = [
        questionnaire.say(language, f"{question_id}.text"),
        *questionnaire.say(language, f"{question_id}.help").splitlines(),
        *choice_words(questionnaire, questionnaire.questions[question_id], language).values(),
    ]
    return Reading(language, question_id, tuple(line for line in lines if line))


def _address(reading: Reading, path: Path) -> str:
    status = path.stat()
    version = _file_hash(path, status.st_mtime_ns, status.st_size)
    return url_for("kiosk.recording", spoken=reading.language, name=path.name, v=version)


@lru_cache(maxsize=1024)
def _file_hash(path: Path, _modified: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_VERSION_DIGITS]
