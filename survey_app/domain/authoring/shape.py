"""From plain data to the source model: every mistake of form, and whatever of the file is sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from survey_app.domain.authoring.document import Document, Path
from survey_app.domain.authoring.source import (
    SUBDIMENSION_PATTERN,
    WORDS_PATTERN,
    SourceBlock,
    SourceQuestion,
    SourceQuestionnaire,
)

_CODES = {
    "missing": "shape.missing",
    "extra_forbidden": "shape.unknown_key",
    "string_type": "shape.string",
    "int_type": "shape.integer",
    "bool_type": "shape.boolean",
    "list_type": "shape.list",
    "dict_type": "shape.mapping",
    "model_type": "shape.mapping",
    "model_attributes_type": "shape.mapping",
    "literal_error": "shape.one_of",
    "string_pattern_mismatch": "shape.pattern",
    "string_too_short": "shape.empty",
    "string_too_long": "shape.too_long",
    "too_short": "shape.too_few",
    "too_long": "shape.too_many",
    "greater_than_equal": "shape.too_small",
}
_BY_PATTERN = {
    WORDS_PATTERN: "shape.spaces",
    SUBDIMENSION_PATTERN: "shape.subdimension",
}
_FACTS = ("min_length", "max_length", "ge")
_MOST_ROUNDS = 4
NO_SCHEME = "---"
# What stands in for a wrong entry at the top, so that the questions below it are still checked.
_STAND_INS = {
    "format": 1,
    "id": "---",
    "version": 1,
    "scheme": NO_SCHEME,
    "title": "–",
    "intro": "–",
}


@dataclass(frozen=True, slots=True)
class Authored:
    """The sound part of a file, with its document and the paths its questions came from."""

    source: SourceQuestionnaire
    document: Document
    paths: dict[int, Path]
    whole: bool

    def walk(self) -> Iterator[tuple[SourceBlock, SourceQuestion, Path]]:
        """Every question with its block and its path in the file, in order."""
        for block in self.source.blocks:
            for question in block.questions:
                yield block, question, self.paths[id(question)]

    def block_path(self, block: SourceBlock) -> Path:
        """The path of a block in the file."""
        return self.paths[id(block.questions[0])][:2]


def read_source(document: Document) -> Authored | None:
    """The file as a source model; mistakes of form go to `document.problems`.

    Parts with mistakes are set aside so that the rest can still be checked: one run shows everything.
    """
    sound_yaml = not any(p.code.startswith("yaml.") for p in document.problems)
    data = document.data
    for round_number in range(_MOST_ROUNDS):
        try:
            source = SourceQuestionnaire.model_validate(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
            if round_number == 0:
                _report(document, details)
            data = _without(data, [detail["loc"] for detail in details])
        else:
            return Authored(
                source, document, _paths(document, source, data), round_number == 0 and sound_yaml
            )
    return None


def _report(document: Document, details: Iterable[ErrorDetails]) -> None:
    for detail in details:
        code = _CODES.get(detail["type"], "shape.invalid")
        code = _BY_PATTERN.get(str(detail.get("ctx", {}).get("pattern")), code)
        path = _real_path(document, detail)
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        document.complain(code, path, name=name, **_facts(detail))


def _facts(detail: ErrorDetails) -> dict[str, object]:
    context = detail.get("ctx", {})
    facts: dict[str, object] = {key: context[key] for key in _FACTS if key in context}
    if "expected" in context:
        facts["expected"] = str(context["expected"]).replace(" or ", ", ").replace("'", "")
    if isinstance(detail["input"], str | int | float):
        facts["value"] = str(detail["input"])[:60]
    return facts


def _real_path(document: Document, detail: ErrorDetails) -> Path:
    """The place of a mistake without the branch names that pydantic puts in."""
    loc = detail["loc"]
    here: Path = ()
    for step in loc:
        if (*here, step) in document.lines:
            here = (*here, step)
    return (*here, loc[-1]) if detail["type"] == "missing" else here


def _without(data: object, places: Iterable[Path]) -> object:
    """A copy without the questions, block entries and top entries that are wrong."""
    doomed = {tuple(_doomed_part(loc)) for loc in places}
    if not isinstance(data, dict):
        return data
    sound = {key: value for key, value in data.items() if (key,) not in doomed}
    kept = {**_STAND_INS, **sound}
    if isinstance(kept.get("blocks"), list):
        blocks = [_block(block, i, doomed) for i, block in enumerate(kept["blocks"])]
        kept["blocks"] = [block for block in blocks if block]
    return kept


def _doomed_part(loc: Path) -> Path:
    match loc:
        case ("blocks", int(), "questions", int(), *_):
            return loc[:4]
        case ("blocks", int(), _, *_):
            return loc[:3]
        case ("blocks", int()):
            return loc
        case _:
            return loc[:1]


def _block(block: object, index: int, doomed: set[Path]) -> object:
    here: Path = ("blocks", index)
    if not isinstance(block, dict) or here in doomed or (*here, "id") in doomed:
        return None
    kept = {key: value for key, value in block.items() if (*here, key) not in doomed}
    questions = kept.get("questions")
    if isinstance(questions, list):
        kept["questions"] = [
            q for i, q in enumerate(questions) if (*here, "questions", i) not in doomed
        ]
    return kept if kept.get("questions") else None


def _paths(document: Document, source: SourceQuestionnaire, data: object) -> dict[int, Path]:
    """Paths of the questions by identity. A file that passed validation has this form."""
    blocks = data["blocks"] if isinstance(data, dict) else []
    return {
        id(question): document.places[id(raw)]
        for block, raw_block in zip(source.blocks, blocks, strict=True)
        for question, raw in zip(block.questions, raw_block["questions"], strict=True)
    }
