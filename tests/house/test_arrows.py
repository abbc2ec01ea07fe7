"""Rooms import only what lies beneath them; the contracts stand in setup.cfg."""

import subprocess
import sys
from pathlib import Path

from tests.house.repository import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
# What loads when only figures are computed from a file: neither server nor database.
FRAMEWORKS = ("flask", "werkzeug", "wtforms", "sqlalchemy", "babel", "alembic", "granian")


def test_the_contracts_are_kept() -> None:
    done = subprocess.run(
        [LINT_IMPORTS, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_domain_loads_no_framework() -> None:
    """What the contracts say of imports, seen at run time, through every import of an import."""
    program = (
        "import pkgutil, sys, importlib, survey_app.domain as d\n"
        "for m in pkgutil.walk_packages(d.__path__, 'survey_app.domain.'):\n"
        "    importlib.import_module(m.name)\n"
        f"print([f for f in {FRAMEWORKS!r} if f in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
