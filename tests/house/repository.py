"""The files of the project, as the tests of the house look at them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = frozenset({"__pycache__", "build", "data", "data-demo", "dist", "node_modules"})
TEXT = frozenset(
    f".{ending}"
    for ending in (
        *("cfg", "css", "csv", "html", "in", "js", "json", "lock", "mako", "md", "po", "py"),
        *("sh", "svg", "toml", "txt", "yaml", "yml"),
    )
)


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: what git knows or would take; without git, the folder."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / line for line in listed.stdout.splitlines()]
    else:
        found = [p for p in ROOT.rglob("*") if not _is_made(p.relative_to(ROOT))]
    return tuple(sorted(p for p in found if p.is_file()))


def _is_made(path: Path) -> bool:
    """What `.gitignore` leaves out, for a copy of the project without git."""
    folders = path.parts[:-1]
    hidden = any(part.startswith(".") and part != ".ci" for part in folders)
    return hidden or bool(MADE & set(folders)) or any(p.endswith(".egg-info") for p in folders)


def texts() -> Iterator[tuple[str, str]]:
    """Each text file's path from the root and its content."""
    for path in files():
        if path.suffix in TEXT or path.name in {"Makefile", "LICENSE", "run"}:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def python_sources(folder: str) -> list[Path]:
    """The Python files below `folder`."""
    return [p for p in files() if p.suffix == ".py" and p.is_relative_to(ROOT / folder)]
