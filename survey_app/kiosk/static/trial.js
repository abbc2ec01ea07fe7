// A tablet on trial: it works only while the network is there. It says what is missing, to staff and to the fleet page.

import { beat } from "./heart.js";
import { missingParts } from "./ready.js";
import { StaffLine } from "./staff.js";

const BEAT = 60_000;
const NOTHING = { waiting: 0, dead: 0, reasons: [], isFull: false };

export class Trial {
  constructor(form, place) {
    this.form = form;
    this.line = new StaffLine(place);
  }

  async start() {
    await this.pulse();
    setInterval(() => this.pulse(), BEAT);
  }

  async pulse() {
    const missing = await missingParts();
    const heard = await beat(this.form, missing).catch(() => ({ isHeard: false, status: 0 }));
    const state = heard.isHeard ? "ok" : heard.status === 401 ? "unpaired" : "down";
    this.line.show({ ...NOTHING, missing, state, message: heard.orders?.message ?? heard.refusal });
  }
}
