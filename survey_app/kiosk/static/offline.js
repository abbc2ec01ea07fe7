// The tablet's own life beside the visits: worker, self-test, sending, heartbeat, updates. Only on a tablet with a key.

import { recall, remember } from "./database.js";
import { forgetDevice, post } from "./device.js";
import { beat, offerAgain } from "./heart.js";
import { Keeper } from "./keeper.js";
import { dropKeptPages } from "./pages.js";
import { tally } from "./queue.js";
import { missingParts } from "./ready.js";
import { Sender } from "./sender.js";
import { StaffLine } from "./staff.js";

const BEAT = 60_000;
const LOOK_FOR_UPDATE = 240_000;
const START = "/kiosk/";

// From the worker or the network. Where neither answers, the page that stands is better than the browser's own.
function opens(address) {
  return fetch(address, { cache: "no-store" })
    .then((response) => response.arrayBuffer())
    .then(
      () => true,
      () => false,
    );
}

// A worker that takes over is done with clearing away only when it is activated.
function isOver(state, worker) {
  return new Promise((resolve) => {
    if (worker?.state === state) {
      worker.addEventListener("statechange", resolve, { once: true });
    } else {
      resolve();
    }
  });
}

export class Offline {
  // `isAtRest()`: the welcome is shown and nobody is answering.
  constructor(form, isAtRest) {
    this.form = form;
    this.isAtRest = isAtRest;
    this.at = { missing: ["worker"], state: "ok", waiting: 0, dead: 0, reasons: [], isFull: false };
    this.wantsReload = false;
    this.pulses = Promise.resolve();
    this.sender = new Sender({
      address: form.dataset.responses,
      changed: ({ state }) => this.update({ state }),
    });
    this.keeper = new Keeper(JSON.parse(form.dataset.sealingKey), this.sender);
    const place = document.querySelector("[data-staff]");
    this.line = new StaffLine(place, { send: () => this.pulse() });
    place.hidden = false;
  }

  async start() {
    window.addEventListener("online", () => this.sender.kick());
    document.addEventListener("visibilitychange", () => this.sender.kick());
    navigator.storage?.persist?.().catch(() => false); // asked for, never relied on
    setInterval(() => this.pulse(), BEAT);
    this.sender.kick();
    if (this.form.dataset.offline === "true") {
      setInterval(() => this.lookForUpdate(), LOOK_FOR_UPDATE);
      this.watchControl();
      await this.register().catch(() => null);
    }
    await this.pulse();
    if (await offerAgain().catch(() => false)) {
      this.sender.kick();
    }
  }

  async keep(body) {
    const outcome = await this.keeper.keep(body);
    this.update({ isFull: outcome.kind === "unkept" });
    return outcome;
  }

  // ---- how it stands -------------------------------------------------------------------------------
  async update(changes) {
    Object.assign(this.at, changes);
    try {
      const { waiting, dead, reasons } = await tally();
      const isDrained = this.at.waiting > 0 && waiting === 0;
      Object.assign(this.at, { waiting, dead, reasons });
      if (isDrained) {
        this.pulse(); // the server learns at once that nothing is left here
      }
    } catch {
      this.at.missing = [...new Set([...this.at.missing, "storage"])];
    }
    this.line.show(this.at);
  }

  // One after the other, so that an older finding never stands over a newer one.
  pulse() {
    this.pulses = this.pulses.then(() => this.pulseOnce()).catch(() => null);
    return this.pulses;
  }

  async pulseOnce() {
    this.sender.kick();
    const missing = await missingParts();
    const heard = await beat(this.form, missing).catch(() => ({ isHeard: false, status: 0 }));
    const state = heard.isHeard ? "ok" : heard.status === 401 ? "unpaired" : "down";
    await this.update({ missing, state, message: heard.orders?.message ?? null });
    if (heard.orders) {
      await this.follow(heard.orders);
    }
  }

  async follow({ lineage, commands, app_version, questionnaire }) {
    const known = await recall("lineage");
    await remember("lineage", lineage);
    if (known !== undefined && known !== lineage && (await offerAgain())) {
      this.sender.kick();
    }
    const { version, questionnaire: own } = this.form.dataset;
    if (app_version !== version || questionnaire !== own) {
      await this.lookForUpdate();
    }
    await this.obey(commands ?? []);
  }

  async obey(commands) {
    if (commands.includes("reset")) {
      await remember("done", ["reset"]);
      this.wantsReload = true;
    }
    if (commands.includes("unpair") && this.isAtRest()) {
      const { queued, sealed_off } = await tally();
      const { status } = await post("/api/v1/unpairing", { queued, sealed_off });
      if (status === 200) {
        await forgetDevice();
        await dropKeptPages();
        this.wantsReload = true;
      }
    }
    this.rest();
  }

  // ---- the worker and its updates --------------------------------------------------------------------
  watchControl() {
    const { serviceWorker } = navigator;
    let isControlled = serviceWorker.controller !== null;
    serviceWorker.addEventListener("controllerchange", async () => {
      if (isControlled) {
        await isOver("activating", serviceWorker.controller);
        this.wantsReload = true;
        this.rest();
      } else {
        isControlled = true; // the first one came with this very page; the tablet may be ready now
        this.pulse();
      }
    });
  }

  async register() {
    const { serviceWorker } = navigator;
    this.registration = await serviceWorker.register("/kiosk/sw.js", { updateViaCache: "none" });
    this.registration.addEventListener("updatefound", () => this.watchNew());
    this.watchNew();
  }

  watchNew() {
    this.registration.installing?.addEventListener("statechange", () => this.rest());
    this.rest();
  }

  async lookForUpdate() {
    try {
      await this.registration.update();
    } catch {
      await this.register().catch(() => null); // there is none, or its first installation has failed
    }
    this.rest();
  }

  // Called whenever the welcome is shown: the only moment at which anything may be exchanged.
  async rest() {
    if (!this.isAtRest()) {
      return;
    }
    if (!this.wantsReload) {
      this.registration?.waiting?.postMessage("take over");
    } else if ((await opens(START)) && this.isAtRest()) {
      location.replace(START);
    }
  }
}
