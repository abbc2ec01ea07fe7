"""What a citizen does at the tablet, in her words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.clock import FakeClock

# Longer than a chosen answer stays marked before the next question comes, and the screen is deaf after it.
A_MOMENT = 1_000
# Longer than the screen rests between two people.
COOL_DOWN = 6_000
SCREEN = "main [data-screen]:not([hidden])"
# Shorter than the tablet's patience with a server.
STEP = 10_000


class Tablet:
    """Drives the page by touch; its timers run only when `wait` says so, and the server's `clock` runs with them."""

    def __init__(self, page: "Page", url: str, clock: "FakeClock | None" = None) -> None:
        self.page = page
        self.url = url
        self.clock = clock

    def open(self) -> None:
        """Load the first page."""
        self.page.goto(self.url)
        self.expect_screen("welcome")

    def wait(self, milliseconds: int = A_MOMENT) -> None:
        """Let the page's timers run."""
        if self.clock is None:
            self.page.clock.run_for(milliseconds)
            return
        for passed in range(0, milliseconds, STEP):
            self.settle()
            step = min(STEP, milliseconds - passed)
            self.clock.advance(milliseconds=step)
            self.page.clock.run_for(step)

    def settle(self) -> None:
        """Wait until the tablet is not sending: its patience is counted in the page's own time."""
        try:
            self.page.evaluate(SETTLED)
        except Error:  # the page was exchanged meanwhile
            self.page.wait_for_load_state()

    @property
    def screen(self) -> "Locator":
        """The one screen that is shown."""
        return self.page.locator(SCREEN)

    @property
    def question(self) -> str | None:
        """The id of the question on the screen."""
        return self.screen.get_attribute("data-question")

    def expect_screen(self, name: str) -> None:
        """Wait until the screen of this name is shown."""
        self.page.locator(f'html.stepwise[data-at="{name}"] {SCREEN}').wait_for()

    def expect_question(self, question: str) -> None:
        """Wait until this question is shown."""
        self.page.locator(f'{SCREEN}[data-question="{question}"]').wait_for()

    def press(self, control: str) -> None:
        """Tap back, begin, next, send or again, having looked at the screen first."""
        self.wait()
        self.page.locator(f'[data-control="{control}"]').tap()

    def press_exit(self) -> None:
        """Tap "Xoá và thoát"."""
        self.wait()
        self.page.locator('.bar [data-do="askToLeave"]').tap()

    def begin(self, language: str = "vi", *, module: int | None = None) -> None:
        """Choose a language, read the purpose, start; `module` makes the random id fall there, in file order."""
        if module is not None:
            self.force_module(module)
        self.choose_language(language)
        self.press("begin")
        self.expect_screen("question")
        self.wait()

    def choose_language(self, language: str) -> None:
        """Tap a language on the first screen."""
        self.wait(COOL_DOWN)
        self.page.locator(f'a[data-language="{language}"]').tap()
        self.expect_screen("purpose")

    def force_module(self, module: int) -> None:
        """Make the next ids random only where the module does not depend on it, and start a visit with one."""
        self.page.evaluate(FORCE, module)
        self.page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    def choice(self, code: str) -> "Locator":
        """The card of an answer to the question on the screen."""
        return self.screen.locator(f'input[value="{code}"] + label')

    def choose(self, code: str) -> None:
        """Tap an answer and let the page go on."""
        self.choice(code).tap()
        self.wait()

    def answer(self, wanted: Mapping[str, str], *, until: str = "remark") -> list[str]:
        """Answer as wanted, else the first choice, until a question is reached; returns those answered."""
        answered: list[str] = []
        while (question := self.question) != until:
            assert question is not None, f"no question on the screen after {answered}"
            assert question not in answered, f"{question} does not go on"
            self.choose(wanted.get(question, "") or self._first_code())
            answered.append(question)
        return answered

    def rush(self, wanted: Mapping[str, str] | None = None) -> None:
        """Answer up to the remark at once, by Enter: for tests of what comes after."""
        self.page.evaluate(RUSH, dict(wanted or {}))
        self.expect_question("remark")
        self.wait()

    def erase(self) -> None:
        """Answer the question that "Xoá và thoát" asks with yes."""
        self.page.get_by_role("dialog").get_by_role("button", name="Xoá và thoát").tap()
        self.expect_screen("welcome")
        self.wait()

    def send(self) -> None:
        """Tap "Gửi phiếu"."""
        self.press("send")

    def _first_code(self) -> str:
        return self.screen.locator("input").first.get_attribute("value") or ""


SETTLED = """async () => {
  const isSending = async () =>
    (await navigator.locks.query()).held.some(({name}) => name.startsWith("survey-app-"));
  while (await isSending());
}"""
RUSH = """(wanted) => {
  const shown = () => document.querySelector("main [data-screen]:not([hidden])");
  while (shown().dataset.question !== "remark") {
    const code = wanted[shown().dataset.question];
    const input = shown().querySelector(code ? `input[value="${code}"]` : "input");
    input.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
  }
}"""
FORCE = """(module) => {
  const original = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (bytes) => {
    original(bytes);
    bytes.set([0, 0, 0, module]); // the first eight digits of an id: its module
    bytes.fill(0, -4); // the last eight: its order, here the file's
    return bytes;
  };
}"""
