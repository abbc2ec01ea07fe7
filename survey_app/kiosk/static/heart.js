// Tells the server how the tablet is, hears what it shall do, and offers again what a restored server may
// lack, and what it refused and has taken in since.

import { done, recall, remember, transact } from "./database.js";
import { post } from "./device.js";
import { forgetSent, refusedForms, requeue, sentForms, settle, tally } from "./queue.js";
import { canary } from "./ready.js";

const LOCK = "survey-app-heart";
const MOST_ASKED = 500;

function nextSequence() {
  return transact(["state"], "readwrite", async ({ state }) => {
    const sequence = ((await done(state.get("sequence"))) ?? 0) + 1;
    await done(state.put(sequence, "sequence"));
    return sequence;
  });
}

async function battery() {
  const found = await navigator.getBattery?.().catch(() => null);
  return found ? { percent: Math.round(found.level * 100), charging: found.charging } : null;
}

// One at a time in all tabs: a number that arrives after a later one looks like a second tablet with the same key.
export function beat(form, missing) {
  const now = () => beatNow(form, missing);
  // Over plain http there are no locks; a tablet on trial has no key that two could share.
  return navigator.locks ? navigator.locks.request(LOCK, now) : now();
}

async function beatNow(form, missing) {
  const { epoch, created, acknowledged, queued, dead, sealed_off, oldest } = await tally();
  const sequence = await nextSequence();
  const answer = await post("/api/v1/heartbeat", {
    app_version: form.dataset.version,
    questionnaire: form.dataset.questionnaire,
    epoch,
    sequence,
    created,
    acknowledged,
    queued,
    dead,
    sealed_off,
    oldest_queued_seconds:
      oldest === null ? null : Math.max(0, Math.round((Date.now() - oldest) / 1000)),
    canary: await canary(missing.length === 0),
    device_time: Math.floor(Date.now() / 1000),
    in_front: document.visibilityState === "visible",
    missing,
    battery: await battery(),
    done: (await recall("done")) ?? [],
  });
  const isHeard = answer.status === 200 && Number.isSafeInteger(answer.value?.server_time);
  if (isHeard) {
    await remember("done", []);
  }
  // Why a tablet is refused (withdrawn, copied) is said in the server's words.
  const refusal =
    answer.status === 401 ? { text: answer.value?.problems?.[0]?.message ?? "" } : null;
  return { isHeard, status: answer.status, orders: isHeard ? answer.value : null, refusal };
}

// {isHeard, isAny}: whether the server said of all that it had receipted whether it has it, and whether forms wait again.
export function offerAgain() {
  return navigator.locks.request(LOCK, offerNow);
}

// `hear(value)` for the answer to each batch. False where the server does not answer.
async function ask(forms, more, hear) {
  for (let at = 0; at < forms.length; at += MOST_ASKED) {
    const asked = forms.slice(at, at + MOST_ASKED);
    const named = asked.map(({ id, content_hash }) => ({ id, content_hash }));
    const { status, value } = await post("/api/v1/responses/missing", { forms: named, ...more });
    if (status !== 200 || !Array.isArray(value?.missing)) {
      return false;
    }
    await hear(value);
  }
  return true;
}

async function offerNow() {
  let isAny = false;
  const isHeard = await ask(await sentForms(), {}, async ({ missing }) => {
    await requeue(missing);
    isAny ||= missing.length > 0;
  });
  if (isHeard) {
    await forgetSent(new Date(Date.now()).toISOString().slice(0, 10));
  }
  await ask(await refusedForms(), { receipts: true }, ({ receipts }) =>
    settle((receipts ?? []).filter(({ signature }) => typeof signature === "string")),
  );
  return { isHeard, isAny };
}
