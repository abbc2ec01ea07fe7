"""Checks of structure: ids, codes, kinds, roles, modules and conditions."""

from collections.abc import Iterator

from survey_app.domain.authoring.compiling import choices_path
from survey_app.domain.authoring.document import Path, problem_at
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.authoring.source import (
    SourceAll,
    SourceAny,
    SourceBlock,
    SourceCondition,
    SourceLeaf,
    SourceQuestion,
)
from survey_app.domain.problem import Problem
from survey_app.domain.questionnaire import DONT_KNOW, REFUSED, RESERVED_CODES

# Names that row files and text keys use themselves.
RESERVED_IDS = frozenset(
    {"title", "intro", "questionnaire", "unit", "week", "stratum", "psu", "channel"}
    | {"procedure_group", "status", "flagged", "weight", "first_vintage", "module"}
)
_ONCE = ("satisfaction", "age", "sex")


def check_structure(authored: Authored) -> Iterator[Problem]:
    """Every problem of structure."""
    yield from _ids(authored)
    yield from _choice_sets(authored)
    for block, question, path in authored.walk():
        yield from _kind(authored, question, path)
        yield from _codes(authored, question, path)
        yield from _role(authored, block, question, path)
    yield from _roles(authored)
    yield from _modules(authored)
    yield from _conditions(authored)


def _ids(authored: Authored) -> Iterator[Problem]:
    line = authored.document.line
    first: dict[str, int] = {}
    for _, question, path in authored.walk():
        here = line((*path, "id"))
        if question.id in first:
            yield problem_at("id.duplicate", here, path, id=question.id, first=first[question.id])
        if question.id in RESERVED_IDS:
            yield problem_at("id.reserved", here, path, id=question.id)
        first.setdefault(question.id, here)
    blocks: dict[str, int] = {}
    for block in authored.source.blocks:
        path = authored.block_path(block)
        here = line((*path, "id"))
        if block.id in blocks:
            yield problem_at("block.duplicate", here, path, id=block.id, first=blocks[block.id])
        blocks.setdefault(block.id, here)


def _choice_sets(authored: Authored) -> Iterator[Problem]:
    source, line = authored.source, authored.document.line
    used = {q.choices for _, q, _ in authored.walk() if isinstance(q.choices, str)}
    for name in source.choices if authored.whole else ():
        if name not in used:
            yield problem_at("choices.unused", line(("choices", name)), ("choices",), name=name)
    for _, question, path in authored.walk():
        if isinstance(question.choices, str) and question.choices not in source.choices:
            here = (*path, "choices")
            yield problem_at("choices.unknown_set", line(here), here, name=question.choices)


def _kind(authored: Authored, question: SourceQuestion, path: Path) -> Iterator[Problem]:
    line = authored.document.line
    for key in sorted(_forbidden(question)):
        here = (*path, key)
        yield problem_at("kind.forbids", line(here), here, kind=question.kind, key=key)
    known_set = not isinstance(question.choices, str) or question.choices in authored.source.choices
    chosen = question.kind in {"single", "multiple"}
    if chosen and known_set and len(authored.source.choices_of(question)) < 2:
        yield problem_at("kind.needs_choices", line(path), path, id=question.id)
    if question.kind == "integer":
        low, high = question.minimum, question.maximum
        if low is None or high is None or low >= high:
            yield problem_at("kind.needs_range", line(path), path, id=question.id)


def _forbidden(question: SourceQuestion) -> set[str]:
    """Keys that the kind of question cannot have, but has."""
    barred = {
        "single": {"minimum", "maximum", "most"},
        "multiple": {"minimum", "maximum", "indicator"},
        "integer": {"choices", "most"},
        "remark": {"choices", "minimum", "maximum", "most", "indicator", "role"},
    }[question.kind]
    if question.kind == "remark":
        barred = barred | {"dont_know", "refusable"}
    given = {key: getattr(question, key) for key in barred}
    return {key for key, value in given.items() if value is not None and value is not False}


def _codes(authored: Authored, question: SourceQuestion, path: Path) -> Iterator[Problem]:
    line = authored.document.line
    base = choices_path(question, path)
    seen: set[str] = set()
    for index, choice in enumerate(authored.source.choices_of(question)):
        here = (*base, index)
        if choice.code in seen:
            yield problem_at("code.duplicate", line(here), here, code=choice.code)
        if choice.code in RESERVED_CODES:
            yield problem_at("code.reserved", line(here), here, code=choice.code)
        seen.add(choice.code)


