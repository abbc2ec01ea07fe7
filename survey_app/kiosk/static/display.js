// Larger letters and high contrast, for one visit: in memory only, and the defaults again for the next person.

const root = document.documentElement;

export class Display {
  // `dialog` holds radio buttons named after what they set on the root: text, contrast; the first of each is the default.
  constructor(dialog) {
    this.dialog = dialog;
    dialog.addEventListener("change", () => this.apply());
    dialog.querySelector("[data-close]").addEventListener("click", () => this.close());
  }

  get chosen() {
    return [...this.dialog.querySelectorAll("input:checked")];
  }

  get isChanged() {
    return this.chosen.some((input) => input.value !== "");
  }

  apply() {
    for (const { name, value } of this.chosen) {
      if (value) {
        root.dataset[name] = value;
      } else {
        delete root.dataset[name];
      }
    }
  }

  open() {
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }

  reset() {
    for (const input of this.dialog.querySelectorAll('input[value=""]')) {
      input.checked = true;
    }
    this.apply();
  }
}
