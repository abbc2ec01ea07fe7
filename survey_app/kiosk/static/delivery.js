// From the last answer to the thanks.

import { send } from "./send.js";

export class Delivery {
  // `offline`: keeps forms on a tablet with a key; null on trial, where a form is sent while the person waits.
  constructor(journey, visit, offline) {
    this.journey = journey;
    this.visit = visit;
    this.offline = offline;
  }

  take(body) {
    const { responses } = this.visit.form.dataset;
    return this.offline ? this.offline.keep(body) : send(responses, body);
  }

  async deliver() {
    const { journey, visit } = this;
    if (!journey.isWhole()) {
      return;
    }
    journey.showNamed("sending", "forth");
    const body = visit.body();
    const { kind, problems } = await this.take(body);
    if (body.id !== visit.id) {
      return; // she left meanwhile; the screen may belong to the next person
    }
    if (kind === "stored") {
      // The receipt for this form is here, or the form is on the disk: only now may anything of it be forgotten.
      visit.renew();
      journey.showNamed("thanks", "forth");
    } else if (kind === "invalid" && journey.reopen(problems)) {
      visit.unseal();
    } else {
      this.fail(kind);
    }
  }

  fail(kind) {
    const { journey } = this;
    const screen = journey.screens.named("failed");
    for (const reason of screen.querySelectorAll("[data-reason]")) {
      reason.hidden = reason.dataset.reason !== kind;
    }
    journey.controls.again.hidden = kind === "refused" || kind === "invalid";
    journey.show(screen, "forth");
  }
}
