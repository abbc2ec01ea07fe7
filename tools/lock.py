"""Choose versions anew and write the locks: `make lock`.

The Python locks hold for every platform and Python from 3.11 on; every file is named by its hash,
and no lock says from where to fetch it: that is the machine's own setting.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *("pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header"),
]


def compile_lock(name: str) -> None:
    """Write `name`.lock from `name`.in."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), *COMPILE, "--output-file", f"{name}.lock", f"{name}.in"]
    subprocess.run(command, check=True, cwd=ROOT)


def lock_node(folder: Path) -> None:
    """Write the folder's package-lock.json from its package.json; `.npmrc` keeps hosts out of it."""
    (folder / "package-lock.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tools.npm", "install", "--package-lock-only"]
    command += ["--prefix", str(folder)]
    # An npmrc of this user's could name another form of lock.
    environment = {**os.environ, "npm_config_omit_lockfile_registry_resolved": "true"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


def main() -> int:
    """Write all locks; the second is bound to the first's choices."""
    compile_lock("requirements")
    compile_lock("requirements-dev")
    lock_node(ROOT)
    lock_node(ROOT / "tools" / "lighthouse")
    return 0


if __name__ == "__main__":
    sys.exit(main())
