// Somebody may have walked away: asked aloud on the screen, and anyone can ask for more time by any touch.

const QUIET = 30_000;
const COUNTDOWN = 20;
const SECOND = 1_000;

export class Idle {
  // `isWatched()`: whether there is something of a person on the screen; `leave()`: nobody answered.
  constructor(dialog, { isWatched, leave }) {
    this.dialog = dialog;
    this.words = dialog.querySelector("[data-countdown]");
    this.isWatched = isWatched;
    this.leave = leave;
    this.timer = 0;
    // A touch closes the question only as a click on it: a closing at its beginning would let the rest of the
    // touch fall on an answer below.
    dialog.addEventListener("click", () => this.touched());
    dialog.addEventListener("close", () => this.touched());
    for (const kind of ["pointerdown", "input", "scroll"]) {
      document.addEventListener(kind, () => this.dialog.open || this.touched(), { passive: true });
    }
    document.addEventListener("keydown", () => this.touched());
  }

  touched() {
    clearTimeout(this.timer);
    this.close();
    this.timer = this.isWatched() ? setTimeout(() => this.ask(COUNTDOWN), QUIET) : 0;
  }

  close() {
    if (this.dialog.open) {
      this.dialog.close();
    }
  }

  ask(left) {
    this.words.textContent = this.words.dataset.words.replace("{number}", left);
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    const next = left > 1 ? () => this.ask(left - 1) : () => this.give();
    this.timer = setTimeout(next, SECOND);
  }

  give() {
    this.close(); // first: a dialog gives the focus back to where it was
    this.leave();
  }
}
