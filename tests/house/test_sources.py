"""Sources stay small, composed and free of what belongs to one machine."""

import ast
import statistics
import unicodedata
from collections.abc import Iterator

from tests.house.repository import ROOT, python_sources, texts

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10
# Put together here, so that this file does not name them either.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, int]]:
    """Each function of the program: its place and its length in lines, docstring left out."""
    for path in python_sources("survey_app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length(node)


def length(node: Function) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_no_file_is_too_long_to_read() -> None:
    sizes = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in python_sources("survey_app")
    }
    assert {path: size for path, size in sizes.items() if size > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = dict(functions())
    assert {place: size for place, size in lengths.items() if size > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_text_is_composed_and_ends_well() -> None:
    """NFC everywhere: two spellings of one Vietnamese letter make two different strings."""
    found = list(texts())
    assert [path for path, text in found if not unicodedata.is_normalized("NFC", text)] == []
    assert [path for path, text in found if "\r" in text] == []
    ours = [(path, text) for path, text in found if "/vendor/" not in path]
    assert [path for path, text in ours if text and not text.endswith("\n")] == []


def test_nothing_names_a_registry() -> None:
    """From where packages come is a setting of the machine, not of the project."""
    found = [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if any(host in line for host in REGISTRIES)
    ]
    assert found == []


def test_every_ignored_complaint_says_why() -> None:
    """`# type: ignore[...]` and `# noqa: ...` are followed by a reason."""
    markers = ("# type: " + "ignore[", "# " + "noqa: ")
    bare = [
        f"{path}:{number}"
        for path, text in texts()
        if path.endswith(".py")
        for number, line in enumerate(text.splitlines(), 1)
        for marker in markers
        if marker in line and not _after(line, marker).strip()
    ]
    assert bare == []


def _after(line: str, marker: str) -> str:
    rest = line.split(marker, 1)[1]
    return rest.partition("]" if marker.endswith("[") else " ")[2]
