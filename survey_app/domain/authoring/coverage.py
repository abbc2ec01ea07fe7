"""Checks along the paths: everything can be reached, nobody answers too long, and no score hangs on a single item."""

from collections.abc import Iterator, Mapping

from survey_app.domain.authoring.document import problem_at
from survey_app.domain.authoring.paths import (
    Exploration,
    Longest,
    Screen,
    explore,
)
from survey_app.domain.authoring.reading import MOST_SCREENS, MOST_SECONDS
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import Questionnaire

LEAST_INDICATORS = 2


def explore_modules(
    questionnaire: Questionnaire, screens: Mapping[str, Screen]
) -> list[Exploration]:
    """One walk for each module (one in all without modules). Raises TooManyPathsError."""
    return [explore(questionnaire, module, screens) for module in _modules(questionnaire)]


def check_coverage(
    authored: Authored,
    questionnaire: Questionnaire,
    explorations: list[Exploration],
    screens: Mapping[str, Screen],
) -> Iterator[Problem]:
    """Every problem along the paths."""
    yield from _unreachable(authored, questionnaire, explorations)
    for exploration in explorations:
        yield from _too_long(authored, exploration.longest)
    yield from _few_indicators(authored, questionnaire, screens)


def _unreachable(
    authored: Authored, questionnaire: Questionnaire, explorations: list[Exploration]
) -> Iterator[Problem]:
    lines = {q.id: authored.document.line((*path, "show_if")) for _, q, path in authored.walk()}
    for exploration in explorations:
        module = exploration.longest.module
        for block, question in questionnaire.walk():
            if block.module in {None, module} and question.id not in exploration.asked:
                yield problem_at("path.unreachable", lines[question.id], id=question.id)


def _too_long(authored: Authored, longest: Longest) -> Iterator[Problem]:
    module = -1 if longest.module is None else longest.module
    line = _module_line(authored, longest.module)
    if longest.screens > MOST_SCREENS:
        yield problem_at(
            "path.screens", line, module=module, found=longest.screens, most=MOST_SCREENS
        )
    if longest.seconds > MOST_SECONDS:
        seconds = round(longest.seconds, 1)
        yield problem_at("path.seconds", line, module=module, found=seconds, most=int(MOST_SECONDS))


def _few_indicators(
    authored: Authored, questionnaire: Questionnaire, screens: Mapping[str, Screen]
) -> Iterator[Problem]:
    """A scored sub-dimension that people tell from experience needs two items that can be reached."""
    asked = _asked_by_group(questionnaire, screens)
    items: dict[str, set[str]] = {}
    for question in questionnaire.questions.values():
        indicator = question.indicator
        if indicator is None or indicator.evidence != "experience":
            continue
        for code in indicator.subdimensions:
            items.setdefault(code, set())
        for group, reached in asked.items():
            scored = indicator.subdimension_for(group)
            if scored is not None and question.id in reached:
                items[scored].add(question.id)
    for code, found in sorted(items.items()):
        if len(found) < LEAST_INDICATORS:
            line = _indicator_line(authored, code)
            facts = {"found": len(found), "least": LEAST_INDICATORS}
            yield problem_at("path.few_indicators", line, code=code, **facts)


def _module_line(authored: Authored, module: int | None) -> int:
    for block in authored.source.blocks:
        if block.module is not None and block.module == module:
            return authored.document.line(authored.block_path(block))
    return 1


def _indicator_line(authored: Authored, code: str) -> int:
    for _, question, path in authored.walk():
        indicator = authored.source.indicator_of(question)
        if indicator and code in {indicator.subdimension, *(indicator.by_group or {}).values()}:
            return authored.document.line((*path, "indicator"))
    return 1


def _asked_by_group(
    questionnaire: Questionnaire, screens: Mapping[str, Screen]
) -> dict[str, frozenset[str]]:
    """What people of each procedure group can be asked, over all modules."""
    return {
        choice.code: _asked(questionnaire, screens, {question.id: choice.code})
        for question in questionnaire.with_role("procedure")
        for choice in question.choices
    }


def _asked(
    questionnaire: Questionnaire, screens: Mapping[str, Screen], fixed: Mapping[str, str]
) -> frozenset[str]:
    walks = (explore(questionnaire, m, screens, fixed).asked for m in _modules(questionnaire))
    return frozenset[str]().union(*walks)


def _modules(questionnaire: Questionnaire) -> list[int | None]:
    modules = (block.module for block in questionnaire.structure.blocks)
    found: list[int | None] = [*sorted({m for m in modules if m is not None})]
    return found or [None]
