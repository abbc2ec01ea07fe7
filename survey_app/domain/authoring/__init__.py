"""Authoring: a YAML file in Vietnamese and its catalogues become one compiled questionnaire, or a list of everything wrong.

The format is described in docs/questionnaire-format.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.domain.authoring.compiling import (
    Catalogue,
    Catalogues,
    Entry,
    build_questionnaire,
    texts,
)
from survey_app.domain.authoring.continuity import check_catalogues, check_previous
from survey_app.domain.authoring.coverage import check_coverage, explore_modules
from survey_app.domain.authoring.document import problem_at, read_document
from survey_app.domain.authoring.indicators import check_indicators
from survey_app.domain.authoring.paths import Longest, TooManyPathsError
from survey_app.domain.authoring.reading import screens
from survey_app.domain.authoring.shape import NO_SCHEME, Authored, read_source
from survey_app.domain.authoring.source import json_schema
from survey_app.domain.authoring.structure import check_structure
from survey_app.domain.authoring.wording import check_wording
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Scheme

__all__ = [
    "Catalogue",
    "Catalogues",
    "Entry",
    "Result",
    "compile_source",
    "json_schema",
    "questionnaire_id",
    "texts",
]


@dataclass(frozen=True, slots=True)
class Result:
    """What compiling gave: the questionnaire when nothing is wrong, every problem by line, the longest way of each module."""

    questionnaire: Questionnaire | None
    problems: tuple[Problem, ...]
    longest: tuple[Longest, ...] = ()


def compile_source(
    text: str,
    catalogues: Catalogues,
    schemes: Mapping[str, Scheme],
    previous: Questionnaire | None = None,
) -> Result:
    """Check and compile a YAML source.

    `catalogues`: per language beside Vietnamese, translations by text key. `schemes`: known schemes by id. `previous`: the
    version before, to which ids, codes and scales must stay true.
    """
    document = read_document(text)
    authored = read_source(document) if document.data is not None else None
    if authored is None:
        return Result(None, _sorted(document.problems))
    broken = [*check_structure(authored), *_check_scheme(authored, schemes)]
    problems = [*document.problems, *broken, *check_wording(authored)]
    if authored.whole:
        problems += check_catalogues(authored, catalogues)
    if broken or not authored.whole:
        return Result(None, _sorted(problems))
    return _compile(authored, catalogues, previous, problems)


def questionnaire_id(text: str) -> str:
    """The id a YAML source gives itself; empty when it cannot be read."""
    data = read_document(text).data
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _check_scheme(authored: Authored, schemes: Mapping[str, Scheme]) -> list[Problem]:
    scheme = schemes.get(authored.source.scheme)
    if authored.source.scheme == NO_SCHEME:
        return []
    if scheme is None:
        line = authored.document.line(("scheme",))
        return [problem_at("scheme.unknown", line, scheme=authored.source.scheme)]
    return list(check_indicators(authored, scheme))


def _compile(
    authored: Authored,
    catalogues: Catalogues,
    previous: Questionnaire | None,
    problems: list[Problem],
) -> Result:
    """Of a file that is sound in its parts: the checks that need the whole."""
    questionnaire = build_questionnaire(authored.source, catalogues)
    to_read = screens(authored.source)
    if previous is not None:
        problems += check_previous(authored, questionnaire, previous)
    try:
        explorations = explore_modules(questionnaire, to_read)
        problems += check_coverage(authored, questionnaire, explorations, to_read)
    except TooManyPathsError:
        return Result(None, _sorted([*problems, problem_at("path.too_many", 1)]))
    longest = tuple(exploration.longest for exploration in explorations)
    return Result(None if problems else questionnaire, _sorted(problems), longest)


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    """By line, each said once."""
    once = {(p.code, str(p.params)): p for p in problems}
    return tuple(sorted(once.values(), key=lambda p: (int(str(p.params["line"])), p.code)))
