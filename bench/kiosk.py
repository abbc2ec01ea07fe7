"""The tablet in a real Chromium: its first load, how soon the next question is painted, how fast a full queue is sent.

Painting is measured with the page's thread six times slower: after a touch as the browser's own Event Timing tells it (from
the finger's lifting to the picture with the next question, in steps of 8 ms), and where a chosen answer leads on by itself from
the end of its pause to the message after the frame. The queue is sealed, signed and sent as on any tablet, over loopback.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from bench.forms import random_form
from bench.servers import free_port, provision, running
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.weeks import utc_now
from survey_app.store import pairing, questionnaires
from tests.support.browser import TABLET, Wire, flags
from tools.ensure_browser import find

UNIT, COUNTER = "12103@2025-07-01", "12103-q1"
SLOWDOWN = 6
QUEUED = 1_000
VISITS = 2
# Longer than an answer stays marked, and than a new screen is deaf for a second touch.
_A_MOMENT, _MARKED = 700, 500
# How long a finger rests on the glass: what it presses looks pressed meanwhile.
_RESTING = 180
# After loading: self-test, first heartbeat.
_SETTLED = 3_000

# Entries below 16 ms are never told: leaving them out makes the figures larger, not smaller.
WATCH = """(marked) => {
  window.touches = [];
  window.arrivals = [];
  window.pauses = [];
  new PerformanceObserver((list) => {
    for (const {name, duration, startTime, processingStart, target} of list.getEntries()) {
      const {control} = target?.closest("button")?.dataset ?? {};
      if (name === "click" && ["next", "back"].includes(control)) {
        touches.push(duration);
        arrivals.push(processingStart - startTime);
      }
    }
  }).observe({type: "event", durationThreshold: 16});
  const afterFrame = (act) => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(0);
  });
  const later = window.setTimeout;
  const measured = (work) => () => {
    const began = performance.now();
    work();
    afterFrame(() => pauses.push(performance.now() - began));
  };
  window.setTimeout = (work, wait, ...rest) =>
    later(wait === marked ? measured(work) : work, wait, ...rest);
}"""
SHOWN = """() => {
  const {dataset} = document.querySelector("main [data-screen]:not([hidden])");
  return dataset.question ?? dataset.screen;
}"""
CENTRE = """(selector) => {
  const found = [...document.querySelectorAll(selector)].find((each) => each.offsetParent);
  const {x, y, width, height} = found?.getBoundingClientRect() ?? {};
  return found ? [x + width / 2, y + height / 2] : null;
}"""
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const found = {files: 0, bytes: 0};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.files += 1;
      found.bytes += (await (await cache.match(request)).arrayBuffer()).byteLength;
    }
  }
  return found;
}"""
# What the page itself runs is inside one bundle; asked for while there is a network.
PREPARE = """async () => {
  const {Keeper} = await import("/kiosk/static/keeper.js");
  const {done, transact} = await import("/kiosk/static/database.js");
  const key = JSON.parse(document.querySelector("#visit").dataset.sealingKey);
  window.keeper = new Keeper(key, {kick() {}});
  window.waiting = () => transact(["queue"], "readonly", ({queue}) => done(queue.count()));
}"""
# The last is not awaited: the network comes back meanwhile.
FILL = """async (bodies) => {
  for (const body of bodies) await keeper.keep(body);
  const drain = async () => {
    await new Promise((back) => addEventListener("online", back, {once: true}));
    const began = performance.now();
    while (await waiting()) await new Promise((go) => setTimeout(go, 100));
    return (performance.now() - began) / 1000;
  };
  window.drained = drain();
  return waiting();
}"""


@dataclass(frozen=True)
class Row:
    """A line of the table, in words."""

    subject: str
    measured: str
    goal: str = ""


def measure(folder: Path) -> None:
    """Print the table, line by line."""
    print("\n| on the tablet | measured | goal |\n|---|---:|---:|")
    with ExitStack() as stack:
        url, code, questionnaire = _start(folder / "kiosk", stack)
        page = stack.enter_context(_chromium()).new_page()
        for row in _rows(page, url, code, questionnaire):
            print(f"| {row.subject} | {row.measured} | {row.goal} |", flush=True)


def _rows(page: Page, url: str, code: str, questionnaire: Questionnaire) -> Iterator[Row]:
    yield from _first_load(page, url, code)
    found = _paint(page, url)
    yield _milliseconds("end of an answer's pause to the next question painted", found["pauses"])
    yield _milliseconds("touch on “Tiếp” or “Quay lại” to the question painted", found["touches"])
    yield _milliseconds("of it, until the page hears of the touch", found["arrivals"], goal="")
    page.goto(f"{url}/kiosk/")
    page.evaluate(PREPARE)
    for slowdown in (1, SLOWDOWN):
        yield _drain(page, questionnaire, slowdown)