def _role(
    authored: Authored, block: SourceBlock, question: SourceQuestion, path: Path
) -> Iterator[Problem]:
    if question.role is None:
        return
    here = authored.document.line((*path, "role"))
    if question.kind != "single":
        yield problem_at("role.single", here, path, role=question.role)
    if question.role == "criterion" and question.indicator is None:
        yield problem_at("role.criterion", here, path, id=question.id)
    always = block.core and block.module is None and question.show_if is None
    if question.role in {"procedure", "satisfaction"} and not always:
        yield problem_at("role.always", here, path, role=question.role)
    graded = all(c.grade and c.value for c in authored.source.choices_of(question))
    if question.role == "satisfaction" and not graded:
        yield problem_at("role.grades", here, path, id=question.id)


def _roles(authored: Authored) -> Iterator[Problem]:
    found: dict[str, list[int]] = {}
    for _, question, path in authored.walk():
        if question.role is not None:
            line = authored.document.line((*path, "role"))
            found.setdefault(question.role, []).append(line)
    procedures = found.get("procedure", [])
    if len(procedures) > 1 or (not procedures and authored.whole):
        line = procedures[1] if procedures else 1
        yield problem_at("role.one_procedure", line, found=len(procedures))
    for role in _ONCE:
        for line in found.get(role, [])[1:]:
            yield problem_at("role.once", line, role=role)


def _modules(authored: Authored) -> Iterator[Problem]:
    line = authored.document.line
    modules = [b for b in authored.source.blocks if b.module is not None]
    expected = set(range(len(modules)))
    if {b.module for b in modules} != expected and authored.whole:
        path = authored.block_path(modules[0])
        yield problem_at("module.numbers", line((*path, "module")), path, last=len(modules) - 1)
    sizes = [len(b.questions) for b in modules]
    for block in modules if authored.whole else ():
        path = authored.block_path(block)
        if len(block.questions) != sizes[0]:
            facts = {"module": block.module, "found": len(block.questions), "wanted": sizes[0]}
            yield problem_at("module.length", line(path), path, **facts)
    for block in modules:
        if block.core:
            path = authored.block_path(block)
            yield problem_at("module.core", line((*path, "core")), path, module=block.module)


def _conditions(authored: Authored) -> Iterator[Problem]:
    places = {q.id: (b, i, q) for i, (b, q, _) in reversed([*enumerate(authored.walk())])}
    raw_ids = _raw_ids(authored.document.data)
    for index, (block, question, path) in enumerate(authored.walk()):
        for leaf, here in _leaves(question.show_if, (*path, "show_if")):
            line = authored.document.line(here)
            found = places.get(leaf.question)
            if found is None:
                if leaf.question not in raw_ids:
                    yield problem_at("condition.unknown", line, here, id=leaf.question)
                continue
            yield from _leaf(authored, (block, index), found, (leaf, here))


def _leaf(
    authored: Authored,
    asking: tuple[SourceBlock, int],
    asked: tuple[SourceBlock, int, SourceQuestion],
    leaf: tuple[SourceLeaf, Path],
) -> Iterator[Problem]:
    (block, index), (gate_block, gate_index, gate), (condition, path) = asking, asked, leaf
    line = authored.document.line(path)
    if gate_index >= index:
        yield problem_at("condition.later", line, path, id=gate.id)
    elif gate_block is block and block.shuffle:
        yield problem_at("condition.shuffled", line, path, id=gate.id)
    if gate_block.module not in {None, block.module}:
        yield problem_at("condition.other_module", line, path, id=gate.id)
    codes = {choice.code for choice in authored.source.choices_of(gate)}
    codes |= {DONT_KNOW} if gate.dont_know else set()
    codes |= {REFUSED} if gate.refusable else set()
    for code in condition.codes:
        if code not in codes:
            yield problem_at("condition.unknown_code", line, path, id=gate.id, code=code)


def _leaves(condition: SourceCondition | None, path: Path) -> Iterator[tuple[SourceLeaf, Path]]:
    if isinstance(condition, SourceLeaf):
        yield condition, path
    elif isinstance(condition, SourceAll):
        for index, part in enumerate(condition.all):
            yield from _leaves(part, (*path, "all", index))
    elif isinstance(condition, SourceAny):
        for index, part in enumerate(condition.any):
            yield from _leaves(part, (*path, "any", index))


def _raw_ids(data: object) -> set[str]:
    """Every question id in the file, also of questions that were set aside."""
    found: set[str] = set()
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            found |= {item["id"]} if isinstance(item.get("id"), str) else set()
            pending += item.values()
        elif isinstance(item, list):
            pending += item
    return found
