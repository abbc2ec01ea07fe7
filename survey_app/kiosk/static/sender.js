// Sends what waits, from the page (its timers can be tested, and it lives as long as the tablet is on). One sender at
// a time in all tabs, by a lock. Only the answer to a request says whether there is a network.

import { codeOf, localDay, post } from "./device.js";
import { acknowledge, bury, LIFE, waiting } from "./queue.js";

const LOCK = "survey-app-sender";
const BATCH = 40;
const PROBE = 45_000;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 300_000;
const AWAY = new Set(["down", "foreign"]);
// Another try with the same form cannot change these answers, if they are the server's own words.
const REFUSALS = new Set([400, 403, 409, 413, 415, 422]);

function isStored({ item, answer }) {
  const receipt = answer.value?.receipt;
  return (
    (answer.status === 200 || answer.status === 201) &&
    receipt?.id === item.id &&
    receipt.content_hash === item.content_hash &&
    typeof receipt.signature === "string"
  );
}

function isRefusal({ status, value }) {
  return REFUSALS.has(status) && Array.isArray(value?.problems) && value.problems.length > 0;
}

async function isThere() {
  try {
    const response = await fetch("/healthz", { cache: "no-store", redirect: "error" });
    return (await response.json()).status === "ok";
  } catch {
    return false;
  }
}

export class Sender {
  // `changed({state})` is told after each round, {} where nothing was asked; state: "ok", "down", "foreign" (not our
  // server's answer), "unpaired".
  constructor({ address, changed = () => {}, chance = Math.random }) {
    this.address = address;
    this.changed = changed;
    this.chance = chance;
    this.state = "ok";
    this.patience = new Map();
    this.busy = null;
    this.wanted = false;
    this.timer = 0;
  }

  // Send now what is due. A call during a round is served by one more round.
  kick() {
    this.wanted = true;
    this.busy ??= this.rounds().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  async rounds() {
    while (this.wanted) {
      this.wanted = false;
      clearTimeout(this.timer);
      let hasAsked = true;
      try {
        const round = (lock) => lock !== null && this.round();
        hasAsked = await navigator.locks.request(LOCK, { ifAvailable: true }, round);
      } catch {
        this.state = "down"; // the database or the lock failed: the next probe tries again
      }
      await this.plan();
      this.changed(hasAsked ? { state: this.state } : {});
    }
  }

  async plan() {
    clearTimeout(this.timer);
    const left = await waiting().catch(() => [null]);
    if (left.length) {
      this.timer = setTimeout(() => this.kick(), PROBE * (0.7 + 0.3 * this.chance()));
    }
  }

  // Whether anything was asked of the server.
  async round() {
    const due = (await waiting())
      .filter(({ id }) => !(this.patience.get(id)?.until > Date.now()))
      .filter(({ rehearsal }) => rehearsal !== LIFE);
    if (due.length === 0) {
      return false;
    }
    if (AWAY.has(this.state) && !(await isThere())) {
      return true;
    }
    this.state = "ok";
    for (let at = 0; at < due.length && this.state === "ok"; at += BATCH) {
      await this.sendAll(due.slice(at, at + BATCH));
    }
    return true;
  }

  async sendAll(items) {
    const responses = items.map(({ sealed }) => ({ sealed }));
    const answer = await post(`${this.address}/batch`, { responses });
    const results = answer.value?.results;
    if (answer.status === 200 && Array.isArray(results) && results.length === items.length) {
      await this.settle(
        items.map((item, index) => {
          const value = results[index];
          return { item, answer: { status: value?.status, value } };
        }),
      );
    } else if (isRefusal(answer)) {
      await this.sendSingly(items);
    } else {
      this.noteTrouble(answer, items);
    }
  }

  // The batch as a whole was refused: one of its forms may be why, and must not hold up the others.
  async sendSingly(items) {
    for (const item of items) {
      if (this.state === "ok") {
        const answer = await post(this.address, { sealed: item.sealed });
        await this.settle([{ item, answer }]);
      }
    }
  }

  async settle(answered) {
    const stored = answered.filter(isStored);
    // Kept for seven days from now on, however long they have waited here.
    const today = await localDay();
    await acknowledge(
      stored.map(({ item, answer }) => ({ item, day: today ?? answer.value.receipt.day })),
    );
    for (const { item, answer } of answered) {
      if (isStored({ item, answer })) {
        this.patience.delete(item.id);
      } else if (isRefusal(answer)) {
        await bury(item, codeOf(answer));
      } else {
        this.noteTrouble(answer, [item]);
      }
    }
  }

  noteTrouble(answer, items) {
    if (answer.status === 401) {
      this.state = "unpaired";
    } else if (answer.status === 0) {
      this.state = answer.isForeign ? "foreign" : "down";
    } else {
      for (const { id } of items) {
        this.postpone(id, answer.wait * 1000);
      }
    }
  }

  // Twice as long each time, at most five minutes, never the same for two tablets; never the last try.
  postpone(id, least) {
    const before = this.patience.get(id)?.wait ?? FIRST_WAIT / 2;
    const wait = Math.min(LONGEST_WAIT, Math.max(before * 2, least || 0));
    this.patience.set(id, { wait, until: Date.now() + wait * (0.5 + 0.5 * this.chance()) });
  }
}
