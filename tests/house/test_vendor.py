"""What browsers load is what was vendored, with its licence."""

import json
from pathlib import Path

import pytest

from tools.vendor import VENDOR, sha512

FOLDERS = sorted(path.parent for path in VENDOR.glob("*/manifest.json"))


def test_every_vendored_folder_has_a_manifest() -> None:
    assert sorted(path for path in VENDOR.iterdir() if path.is_dir()) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_are_what_the_manifest_says(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = {p.name: sha512(p.read_bytes()) for p in folder.iterdir() if p.name != "manifest.json"}
    assert found == {name: entry["sha512"] for name, entry in manifest["files"].items()}
    assert "LICENSE" in found
    assert manifest["package"]
    assert manifest["version"]
