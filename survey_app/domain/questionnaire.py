"""A compiled questionnaire version: what is hashed, stored, sent to tablets and read by `score`.

`publish` compiles the authored YAML and its catalogues into one canonical JSON object {structure,
text}. It never changes after that: answers carry its hash, and every version stays readable for
ever.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from survey_app.domain.canonical import canonical_json, sha256_hex

DONT_KNOW = "dont_know"
REFUSED = "refused"
NOT_ASKED = "not_asked"
RESERVED_CODES = frozenset({DONT_KNOW, REFUSED, NOT_ASKED})

QuestionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,29}$")]
Kind = Literal["single", "multiple", "integer", "remark"]
Role = Literal["procedure", "criterion", "satisfaction", "age", "sex"]
Grade = Literal["not_satisfied", "satisfied", "very_satisfied"]


class Frozen(BaseModel):
    """A strict, immutable model: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Condition(Frozen):
    """When a question is asked: an earlier answer is one of some codes, or all/any of such."""

    question: QuestionId | None = None
    codes: tuple[Code, ...] | None = Field(default=None, alias="in")
    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, populate_by_name=True)


class Choice(Frozen):
    """One answer with its stable code; `value` is its place on the indicator's scale."""

    code: Code
    value: int | None = None
    grade: Grade | None = None


class Indicator(Frozen):
    """How a question enters a score.

    `minimum`/`maximum` are the fixed theoretical scale; `negative` reverses it (a bad item).
    `subdimension` is one code for everybody, `by_group` one per procedure group; neither: the
    item is reported but enters no score.
    """

    minimum: int
    maximum: int
    direction: Literal["positive", "negative"]
    subdimension: str | None = None
    by_group: dict[str, str] | None = None
    evidence: Literal["experience", "reference"]

    def z(self, value: int) -> float:
        """(x − min)/(max − min), reversed for a bad item: 0 worst, 1 best."""
        share = (value - self.minimum) / (self.maximum - self.minimum)
        return 1 - share if self.direction == "negative" else share

    def subdimension_for(self, group: str) -> str | None:
        """The sub-dimension an answer of this procedure group counts for."""
        if self.by_group is not None:
            return self.by_group.get(group)
        return self.subdimension

    @property
    def subdimensions(self) -> frozenset[str]:
        """Every sub-dimension the item can count for."""
        if self.by_group is not None:
            return frozenset(self.by_group.values())
        return frozenset({self.subdimension} if self.subdimension else ())


class Question(Frozen):
    """One question, one screen."""

    id: QuestionId
    kind: Kind
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    most: int | None = None
    dont_know: bool = False
    refusable: bool = False
    sensitive: bool = False
    role: Role | None = None
    show_if: Condition | None = None
    indicator: Indicator | None = None

    @cached_property
    def values(self) -> dict[str, int]:
        """Scale value of each code that has one."""
        return {c.code: c.value for c in self.choices if c.value is not None}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code an answer may have, reserved ones last."""
        own = tuple(choice.code for choice in self.choices)
        return own + (DONT_KNOW,) * self.dont_know + (REFUSED,) * self.refusable

    @property
    def is_personal(self) -> bool:
        """Age and sex: in no score, blanked in row files where rare."""
        return self.role in {"age", "sex"}


class Block(Frozen):
    """Questions that belong together; `module` makes them one of the rotating sets."""

    id: QuestionId
    core: bool = False
    module: int | None = None
    shuffle: bool = False
    questions: tuple[Question, ...]


class Structure(Frozen):
    """Everything but the words."""

    format: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,60}$")]
    version: int
    scheme: str
    blocks: tuple[Block, ...]


class Questionnaire(Frozen):
    """A published version: structure and text per language."""

    structure: Structure
    text: dict[str, dict[str, str]]

    @classmethod
    def from_json(cls, raw: bytes | str) -> "Questionnaire":
        """Read the stored canonical JSON; raises pydantic.ValidationError."""
        return cls.model_validate_json(raw)

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that are hashed, stored and sent."""
        return canonical_json(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes: the version's name in every answer."""
        return sha256_hex(self.canonical)

    @property
    def label(self) -> str:
        """id@hash, as row files carry it (the first 12 digits suffice to find it)."""
        return f"{self.structure.id}@{self.hash[:12]}"

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in order."""
        return {q.id: q for _, q in self.walk()}

    @cached_property
    def block_of(self) -> dict[str, Block]:
        """The block each question stands in."""
        return {q.id: block for block, q in self.walk()}

    @cached_property
    def module_count(self) -> int:
        """K: how many rotating modules there are (0: none)."""
        return len({b.module for b in self.structure.blocks if b.module is not None})

    def walk(self) -> Iterator[tuple[Block, Question]]:
        """Every question with its block, in order."""
        for block in self.structure.blocks:
            for question in block.questions:
                yield block, question

    def module_of(self, response_id: str) -> int | None:
        """The module of a form: int(id[:8], 16) mod K. Checkable by anyone, chosen by nobody."""
        if not self.module_count:
            return None
        return int(response_id[:8], 16) % self.module_count

    def with_role(self, role: Role) -> list[Question]:
        """Questions that play `role`."""
        return [q for q in self.questions.values() if q.role == role]

    def say(self, language: str, key: str) -> str:
        """The words for `key`, such as "age.choice.18_34"; Vietnamese where a language lacks them."""
        return self.text.get(language, {}).get(key) or self.text["vi"].get(key, "")
