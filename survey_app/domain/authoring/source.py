"""The authored form of a questionnaire: what a YAML file may contain (docs/questionnaire-format.md).

`docs/questionnaire-format.schema.json` is generated from these models.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from survey_app.domain.questionnaire import Code, Grade, Kind, QuestionId, Role

WORDS_PATTERN = r"^\S(.*\S)?$"
SUBDIMENSION_PATTERN = r"^[1-9][0-9]?\.[1-9]$"

Words = Annotated[str, Field(min_length=1, max_length=400, pattern=WORDS_PATTERN)]
SetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
SubDimensionCode = Annotated[str, Field(pattern=SUBDIMENSION_PATTERN)]


class Source(BaseModel):
    """Strict and immutable; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=False)


class SourceLeaf(Source):
    """True when the answer to `question` is one of the codes."""

    question: QuestionId
    codes: Annotated[list[Code], Field(alias="in", min_length=1)]


class SourceAll(Source):
    """True when every part is."""

    all: Annotated[list["SourceCondition"], Field(min_length=1)]


class SourceAny(Source):
    """True when at least one part is."""

    any: Annotated[list["SourceCondition"], Field(min_length=1)]


def _condition_tag(value: object) -> str:
    if isinstance(value, Mapping):
        return next((key for key in ("all", "any") if key in value), "leaf")
    if isinstance(value, SourceAll):
        return "all"
    return "any" if isinstance(value, SourceAny) else "leaf"


SourceCondition = Annotated[
    Annotated[SourceLeaf, Tag("leaf")]
    | Annotated[SourceAll, Tag("all")]
    | Annotated[SourceAny, Tag("any")],
    Discriminator(_condition_tag),
]


class SourceChoice(Source):
    """One choice: its stable code, its words, its place on the scale."""

    code: Code
    label: Words
    value: int | None = None
    grade: Grade | None = None


class SourceIndicator(Source):
    """How a question enters a score. Without sub-dimension the item is reported, not scored."""

    scale: Annotated[list[int], Field(min_length=2, max_length=2)]
    direction: Literal["positive", "negative"]
    subdimension: SubDimensionCode | None = None
    by_group: dict[Code, SubDimensionCode] | None = None
    evidence: Literal["experience", "reference"]


def _named_or_own(value: object) -> str:
    return "named" if isinstance(value, str) else "own"


ChoicesOrName = Annotated[
    Annotated[SetName, Tag("named")] | Annotated[list[SourceChoice], Tag("own")],
    Discriminator(_named_or_own),
]
IndicatorOrName = Annotated[
    Annotated[SetName, Tag("named")] | Annotated[SourceIndicator, Tag("own")],
    Discriminator(_named_or_own),
]


class SourceQuestion(Source):
    """One question, one screen."""

    id: QuestionId
    kind: Kind
    text: Words
    help: Words | None = None
    choices: ChoicesOrName | None = None
    minimum: int | None = None
    maximum: int | None = None
    most: Annotated[int, Field(ge=1)] | None = None
    dont_know: bool = False
    refusable: bool = False
    sensitive: bool = False
    role: Role | None = None
    show_if: SourceCondition | None = None
    indicator: IndicatorOrName | None = None


class SourceBlock(Source):
    """Questions that belong together."""

    id: QuestionId
    title: Words | None = None
    core: bool = False
    module: Annotated[int, Field(ge=0)] | None = None
    shuffle: bool = False
    questions: Annotated[list[SourceQuestion], Field(min_length=1)]


class SourceQuestionnaire(Source):
    """A whole file."""

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,60}$")]
    version: Annotated[int, Field(ge=1)]
    scheme: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,60}$")]
    title: Words
    intro: Words
    glossary: dict[str, Words] = {}
    choices: dict[SetName, list[SourceChoice]] = {}
    indicators: dict[SetName, SourceIndicator] = {}
    blocks: Annotated[list[SourceBlock], Field(min_length=1)]

    def choices_of(self, question: SourceQuestion) -> list[SourceChoice]:
        """A question's choices, shared sets resolved; empty when there are none."""
        if isinstance(question.choices, str):
            return self.choices.get(question.choices, [])
        return question.choices or []

    def indicator_of(self, question: SourceQuestion) -> SourceIndicator | None:
        """A question's indicator, shared ones resolved."""
        if isinstance(question.indicator, str):
            return self.indicators.get(question.indicator)
        return question.indicator


def json_schema() -> dict[str, object]:
    """The published JSON Schema of the format."""
    schema = SourceQuestionnaire.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Questionnaire source, format 1",
    }
