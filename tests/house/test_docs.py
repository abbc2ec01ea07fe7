"""The documentation knows every setting, command, target and file it speaks of."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.house.repository import ROOT, files

LINK = re.compile(r"\]\((?!https?://|mailto:|#)(?P<target>[^)#\s]+)")
PAGES = [path for path in files() if path.suffix == ".md" and "vendor" not in path.parts]


def documentation() -> str:
    """README and docs/ as one text."""
    pages = [p for p in PAGES if p.parent == ROOT or p.is_relative_to(ROOT / "docs")]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def commands(parser: argparse.ArgumentParser, prefix: str = "survey-app") -> Iterator[str]:
    """Each command as it is typed, for example "survey-app questionnaire check"."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                below = list(commands(child, f"{prefix} {name}"))
                yield from below or [f"{prefix} {name}"]


def test_every_setting_is_documented() -> None:
    from survey_app import config

    text = documentation()
    names = [f"{config.PREFIX}{name}" for name in sorted(config._NAMES)]
    assert [name for name in names if name not in text] == []


def test_every_command_is_documented() -> None:
    from survey_app.cli import build_parser

    text = documentation()
    assert [command for command in commands(build_parser()) if command not in text] == []


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)
    assert [target for target in targets if f"make {target}" not in text] == []


def test_every_folder_is_explained() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {
        path.relative_to(ROOT).parts[0] for path in files() if len(path.relative_to(ROOT).parts) > 1
    }
    rooms = {
        path.relative_to(ROOT / "survey_app").parts[0]
        for path in files()
        if path.is_relative_to(ROOT / "survey_app") and len(path.relative_to(ROOT).parts) > 2
    }
    assert [f for f in sorted(folders | rooms) if f"`{f}/`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / unquote(t)).exists()] == []
