"""The locks name every file by hash, and no host."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.house.repository import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
NODE_LOCKS = ("package-lock.json", "tools/lighthouse/package-lock.json")
REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.!+]+)")


def requirements(lock: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and whole entry of each locked package."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        found = REQUIREMENT.match(line)
        assert found, f"{lock}: {line!r} is not an exact requirement"
        yield found["name"], found["version"], line


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hashes(lock: str) -> None:
    entries = list(requirements(lock))
    assert entries
    assert [name for name, _, line in entries if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", [*LOCKS, *NODE_LOCKS])
def test_no_lock_names_a_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    hosts = [line for line in text.splitlines() if "://" in line and '"url":' not in line]
    assert hosts == []
    assert '"resolved"' not in text


@pytest.mark.parametrize("lock", NODE_LOCKS)
def test_node_packages_have_their_hashes(lock: str) -> None:
    content = json.loads((ROOT / lock).read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in content["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_development_uses_what_users_get() -> None:
    development = {name: version for name, version, _ in requirements("requirements-dev.lock")}
    differing = [
        name
        for name, version, _ in requirements("requirements.lock")
        if development.get(name) != version
    ]
    assert differing == []


def test_every_wish_is_locked() -> None:
    for wishes, lock in (("requirements.in", LOCKS[0]), ("requirements-dev.in", LOCKS[1])):
        locked = {name for name, _, _ in requirements(lock)}
        lines = (ROOT / wishes).read_text(encoding="utf-8").splitlines()
        names = [re.split(r"[\[<>=]", line)[0] for line in lines if line and line[0] not in "#-"]
        assert [n for n in names if n.replace(".", "-") not in locked] == []
