"""Values of R's survey package, frozen in tests/data/r together with the script that made them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data" / "r"


@cache
def r_fixture(name: str) -> dict[str, Any]:
    """The rows (columns by name) and values of one fixture."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content
