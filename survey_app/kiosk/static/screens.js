// One screen at a time. The page already holds every screen; showing one costs no network.

const root = document.documentElement;
const FIRST_HEADING = "[data-heading]";

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
      screen.querySelector(FIRST_HEADING).focus({ preventScroll: true });
    }
  }

  is(name) {
    return this.current?.dataset.screen === name;
  }
}
