"""Find the Chromium that the browser tests drive, or install it: `make browser`.

Debian's own package is preferred: it brings the libraries that Playwright's build leaves to the
reader. What cannot be installed ends the run with the line to type; nothing is skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

DEBIAN_NAMES = ("chromium", "chromium-browser", "google-chrome")
APT_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
PLAYWRIGHT_INSTALL = [sys.executable, "-m", "playwright", "install", "chromium"]
HELP = """\
The browser tests need Chromium, and it is not here. Install it with one of
  sudo apt-get update && sudo apt-get install -y chromium
  {python} -m playwright install --with-deps chromium
and run the tests again.
"""


class BrowserMissing(RuntimeError):
    """There is no Chromium; the message is the line to type."""


def installed_by_system() -> Path | None:
    """Return the Chromium on PATH, if there is one."""
    for name in DEBIAN_NAMES:
        # apt puts it into /usr/bin, which a bare PATH may lack.
        found = shutil.which(name) or shutil.which(name, path="/usr/bin:/usr/local/bin")
        if found:
            return Path(found)
    return None


def installed_by_playwright() -> Path | None:
    """Return the Chromium that Playwright has downloaded, if it has."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (starts a driver process)

    with sync_playwright() as playwright:
        found = Path(playwright.chromium.executable_path)
    return found if found.exists() else None


def find() -> Path:
    """Return the path of Chromium, or raise BrowserMissing with the line that installs it."""
    found = installed_by_system() or installed_by_playwright()
    if found is None:
        raise BrowserMissing(_help())
    return found


def install() -> None:
    """Install Chromium the way this machine allows; a failure shows later, in `find`."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(APT_INSTALL, check=False, env=environment)
    else:
        subprocess.run(PLAYWRIGHT_INSTALL, check=False)


def starts(browser: Path) -> str:
    """Return Chromium's version line; a build whose libraries are missing raises BrowserMissing."""
    answer = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise BrowserMissing(f"{browser} does not start:\n{answer.stderr}\n{_help()}")
    return answer.stdout.strip()


def _help() -> str:
    return HELP.format(python=sys.executable)


def main() -> int:
    """Make sure of Chromium and print where it is."""
    if installed_by_system() is None and installed_by_playwright() is None:
        install()
    try:
        browser = find()
        print(f"{browser}: {starts(browser)}")
    except BrowserMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
