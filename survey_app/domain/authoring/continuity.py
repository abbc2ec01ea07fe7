"""Checks against other texts: the catalogues of other languages, and the version before."""

from collections.abc import Iterator
from unicodedata import is_normalized

from survey_app.domain.authoring.compiling import Catalogues, text_lines, texts
from survey_app.domain.authoring.document import problem_at
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Question, Questionnaire


def check_catalogues(authored: Authored, catalogues: Catalogues) -> Iterator[Problem]:
    """Texts that a catalogue lacks, or translates from words that have changed since."""
    lines = text_lines(authored)
    for language, catalogue in catalogues.items():
        for key, words in texts(authored.source):
            entry = catalogue.get(key)
            facts: dict[str, object] = {"language": language, "key": key}
            if entry is None or not entry.translation.strip():
                yield problem_at("catalogue.missing", lines[key], (key,), **facts)
            elif entry.source != words:
                yield problem_at("catalogue.stale", lines[key], (key,), **facts)
            elif not is_normalized("NFC", entry.translation):
                yield problem_at("catalogue.not_nfc", lines[key], (key,), **facts)


def check_previous(
    authored: Authored, questionnaire: Questionnaire, previous: Questionnaire
) -> Iterator[Problem]:
    """What would change the meaning of answers already given under the same ids and codes."""
    line = authored.document.line
    if questionnaire.structure.id != previous.structure.id:
        return
    old, new = previous.structure.version, questionnaire.structure.version
    if questionnaire.hash != previous.hash and new <= old:
        yield problem_at("stable.version", line(("version",)), ("version",), previous=old)
    for _, source, path in authored.walk():
        before = previous.questions.get(source.id)
        if before is not None:
            for code, facts in _changes(before, questionnaire.questions[source.id]):
                yield problem_at(code, line(path), path, id=source.id, **facts)
            yield from _swapped(authored, questionnaire, previous, source.id)


def _changes(before: Question, after: Question) -> Iterator[tuple[str, dict[str, object]]]:
    if before.kind != after.kind:
        yield "stable.kind", {"before": before.kind, "after": after.kind}
    if before.role != after.role:
        yield "stable.role", {"before": before.role or "–", "after": after.role or "–"}
    if _scale(before) != _scale(after):
        yield "stable.scale", {}
    known = {choice.code: choice for choice in before.choices}
    for choice in after.choices:
        old = known.get(choice.code)
        if old is not None and (old.value, old.grade) != (choice.value, choice.grade):
            yield "stable.code", {"code": choice.code}


def _scale(question: Question) -> tuple[object, ...]:
    indicator = question.indicator
    if indicator is None:
        return (question.minimum, question.maximum)
    return (indicator.minimum, indicator.maximum, indicator.direction)


def _swapped(
    authored: Authored, questionnaire: Questionnaire, previous: Questionnaire, question_id: str
) -> Iterator[Problem]:
    """A code that now carries the words another code had: the answers would change sides."""
    lines = text_lines(authored)
    prefix = f"{question_id}.choice."
    before = {k: v for k, v in previous.text["vi"].items() if k.startswith(prefix)}
    owners = {words: key for key, words in before.items()}
    for key, words in questionnaire.text["vi"].items():
        if key in before and owners.get(words, key) != key:
            code = key.removeprefix(prefix)
            yield problem_at("stable.code", lines[key], (key,), id=question_id, code=code)
