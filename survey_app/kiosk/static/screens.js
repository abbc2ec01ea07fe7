// One screen at a time. The page already holds every screen; showing one costs no network.

const root = document.documentElement;

export class Screens {
  constructor(main) {
    this.all = [...main.querySelectorAll("[data-screen]")];
    for (const screen of this.all) {
      screen.hidden = true;
    }
    this.current = null;
    root.classList.add("stepwise");
  }

  named(name) {
    return this.all.find((screen) => screen.dataset.screen === name);
  }

  // Only the two that change are touched. `direction` says where the screen comes in from.
  show(screen, direction) {
    if (this.current) {
      this.current.hidden = true;
    }
    screen.hidden = false;
    this.current = screen;
    root.dataset.at = screen.dataset.screen;
    root.dataset.direction = direction;
  }

  // Focus goes to the heading, so that a screen reader reads the new question and the next Tab reaches its first answer.
  // Both make the browser lay the page out at once, so this comes last of all that a new screen changes.
  settle() {
    window.scrollTo(0, 0);
    this.headingOf(this.current).focus({ preventScroll: true });
  }

  // The first screen's heading is the page's own, which stands before the screens.
  headingOf(screen) {
    return screen.querySelector("[data-heading]") ?? root.querySelector("h1");
  }

  is(name) {
    return this.current?.dataset.screen === name;
  }
}
