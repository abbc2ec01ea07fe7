// A tablet on trial: it works only while the network is there. It says what is missing, to staff and to the fleet page.

import { beat } from "./heart.js";
import { missingParts } from "./ready.js";
import { StaffLine } from "./staff.js";

const BEAT = 60_000;
const UNHEARD = { state: "down", orders: null, refusal: null };
const NOTHING = { waiting: 0, dead: 0, reasons: [], isFull: false };

export class Trial {
  // `sendAgain()`: the server is there, perhaps again.
  constructor(form, place, sendAgain) {
    this.form = form;
    this.sendAgain = sendAgain;
    this.line = new StaffLine(place);
  }

  async start() {
    await this.pulse();
    setInterval(() => this.pulse(), BEAT);
  }

  async pulse() {
    const missing = await missingParts();
    const { state, orders, refusal } = await beat(this.form, missing).catch(() => UNHEARD);
    this.line.show({ ...NOTHING, missing, state, message: orders?.message ?? refusal });
    if (state === "ok") {
      this.sendAgain();
    }
  }
}
