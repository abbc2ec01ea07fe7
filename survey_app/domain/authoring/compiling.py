"""The source model becomes the compiled questionnaire: structure without words, and words by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app.domain.authoring.document import Path
from survey_app.domain.authoring.shape import Authored
from survey_app.domain.authoring.source import (
    SourceAll,
    SourceAny,
    SourceBlock,
    SourceChoice,
    SourceCondition,
    SourceIndicator,
    SourceQuestion,
    SourceQuestionnaire,
)
from survey_app.domain.questionnaire import (
    Block,
    Choice,
    Condition,
    Indicator,
    Question,
    Questionnaire,
    Structure,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One translated text: the Vietnamese words it was made from, and the translation."""

    source: str
    translation: str


Catalogue = Mapping[str, Entry]
Catalogues = Mapping[str, Catalogue]


def build_structure(source: SourceQuestionnaire) -> Structure:
    """Everything but the words."""
    blocks = tuple(_block(source, block) for block in source.blocks)
    return Structure(
        format=1, id=source.id, version=source.version, scheme=source.scheme, blocks=blocks
    )


def build_questionnaire(source: SourceQuestionnaire, catalogues: Catalogues) -> Questionnaire:
    """The compiled version; texts a catalogue lacks are left out (checks.catalogue complains of them)."""
    vietnamese = dict(texts(source))
    text = {"vi": vietnamese}
    for language, catalogue in catalogues.items():
        text[language] = {key: catalogue[key].translation for key in vietnamese if key in catalogue}
    return Questionnaire(structure=build_structure(source), text=text)


def texts(source: SourceQuestionnaire) -> Iterator[tuple[str, str]]:
    """Every text of the file with its key, in reading order."""
    yield "title", source.title
    yield "intro", source.intro
    for block in source.blocks:
        if block.title is not None:
            yield f"{block.id}.title", block.title
        for question in block.questions:
            yield from _question_texts(source, question)


def text_lines(authored: Authored) -> dict[str, int]:
    """The line of every text by its key."""
    source, line = authored.source, authored.document.line
    lines = {"title": line(("title",)), "intro": line(("intro",))}
    for block in source.blocks:
        lines[f"{block.id}.title"] = line((*authored.block_path(block), "title"))
    for _, question, path in authored.walk():
        lines |= {f"{question.id}.{part}": line((*path, part)) for part in ("text", "help")}
        base = choices_path(question, path)
        for index, choice in enumerate(source.choices_of(question)):
            lines[f"{question.id}.choice.{choice.code}"] = line((*base, index))
    return lines


def choices_path(question: SourceQuestion, path: Path) -> Path:
    """Where a question's choices stand: with the shared sets, or with itself."""
    if isinstance(question.choices, str):
        return ("choices", question.choices)
    return (*path, "choices")


def condition(source: SourceCondition) -> Condition:
    """A condition as the routing rules read it."""
    if isinstance(source, SourceAll):
        return Condition(all=tuple(condition(part) for part in source.all))
    if isinstance(source, SourceAny):
        return Condition(any=tuple(condition(part) for part in source.any))
    return Condition(question=source.question, codes=tuple(source.codes))


def _question_texts(
    source: SourceQuestionnaire, question: SourceQuestion
) -> Iterator[tuple[str, str]]:
    yield f"{question.id}.text", question.text
    if question.help is not None:
        yield f"{question.id}.help", question.help
    for choice in source.choices_of(question):
        yield f"{question.id}.choice.{choice.code}", choice.label


def _block(source: SourceQuestionnaire, block: SourceBlock) -> Block:
    questions = tuple(_question(source, question) for question in block.questions)
    return Block(
        id=block.id,
        core=block.core,
        module=block.module,
        shuffle=block.shuffle,
        questions=questions,
    )


def _question(source: SourceQuestionnaire, question: SourceQuestion) -> Question:
    indicator = source.indicator_of(question)
    return Question(
        id=question.id,
        kind=question.kind,
        choices=tuple(_choice(choice) for choice in source.choices_of(question)),
        minimum=question.minimum,
        maximum=question.maximum,
        most=question.most,
        dont_know=question.dont_know,
        refusable=question.refusable,
        sensitive=question.sensitive,
        role=question.role,
        show_if=condition(question.show_if) if question.show_if else None,
        indicator=_indicator(indicator) if indicator else None,
    )


def _choice(choice: SourceChoice) -> Choice:
    return Choice(code=choice.code, value=choice.value, grade=choice.grade)


def _indicator(indicator: SourceIndicator) -> Indicator:
    minimum, maximum = indicator.scale
    return Indicator(
        minimum=minimum,
        maximum=maximum,
        direction=indicator.direction,
        subdimension=indicator.subdimension,
        by_group=indicator.by_group,
        evidence=indicator.evidence,
    )
