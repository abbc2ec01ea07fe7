"""Checks of wording: short, plain, polite Vietnamese with both ways not to answer."""

import re
from collections.abc import Iterator

from survey_app.domain.authoring.compiling import text_lines, texts
from survey_app.domain.authoring.document import Path, problem_at
from survey_app.domain.authoring.reading import syllables
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.authoring.source import SourceQuestion
from survey_app.domain.problem import Problem

MOST_SYLLABLES = 20
_NEGATIVES = frozenset({"không", "chưa", "chẳng", "chả", "đừng", "chớ"})
# Compounds in which "không" denies nothing: air, space, aviation.
_HOLLOW = re.compile(r"\bkhông (?:khí|gian|quân|phận)\b|\bhàng không\b|\btrên không\b")
_REFUSALS = ("thiếu", "từ chối", "phản đối", "phủ nhận", "cấm", "tránh khỏi")
_NEGATED_REFUSAL = re.compile(
    rf"\b(?:{'|'.join(_NEGATIVES)})\s+(?:hề\s+|bị\s+|phải\s+)*(?:{'|'.join(_REFUSALS)})\b"
)
_IMPOLITE = re.compile(
    r"\b(bạn|anh/chị|anh chị|anh, chị|quý khách|quý vị|ông bà|cô chú|các ông|các bà|mày|ngươi)\b",
    re.IGNORECASE,
)
_SMALL_ADDRESS = re.compile(r"ông\s*/\s*bà", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;:?!…]+")
_WORD = re.compile(r"[^\W\d_]+")


def check_wording(authored: Authored) -> Iterator[Problem]:
    """Every problem of wording."""
    lines = text_lines(authored)
    for key, text in texts(authored.source):
        yield from _text(authored, key, text, lines[key])
    for _, question, path in authored.walk():
        yield from _question(authored, question, path)
        yield from _ways_not_to_answer(authored, question, path)


def _text(authored: Authored, key: str, text: str, line: int) -> Iterator[Problem]:
    for word in sorted(_unexplained(authored, key, text)):
        yield problem_at("text.abbreviation", line, (key,), word=word)
    if has_double_negative(text):
        yield problem_at("text.double_negative", line, (key,), text=text)
    for match in _IMPOLITE.finditer(text):
        yield problem_at("text.address", line, (key,), word=match.group())
    for match in _SMALL_ADDRESS.finditer(text):
        if match.group() != "Ông/Bà":
            yield problem_at("text.address", line, (key,), word=match.group())


def _question(authored: Authored, question: SourceQuestion, path: Path) -> Iterator[Problem]:
    here = (*path, "text")
    line = authored.document.line(here)
    length = syllables(question.text)
    if length > MOST_SYLLABLES:
        yield problem_at("text.long", line, here, found=length, most=MOST_SYLLABLES)
    if question.kind != "remark" and not question.text.endswith("?"):
        yield problem_at("text.question_mark", line, here)


def _ways_not_to_answer(
    authored: Authored, question: SourceQuestion, path: Path
) -> Iterator[Problem]:
    line = authored.document.line(path)
    judged = question.indicator is not None or question.role in {"criterion", "satisfaction"}
    personal = question.role in {"age", "sex", "procedure"}
    if (judged or question.sensitive) and not question.dont_know:
        yield problem_at("text.no_dont_know", line, path, id=question.id)
    if (judged or personal or question.sensitive) and not question.refusable:
        yield problem_at("text.no_refusal", line, path, id=question.id)


def has_double_negative(text: str) -> bool:
    """Whether one clause denies twice, the closing "không?" or "chưa?" of a question counted."""
    for clause in _CLAUSE.split(_HOLLOW.sub("", text.lower())):
        denials = sum(word in _NEGATIVES for word in _WORD.findall(clause))
        if denials > 1 or _NEGATED_REFUSAL.search(clause):
            return True
    return False


def abbreviations(text: str) -> set[str]:
    """Runs of two or more capitals: "TTHC", "UBND"."""
    return {part for word in _WORD.findall(text) for part in _capitals(word)}


def _capitals(word: str) -> list[str]:
    runs = "".join(ch if ch.isupper() else " " for ch in word).split()
    return [run for run in runs if len(run) > 1]


def _unexplained(authored: Authored, key: str, text: str) -> set[str]:
    """Abbreviations that are not in the glossary, or not spelled out on the same screen."""
    screen = _screen_words(authored, key, text)
    glossary = authored.source.glossary
    return {
        word
        for word in abbreviations(text)
        if word not in glossary or glossary[word].lower() not in screen
    }


def _screen_words(authored: Authored, key: str, text: str) -> str:
    for _, question, _ in authored.walk():
        if key.startswith(f"{question.id}."):
            return f"{question.text} {question.help or ''} {text}".lower()
    return text.lower()
