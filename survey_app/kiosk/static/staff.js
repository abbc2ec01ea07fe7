// The line for staff under the welcome: ready, no network, forms that wait, forms that were refused.

import { sealedFile } from "./queue.js";

const DAY = 86_400_000;

function byReason(refused) {
  const found = new Map();
  for (const item of refused) {
    found.set(item.reason, [...(found.get(item.reason) ?? []), item]);
  }
  return found;
}

export class StaffLine {
  constructor(place, { send }) {
    this.place = place;
    this.words = Object.fromEntries(
      [...place.querySelectorAll("[data-word]")].map((e) => [e.dataset.word, e.textContent]),
    );
    const actions = { send, save: () => this.save() };
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-staff-do]");
      if (button) {
        actions[button.dataset.staffDo]();
      }
    });
  }

  find(name) {
    return this.place.querySelector(`[data-${name}]`);
  }

  // `at`: {missing, state, waiting, dead, reasons, isFull, message}
  show(at) {
    this.find("line").textContent = this.line(at);
    this.place.dataset.state = at.missing.length ? "unready" : at.state;
    for (const part of this.place.querySelectorAll("[data-part]")) {
      part.hidden = !at.missing.includes(part.dataset.part);
    }
    this.showRefused(at);
    this.find("message").textContent = at.message?.text ?? "";
    this.find("message").hidden = !at.message;
  }

  line({ missing, state, waiting, dead, isFull }) {
    const { words } = this;
    const parts = [missing.length ? words.unready : words.ready];
    if (state !== "ok") {
      parts.push(words[state]);
    }
    if (isFull) {
      parts.push(words.full);
    }
    if (waiting) {
      parts.push(words.waiting.replace("{number}", waiting));
    }
    if (dead) {
      parts.push(words.dead.replace("{number}", dead));
    }
    return parts.join(" · ");
  }

  showRefused({ dead, reasons }) {
    this.find("refused").textContent = this.words.refused;
    this.find("refused").hidden = dead === 0;
    const lines = [...byReason(reasons)].map(([reason, items]) => {
      const days = Math.floor((Date.now() - Math.min(...items.map(({ at }) => at))) / DAY);
      const line = document.createElement("li");
      line.textContent = this.words.reason
        .replace("{reason}", reason)
        .replace("{number}", items.length)
        .replace("{days}", days);
      return line;
    });
    this.find("reasons").replaceChildren(...lines);
  }

  // What is on this tablet alone, sealed: only the server can open it.
  async save() {
    const file = new Blob([await sealedFile()], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "survey-forms-sealed.json";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
