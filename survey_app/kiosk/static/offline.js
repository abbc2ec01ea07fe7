// The tablet's own life beside the visits: worker, self-test, sending, heartbeat, updates. Only on a tablet with a key.

import { recall, remember } from "./database.js";
import { localDay } from "./device.js";
import { beat, offerAgain } from "./heart.js";
import { Keeper } from "./keeper.js";
import { registerWorker, updateWorker } from "./pages.js";
import { learnPin } from "./pin.js";
import { forgetSent, tally } from "./queue.js";
import { missingParts } from "./ready.js";
import { Sender } from "./sender.js";
import { Sleep } from "./sleep.js";
import { StaffLine } from "./staff.js";
import { StaffRoom } from "./staffroom.js";
import { certificate, isTrusted, keepEnd, learnTrust } from "./trust.js";
import { unpair } from "./unpair.js";

const BEAT = 60_000;
const LOOK_FOR_UPDATE = 240_000;
const START = "/kiosk/";
const UNHEARD = { state: "down", orders: null, refusal: null };

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
  // `isAtRest()`: the welcome is shown and nobody is answering; `sendAgain()`: forms can be kept, perhaps again.
  constructor(form, { isAtRest, sendAgain }) {
    this.form = form;
    this.language = form.dataset.language; // in which this page comes back after each visit
    this.isAtRest = isAtRest;
    this.sendAgain = sendAgain;
    this.at = { missing: ["worker"], state: "ok", waiting: 0, dead: 0, reasons: [], isFull: false };
    this.wantsReload = false;
    this.isLearning = false;
    this.day = "";
    this.pulses = Promise.resolve();
    this.sender = new Sender({
      address: form.dataset.responses,
      changed: (heard) => this.update(heard),
    });
    this.keeper = new Keeper(JSON.parse(form.dataset.sealingKey), this.sender);
    const place = document.querySelector("[data-staff]");
    this.line = new StaffLine(place);
    this.room = new StaffRoom(place, { send: () => this.pulse() });
    this.sleep = new Sleep(document.querySelector("[data-asleep]"), isAtRest);
  }

  async start() {
    window.addEventListener("online", () => this.sender.kick());
    document.addEventListener("visibilitychange", () => this.sender.kick());
    navigator.storage?.persist?.().catch(() => false); // asked for, told behind the PIN, never relied on
    setInterval(() => this.pulse(), BEAT);
    this.sleep.start();
    this.sender.kick();
    if (this.form.dataset.offline === "true") {
      setInterval(() => this.lookForUpdate(), LOOK_FOR_UPDATE);
      this.watchControl();
      await this.register().catch(() => null);
      this.lookForUpdate(); // a worker that is there already is registered without asking for its script
    }
    await this.pulse();
    await this.offer();
  }

  // True when the server has said of all that it may lack whether it does.
  async offer() {
    const { isHeard, isAny } = await offerAgain().catch(() => ({ isHeard: false, isAny: false }));
    if (isAny) {
      this.sender.kick();
    }
    return isHeard;
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
      Object.assign(this.at, { waiting, dead, reasons, certificate: await certificate() });
      if (isDrained) {
        this.pulse(); // the server learns at once that nothing is left here
      }
    } catch {
      this.at.missing = [...new Set([...this.at.missing, "storage"])];
    }
    // Nobody is asked who could not be thanked.
    const isClosed = this.at.isFull || this.at.missing.includes("storage");
    document.documentElement.toggleAttribute("data-closed", isClosed);
    this.line.show(this.at);
    if (!isClosed) {
      this.sendAgain();
    }
  }

  // One after the other, so that an older finding never stands over a newer one.
  pulse() {
    this.pulses = this.pulses.then(() => this.pulseOnce()).catch(() => null);
    return this.pulses;
  }

  async pulseOnce() {
    this.sender.kick();
    const missing = await missingParts();
    this.at.isFull &&= missing.includes("storage");
    const { state, orders, refusal } = await beat(this.form, missing).catch(() => UNHEARD);
    if (state === "down") {
      this.learnTrust();
    }
    if (orders) {
      await keepEnd(orders.certificate_ends);
    }
    await this.update({ missing, state, message: orders?.message ?? refusal });
    if (orders) {
      await this.follow(orders);
    }
  }

  async follow({ kiosk, lineage, commands, app_version, questionnaire, pin, hours }) {
    await learnPin(pin ?? null);
    await remember("kiosk", kiosk); // paired by a version that did not keep it
    await remember("hours", hours ?? []);
    const known = await recall("lineage");
    if (known === undefined || (known !== lineage && (await this.offer()))) {
      await remember("lineage", lineage); // until all was offered, each heartbeat tries again
    }
    await this.forgetOld();
    const { version, questionnaire: own } = this.form.dataset;
    if (app_version !== version || questionnaire !== own) {
      await this.lookForUpdate();
    }
    await this.obey(commands ?? []);
  }

  // Once a day, by the server's date: by a wrong one of the tablet's own everything would be old.
  async forgetOld() {
    const today = await localDay();
    if (today && today !== this.day) {
      await forgetSent(today);
      this.day = today;
    }
  }

  async obey(commands) {
    if (commands.includes("reset")) {
      await remember("done", ["reset"]);
      this.wantsReload = true;
    }
    if (commands.includes("unpair") && this.isAtRest()) {
      this.wantsReload ||= (await unpair()) === "free";
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
    this.registration = await registerWorker();
    this.registration.addEventListener("updatefound", () => this.watchNew());
    this.watchNew();
  }

  watchNew() {
    this.registration.installing?.addEventListener("statechange", () => this.rest());
    this.rest();
  }

  async lookForUpdate() {
    const wasTrusted = isTrusted();
    try {
      await updateWorker(this.registration);
    } catch {
      await this.register().catch(() => null); // there is none, or its first installation has failed
      this.learnTrust();
    }
    if (isTrusted() !== wasTrusted) {
      this.pulse();
    }
    this.rest();
  }

  // Nothing waits for it: where packets vanish without a word, it may take minutes.
  async learnTrust() {
    if (!this.isLearning) {
      this.isLearning = true;
      const wasTrusted = isTrusted();
      await learnTrust();
      this.isLearning = false;
      if (isTrusted() !== wasTrusted) {
        this.pulse();
      }
    }
  }

  // Called whenever the welcome is shown: the only moment at which anything may be exchanged.
  async rest() {
    if (!this.isAtRest()) {
      return;
    }
    const preferred = await recall("language").catch(() => undefined);
    const home = preferred && preferred !== "vi" ? `${START}?lang=${preferred}` : START;
    if (!(this.wantsReload || (preferred && preferred !== this.language))) {
      this.registration?.waiting?.postMessage("take over");
    } else if ((await opens(home)) && this.isAtRest()) {
      location.replace(home);
    }
  }
}
