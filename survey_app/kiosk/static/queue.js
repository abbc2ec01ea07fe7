// Forms on the tablet. A form leaves the queue on a receipt for it, or for the list of the refused; nothing else
// takes it out. How many there ever were is counted in the same transaction, so that a loss is noticed.

import { newEpoch } from "./chance.js";
import { done, transact } from "./database.js";

// One life of one page: what was made in another one has survived a restart.
export const LIFE = newEpoch();
const KEPT_DAYS = 7;
const DAY = 86_400_000;

function fresh() {
  return { epoch: newEpoch(), created: 0, acknowledged: 0, sealed_off: 0 };
}

async function countOn(state, name) {
  const totals = (await done(state.get("totals"))) ?? fresh();
  totals[name] += 1;
  return done(state.put(totals, "totals"));
}

// Resolves when the form is on the disk; rejects when it is not (quota, aborted, closed).
export function keep(item) {
  return transact(["queue", "state"], "readwrite", async ({ queue, state }) => {
    await done(queue.add({ ...item, at: Date.now() }));
    await countOn(state, "created");
  });
}

// A form that never counts, kept as any other; at most one. It is sent in another life of the page only (rehearsal.js).
export function keepRehearsal(item) {
  return transact(["queue", "state"], "readwrite", async ({ queue, state }) => {
    for (const { id, rehearsal } of await done(queue.getAll())) {
      if (rehearsal) {
        await done(queue.delete(id));
      }
    }
    await done(state.delete("rehearsed"));
    await done(queue.add({ ...item, at: Date.now(), rehearsal: LIFE }));
  });
}

export function waiting() {
  return transact(["queue"], "readonly", ({ queue }) => done(queue.getAll()));
}

async function acknowledgeOne({ queue, sent, state }, { item, day }) {
  if ((await done(queue.get(item.id))) === undefined) {
    return; // another tab has heard it before
  }
  const { id, content_hash, sealed } = item;
  if (item.rehearsal) {
    await done(state.put(true, "rehearsed"));
    await done(queue.delete(id));
    return;
  }
  await done(sent.put({ id, content_hash, sealed, day }));
  await done(queue.delete(id));
  if (!item.again) {
    await countOn(state, "acknowledged");
  }
}

// `receipts`: [{item, day}], in one transaction, for each waits until the tablet's flash has written.
export function acknowledge(receipts) {
  return transact(["queue", "sent", "state"], "readwrite", async (stores) => {
    for (const receipt of receipts) {
      await acknowledgeOne(stores, receipt);
    }
  });
}

export function bury(item, reason) {
  return transact(["queue", "dead"], "readwrite", async ({ queue, dead }) => {
    await done(dead.put({ ...item, reason }));
    await done(queue.delete(item.id));
  });
}

// Forms the server had and has no more (an older backup was restored) wait again; no count changes.
export function requeue(ids) {
  return transact(["queue", "sent"], "readwrite", async ({ queue, sent }) => {
    for (const id of ids) {
      const item = await done(sent.get(id));
      if (item?.sealed) {
        await done(queue.put({ ...item, at: Date.now(), again: true }));
      }
    }
  });
}

export function sentForms() {
  return transact(["sent"], "readonly", ({ sent }) => done(sent.getAll()));
}

export function refusedForms() {
  return transact(["dead"], "readonly", ({ dead }) => done(dead.getAll()));
}

// Refused forms that the server has taken in since (`survey-app inbox again`): `receipts` as [{id, content_hash, day}].
export function settle(receipts) {
  return transact(["dead", "sent", "state"], "readwrite", async ({ dead, sent, state }) => {
    for (const { id, content_hash, day } of receipts) {
      const item = await done(dead.get(id));
      if (item?.content_hash === content_hash) {
        await done(sent.put({ id, content_hash, sealed: item.sealed, day }));
        await done(dead.delete(id));
        await countOn(state, "acknowledged");
      }
    }
  });
}

// `today` as "2026-11-23". Days only: when somebody came is kept nowhere.
export function forgetSent(today) {
  return transact(["sent"], "readwrite", async ({ sent }) => {
    const oldest = new Date(Date.parse(today) - KEPT_DAYS * DAY).toISOString().slice(0, 10);
    for (const item of await done(sent.getAll())) {
      if (item.day < oldest) {
        await done(sent.delete(item.id));
      }
    }
  });
}

// {epoch, created, acknowledged, queued, dead, sealed_off, oldest, reasons}: reasons are of the refused.
export function tally() {
  return transact(["queue", "dead", "state"], "readwrite", async ({ queue, dead, state }) => {
    let totals = await done(state.get("totals"));
    if (totals === undefined) {
      totals = fresh();
      await done(state.put(totals, "totals"));
    }
    const items = (await done(queue.getAll())).filter(({ rehearsal }) => !rehearsal);
    const own = items.filter((item) => !item.again);
    const refused = await done(dead.getAll());
    return {
      ...totals,
      queued: own.length,
      waiting: items.length,
      dead: refused.length,
      oldest: items.length ? Math.min(...items.map(({ at }) => at)) : null,
      reasons: refused.map(({ reason, at }) => ({ reason, at })),
    };
  });
}

// Everything that is on this tablet alone, as it lies there: for `survey-app kiosk import`. What is in the file is noted,
// and goes on being sent.
export function sealedFile() {
  return transact(["queue", "dead", "state"], "readwrite", async ({ queue, dead, state }) => {
    const own = (await done(queue.getAll())).filter(({ rehearsal }) => !rehearsal);
    for (const item of own) {
      await done(queue.put({ ...item, filed: true }));
    }
    const items = [...own, ...(await done(dead.getAll()))];
    const { epoch } = (await done(state.get("totals"))) ?? { epoch: "" };
    return JSON.stringify({ format: 1, epoch, sealed: items.map(({ sealed }) => sealed).sort() });
  });
}

// How many forms wait here, and how many of them are in a sealed file.
export async function leftBehind() {
  const items = (await waiting()).filter(({ rehearsal }) => !rehearsal);
  return { queued: items.length, sealed_off: items.filter(({ filed }) => filed).length };
}

// The tablet leaves its counter: what is in a sealed file goes with the file, and a new tally begins.
export function leave() {
  return transact(["queue", "state"], "readwrite", async ({ queue, state }) => {
    await done(queue.clear());
    await done(state.clear());
  });
}
