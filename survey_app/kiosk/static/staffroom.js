// Behind the staff's PIN: send now, the language of the first screen, the sealed file, disconnecting.

import { recall, remember } from "./database.js";
import { tryPin } from "./pin.js";
import { sealedFile } from "./queue.js";
import { unpair } from "./unpair.js";

// Somebody forgot to close it.
const OPEN_FOR = 180_000;

export class StaffRoom {
  constructor(place, { send }) {
    this.place = place;
    this.details = place.querySelector("details");
    this.pinForm = place.querySelector("[data-pin]");
    this.inside = place.querySelector("[data-inside]");
    this.actions = { send, save: () => this.save(), unpair: () => this.unpair() };
    this.timer = 0;
    this.pinForm.addEventListener("submit", (event) => this.enter(event));
    this.details.addEventListener("toggle", () => this.close());
    place.addEventListener("click", (event) => this.act(event.target.closest("[data-staff-do]")));
    this.inside.addEventListener("change", (event) => remember("language", event.target.value));
  }

  act(button) {
    if (button) {
      this.say("");
      this.actions[button.dataset.staffDo]();
    }
  }

  async enter(event) {
    event.preventDefault();
    const field = this.pinForm.elements.pin;
    const outcome = await tryPin(field.value.trim());
    field.value = "";
    this.say(outcome === "right" ? "" : outcome);
    if (outcome === "right") {
      await this.open();
    }
  }

  async open() {
    const language = (await recall("language")) ?? "vi";
    for (const input of this.inside.querySelectorAll("input")) {
      input.checked = input.value === language;
    }
    const isPromised = (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
    for (const line of this.inside.querySelectorAll("[data-promised]")) {
      line.hidden = line.dataset.promised !== String(isPromised);
    }
    this.pinForm.hidden = true;
    this.inside.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.close(), OPEN_FOR);
  }

  close() {
    clearTimeout(this.timer);
    this.pinForm.hidden = false;
    this.inside.hidden = true;
    this.say("");
  }

  // `name` of one of the sentences that stand in the page; "" for none.
  say(name) {
    for (const line of this.place.querySelectorAll("[data-said]")) {
      line.hidden = line.dataset.said !== name;
    }
  }

  // What is on this tablet alone, sealed: only the server can open it.
  async save() {
    const file = new Blob([await sealedFile()], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "survey-forms-sealed.json";
    link.click();
    URL.revokeObjectURL(link.href);
    this.say("saved");
  }

  async unpair() {
    const outcome = await unpair();
    this.say(outcome);
    if (outcome === "free") {
      location.replace("/kiosk/connect");
    }
  }
}
