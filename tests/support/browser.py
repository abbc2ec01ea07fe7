"""What the browser tests share: a Chromium that stays on this machine, and axe."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.network import LOCAL_HOSTS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page, Route

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Without these Chromium talks to its maker's servers, which a test must not.
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
TABLET = {"width": 800, "height": 1280}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def flags() -> list[str]:
    """Chromium's command line; as root it cannot use its sandbox."""
    return [*QUIET_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


class Watch:
    """Collects what a page complains about while a test drives it."""

    def __init__(self, context: "BrowserContext") -> None:
        self.complaints: list[str] = []
        self._forgiven: list[str] = []
        context.route("**/*", self._stay_here)
        context.on("console", lambda m: self._note(m.type, m.text))
        context.on("weberror", lambda e: self._note("error", str(e.error)))

    def allow(self, fragment: str) -> None:
        """Forget complaints that contain `fragment`: the test provoked them."""
        self.complaints = [c for c in self.complaints if fragment not in c]

    def forgive(self, fragment: str) -> None:
        """Take no notice of complaints that contain `fragment` from now on: the test provokes them."""
        self._forgiven.append(fragment)
        self.allow(fragment)

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(f in text for f in self._forgiven):
            self.complaints.append(f"{kind}: {text}")

    def _stay_here(self, route: "Route") -> None:
        host = route.request.url.split("/")[2].split(":")[0] if "//" in route.request.url else ""
        if host in LOCAL_HOSTS:
            route.fallback()
        else:
            self.complaints.append(f"asked for {route.request.url}")
            route.abort()


@dataclass
class Wire:
    """Bytes on the wire by address, headers included, as Chromium's network layer counts them from now on."""

    session: "CDPSession"
    addresses: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes[self.addresses[event["requestId"]]] = int(event["encodedDataLength"])


def accessibility_violations(page: "Page") -> list[str]:
    """What axe finds on the page as it stands, one line a violation with its first places."""
    if not AXE.is_file():
        raise FileNotFoundError(f"{AXE} is missing. Run: make dev")
    # Evaluated through the debugger, so the page's content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    report: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
    )
    return [_line(violation) for violation in report["violations"]]


def _line(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} at {places}"