def _start(folder: Path, stack: ExitStack) -> tuple[str, str, Questionnaire]:
    folder.mkdir()
    port = free_port()
    environ, database = provision(folder, port)
    with database.writing() as connection:
        code = pairing.make_code(connection, COUNTER, utc_now())
        questionnaire = questionnaires.current(connection)
    database.dispose()
    stack.enter_context(running(["-m", "survey_app", "run"], port, environ))
    return environ["SURVEY_APP_PUBLIC_URL"], code, questionnaire


@contextmanager
def _chromium() -> Iterator[BrowserContext]:
    size: Any = TABLET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=flags())
        yield browser.new_context(viewport=size, has_touch=True)
        browser.close()


def _first_load(page: Page, url: str, code: str) -> list[Row]:
    """From an empty cache to the first screen; then what is kept for a day without the server."""
    page.goto(f"{url}/kiosk/connect")
    page.locator("#code").fill(code)
    session = page.context.new_cdp_session(page)
    wire = Wire(session)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    with page.expect_navigation(url=f"{url}/kiosk/"):
        page.locator("form button").tap()
    page.locator("html.stepwise").wait_for()
    page.evaluate("document.fonts.ready.then(() => 1)")
    sizes = {a: size for a, size in wire.bytes.items() if "/api/" not in a}
    session.detach()
    total = sum(sizes.values())
    fonts = sum(size for address, size in sizes.items() if address.endswith(".woff2"))
    kept = page.evaluate(KEPT)
    return [
        Row("first screen: requests", f"{len(sizes)}", "12"),
        Row("first screen: bytes on the wire without the font", f"{total - fonts:,}", "60,000"),
        Row("first screen: bytes on the wire with the font", f"{total:,}", "100,000"),
        Row("kept for a day without the server", f"{kept['files']} files, {kept['bytes']:,} bytes"),
    ]


def _paint(page: Page, url: str) -> dict[str, list[float]]:
    """Milliseconds after the pauses of chosen answers, and after touches on "Tiếp" and "Quay lại"; see WATCH."""
    found: dict[str, list[float]] = {"pauses": [], "touches": [], "arrivals": []}
    session = page.context.new_cdp_session(page)
    for _ in range(VISITS):
        page.goto(f"{url}/kiosk/")
        page.wait_for_timeout(_SETTLED)
        page.evaluate(WATCH, _MARKED)
        finger = Finger(page, session)
        for control in ('a[data-language="vi"]', '[data-control="begin"]'):
            finger.touch(control)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        finger.answer_all()
        finger.walk("back", "purpose")
        finger.touch('[data-control="begin"]')
        finger.walk("next", "remark")
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        for name, values in found.items():
            values.extend(page.evaluate(name))
    session.detach()
    return found


@dataclass(frozen=True)
class Finger:
    """Touches by place, as a finger does: where Playwright looks for elements it listens, which would be measured too."""

    page: Page
    session: CDPSession

    def touch(self, selector: str) -> None:
        """Where there is something to touch; then look at it for a moment."""
        place = self.page.evaluate(CENTRE, selector)
        if place:
            self._dispatch("touchStart", [{"x": place[0], "y": place[1]}])
            self.page.wait_for_timeout(_RESTING)
            self._dispatch("touchEnd", [])
            self.page.wait_for_timeout(_A_MOMENT)

    def _dispatch(self, kind: str, points: list[dict[str, float]]) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def answer_all(self) -> None:
        """The first answer to each question, up to the remark."""
        while (question := self.page.evaluate(SHOWN)) != "remark":
            self.touch("main [data-screen]:not([hidden]) .choice label")
            self.page.wait_for_timeout(_MARKED)
            if self.page.evaluate(SHOWN) == question:
                self.touch('[data-control="next"]')

    def walk(self, control: str, end: str) -> None:
        """Touch "next" or "back" until the screen of this name."""
        while self.page.evaluate(SHOWN) != end:
            self.touch(f'[data-control="{control}"]')


def _milliseconds(subject: str, found: Sequence[float], goal: str = "50 ms") -> Row:
    ordered = sorted(found)
    p95 = ordered[int(len(ordered) * 0.95)]
    words = f"{statistics.median(ordered):.0f} ms (p95 {p95:.0f}, {len(ordered)} times)"
    return Row(f"{subject}, {SLOWDOWN} times slower", words, goal)


def _drain(page: Page, questionnaire: Questionnaire, slowdown: int) -> Row:
    """Fill the queue without a network, then give the network back."""
    page.context.set_offline(True)
    forms = [random_form(questionnaire, UNIT, COUNTER) for _ in range(QUEUED)]
    waiting = page.evaluate(FILL, forms)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.context.set_offline(False)
    seconds = page.evaluate("drained")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    speed = f", {slowdown} times slower" if slowdown > 1 else ""
    return Row(f"{waiting:,} queued forms sent and receipted{speed}", f"{seconds:.1f} s", "20 s")
