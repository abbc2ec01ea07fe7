"""Checks of indicators: their sub-dimension exists, their values span the scale, groups are covered."""

from collections.abc import Iterator

from survey_app.domain.authoring.document import Path, problem_at
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.authoring.source import SourceIndicator, SourceQuestion
from survey_app.domain.problem import Problem
from survey_app.domain.scheme import Scheme


def check_indicators(authored: Authored, scheme: Scheme) -> Iterator[Problem]:
    """Every problem of the indicators against the scheme."""
    document, source = authored.document, authored.source
    known = {sub.code for dimension in scheme.dimensions for sub in dimension.subdimensions}
    for name, indicator in source.indicators.items():
        yield from _indicator(authored, indicator, ("indicators", name), known)
    for _, question, path in authored.walk():
        here = (*path, "indicator")
        if isinstance(question.indicator, SourceIndicator):
            yield from _indicator(authored, question.indicator, here, known)
        elif question.indicator is not None and question.indicator not in source.indicators:
            yield problem_at(
                "indicator.unknown_set", document.line(here), here, name=question.indicator
            )
        found = source.indicator_of(question)
        if found is not None:
            yield from _values(authored, question, found, path)


def _indicator(
    authored: Authored, indicator: SourceIndicator, path: Path, known: set[str]
) -> Iterator[Problem]:
    line = authored.document.line
    minimum, maximum = indicator.scale
    if minimum >= maximum:
        yield problem_at("indicator.scale", line((*path, "scale")), path)
    if indicator.subdimension is not None and indicator.by_group is not None:
        yield problem_at("indicator.both", line((*path, "by_group")), path)
    if indicator.subdimension is not None and indicator.subdimension not in known:
        here = (*path, "subdimension")
        yield problem_at("scheme.no_subdimension", line(here), here, code=indicator.subdimension)
    if indicator.by_group is not None:
        yield from _groups(authored, indicator.by_group, (*path, "by_group"), known)


def _groups(
    authored: Authored, by_group: dict[str, str], path: Path, known: set[str]
) -> Iterator[Problem]:
    line = authored.document.line
    for group, code in by_group.items():
        if code not in known:
            here = (*path, group)
            yield problem_at("scheme.no_subdimension", line(here), here, code=code)
    groups = procedure_groups(authored)
    if groups is None:
        return
    for group in sorted(groups - by_group.keys()):
        yield problem_at("indicator.group_missing", line(path), path, group=group)
    for group in sorted(by_group.keys() - groups):
        here = (*path, group)
        yield problem_at("indicator.group_unknown", line(here), here, group=group)


def procedure_groups(authored: Authored) -> set[str] | None:
    """Codes of the procedure question; None when there is none."""
    for _, question, _ in authored.walk():
        if question.role == "procedure":
            return {choice.code for choice in authored.source.choices_of(question)}
    return None


def _values(
    authored: Authored, question: SourceQuestion, indicator: SourceIndicator, path: Path
) -> Iterator[Problem]:
    minimum, maximum = indicator.scale
    line = authored.document.line
    facts: dict[str, object] = {"id": question.id, "minimum": minimum, "maximum": maximum}
    if question.kind == "integer":
        if [question.minimum, question.maximum] != indicator.scale:
            yield problem_at("indicator.range", line((*path, "indicator")), path, **facts)
        return
    values = [c.value for c in authored.source.choices_of(question) if c.value is not None]
    if any(not minimum <= value <= maximum for value in values):
        yield problem_at("indicator.outside", line((*path, "choices")), path, **facts)
    elif minimum < maximum and not {minimum, maximum} <= set(values):
        yield problem_at("indicator.ends", line((*path, "choices")), path, **facts)
