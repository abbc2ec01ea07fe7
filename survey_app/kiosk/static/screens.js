// One screen at a time. The page already holds every screen; showing one costs no network.

const root = document.documentElement;

export class Screens {
  constructor(main) {
    this.all = [...main.querySelectorAll("[data-screen]")];
    this.current = null;
    root.classList.add("stepwise");
  }

  named(name) {
    return this.all.find((screen) => screen.dataset.screen === name);
  }

  // `direction` only says where the screen comes in from; focus goes to its heading, so that a screen
  // reader reads the new question and the next Tab reaches its first answer.
  show(screen, { direction = "forth", focus = true } = {}) {
    for (const other of this.all) {
      other.hidden = other !== screen;
    }
    this.current = screen;
    root.dataset.at = screen.dataset.screen;
    root.dataset.direction = direction;
    window.scrollTo(0, 0);
    if (focus) {
      this.headingOf(screen).focus({ preventScroll: true });
    }
  }

  // The first screen's heading is the page's own, which stands before the screens.
  headingOf(screen) {
    return screen.querySelector("[data-heading]") ?? root.querySelector("h1");
  }

  is(name) {
    return this.current?.dataset.screen === name;
  }
}
