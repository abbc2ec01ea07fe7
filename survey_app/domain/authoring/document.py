"""YAML text to plain data, with the line of every entry and every mistake at once.

The node graph is read instead of the constructed values: it keeps line numbers, shows duplicate keys, and tells `007` and
`yes` in quotes from those without, which other YAML readers turn into 7 and true.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from survey_app.domain.problem import Problem

Path = tuple[str | int, ...]
LONGEST_TEXT = 200_000
DEEPEST = 12
_TAG = "tag:yaml.org,2002:"
_AMBIGUOUS = frozenset({"y", "n", "yes", "no", "on", "off"})
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})")


@dataclass(slots=True)
class Document:
    """What a file says: its data, the line of each path in it, and what is wrong so far.

    `places` knows the path of each mapping by identity, so that it is still found when its neighbours have been set aside.
    """

    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    places: dict[int, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Iterable[str | int]) -> int:
        """Line of the deepest known entry on the way to `path` (unknown steps are skipped); 1 for the file."""
        here: Path = ()
        for step in path:
            if (*here, step) in self.lines:
                here = (*here, step)
        return self.lines.get(here, 1)

    def complain(self, code: str, path: Path, /, **params: object) -> None:
        """Note a problem at the line of `path`."""
        self.problems.append(problem_at(code, self.line(path), path, **params))


def problem_at(code: str, line: int, path: Iterable[object] = (), /, **params: object) -> Problem:
    """A problem that knows its line."""
    where = ".".join(str(step) for step in path)
    return Problem(code, where, {"line": line, **params})


def read_document(text: str) -> Document:
    """Read YAML; `data` is None when there is nothing to go on with."""
    document = Document()
    if len(text) > LONGEST_TEXT:
        document.problems.append(problem_at("yaml.too_long", 1, limit=LONGEST_TEXT))
        return document
    _check_composed(text, document)
    node = _compose(text, document)
    if node is not None:
        document.data = _Reader(document).value(node, ())
    elif not document.problems:
        document.problems.append(problem_at("yaml.empty", 1))
    return document


def _check_composed(text: str, document: Document) -> None:
    """Vietnamese must be stored with precomposed letters (NFC): the font has no combining marks."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not unicodedata.is_normalized("NFC", line):
            document.problems.append(problem_at("text.not_nfc", number))


def _compose(text: str, document: Document) -> Node | None:
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False  # anchors are refused one by one below
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        document.problems.append(problem_at("yaml.syntax", line))
        return None
    except (YAMLError, RecursionError, ValueError):
        document.problems.append(problem_at("yaml.unreadable", 1))
        return None
    return node


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: Node, path: Path) -> object:
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if node.anchor is not None:
            self.document.complain("yaml.alias", path)
        if id(node) in self.seen:
            return None
        if len(path) > DEEPEST:
            self.document.complain("yaml.too_deep", path)
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.item(child, (*path, i)) for i, child in enumerate(node.value)]
        return self.scalar(node, path) if isinstance(node, ScalarNode) else None

    def item(self, node: Node, path: Path) -> object:
        self.document.lines[path] = node.start_mark.line + 1
        return self.value(node, path)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        self.document.places[id(result)] = path
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = self.key(key_node, path), key_node.start_mark.line + 1
            if key in result:
                here = (*path, key)
                self.document.problems.append(
                    problem_at("yaml.duplicate_key", line, here, key=key, first=first[key])
                )
                continue
            first[key] = line
            self.document.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result

    def key(self, node: Node, path: Path) -> str:
        if not isinstance(node, ScalarNode):
            line = node.start_mark.line + 1
            self.document.problems.append(problem_at("yaml.key", line, path))
            return f"?{line}"
        if node.style is None and _is_ambiguous(node):
            self._quote(node, path)
        return str(node.value)

    def scalar(self, node: ScalarNode, path: Path) -> object:
        text = str(node.value)
        kind = str(node.tag).removeprefix(_TAG)
        if kind == "str" and node.style is None and _is_ambiguous(node):
            self._quote(node, path)
        if kind == "str":
            return text
        if kind in {"null", "bool"}:
            return None if kind == "null" else text.lower() == "true"
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        self._quote(node, path)
        return text

    def _quote(self, node: Node, path: Path) -> None:
        line = node.start_mark.line + 1
        self.document.problems.append(problem_at("yaml.quote", line, path, value=str(node.value)))


def _is_ambiguous(node: ScalarNode) -> bool:
    """Words that YAML 1.1 readers turn into true and false."""
    return str(node.value).lower() in _AMBIGUOUS
