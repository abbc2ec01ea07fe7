// How large a millimetre is on this screen, told by a bank card (ISO/IEC 7810 ID-1: 85.60 mm wide). Browsers do not know:
// their millimetre is 96/25.4 pixels on every screen. What is touched then has at least 16 mm (kiosk.css).

import { recall, remember } from "./database.js";

const CARD = 85.6;
const TARGET = 16;
const NAME = "pixels per millimetre";
// Beyond these a finger has slipped: 76 and 300 pixels an inch.
const LEAST = 3;
const MOST = 11.8;
const MARGIN = 80;

function apply(scale) {
  const { style } = document.documentElement;
  if (scale >= LEAST && scale <= MOST) {
    style.setProperty("--sixteen-millimetres", `${(scale * TARGET).toFixed(1)}px`);
  } else {
    style.removeProperty("--sixteen-millimetres");
  }
}

// What staff once measured on this tablet.
export async function applyCalibration() {
  apply(await recall(NAME));
}

export class Calibration {
  // `dialog`: a slider for the card's width in pixels, its picture, and buttons named in data-calibrate.
  constructor(dialog) {
    this.dialog = dialog;
    this.slider = dialog.querySelector("input");
    this.card = dialog.querySelector("[data-card]");
    const actions = {
      shorter: () => this.move(-1),
      longer: () => this.move(1),
      leave: () => this.dialog.close(),
      save: () => this.save(),
      forget: () => this.forget(),
    };
    this.slider.addEventListener("input", () => this.draw());
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-calibrate]");
      actions[button?.dataset.calibrate]?.();
    });
  }

  async open() {
    const scale = (await recall(NAME)) ?? 160 / 25.4; // most tablets come near this
    this.slider.min = Math.ceil(LEAST * CARD);
    this.slider.max = Math.min(Math.floor(MOST * CARD), window.innerWidth - MARGIN);
    this.slider.value = scale * CARD;
    this.draw();
    this.dialog.showModal();
  }

  move(pixels) {
    this.slider.value = Number(this.slider.value) + pixels;
    this.draw();
  }

  draw() {
    this.card.style.setProperty("--card", `${this.slider.value}px`);
  }

  async save() {
    const scale = Number(this.slider.value) / CARD;
    await remember(NAME, scale);
    apply(scale);
    this.dialog.close();
  }

  async forget() {
    await remember(NAME, null);
    apply(null);
    this.dialog.close();
  }
}
