// Larger letters and high contrast, for one visit: in memory only, and the usual look again for the next person.

const root = document.documentElement;
// Names of the radio buttons and of what they set on the root; the empty value is the usual look.
const SETTINGS = ["text", "contrast"];

export class Display {
  constructor(dialog) {
    this.dialog = dialog;
    dialog.addEventListener("change", () => this.apply());
    dialog.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  get isChanged() {
    return SETTINGS.some((name) => name in root.dataset);
  }

  apply() {
    for (const name of SETTINGS) {
      const chosen = this.dialog.querySelector(`input[name="${name}"]:checked`);
      if (chosen?.value) {
        root.dataset[name] = chosen.value;
      } else {
        delete root.dataset[name];
      }
    }
  }

  open() {
    for (const name of SETTINGS) {
      const value = root.dataset[name] ?? "";
      this.dialog.querySelector(`input[name="${name}"][value="${value}"]`).checked = true;
    }
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }

  // Not even a mark on the usual look stays, so that nothing on the page tells of anybody.
  reset() {
    for (const input of this.dialog.querySelectorAll("input")) {
      input.checked = false;
    }
    this.apply();
  }
}
