// Tells the server how the tablet is, hears what it shall do, and offers again what a restored server may
// lack, and what it refused and has taken in since.

import { done, recall, remember, transact } from "./database.js";
import { localDay, post } from "./device.js";
import { refusedForms, requeue, sentForms, settle, tally } from "./queue.js";
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

// Whether the browser has promised to keep what lies here; null where it has no word for it.
async function persisted() {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

// {state, orders, refusal}; orders: what the server said where it heard.
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
    persisted: await persisted(),
    done: (await recall("done")) ?? [],
  });
  const isHeard = answer.status === 200 && Number.isSafeInteger(answer.value?.server_time);
  if (isHeard) {
    await remember("done", []);
  }
  // Why a tablet is refused (withdrawn, copied), or the server cannot just now, is said in the server's words.
  const words = answer.value?.problems?.[0]?.message;
  return {
    state: isHeard ? "ok" : stateOf(answer),
    orders: isHeard ? answer.value : null,
    refusal: words ? { text: words } : null,
  };
}

// unpaired; failing: the server has trouble of its own; foreign: something else answers in its place; down: nothing does.
function stateOf({ status, value, isForeign }) {
  if (Array.isArray(value?.problems)) {
    return status === 401 ? "unpaired" : "failing";
  }
  return isForeign || status !== 0 ? "foreign" : "down";
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
  await ask(await refusedForms(), { receipts: true }, async ({ receipts }) =>
    settle(
      (receipts ?? []).filter(({ signature }) => typeof signature === "string"),
      await localDay(),
    ),
  );
  return { isHeard, isAny };
}
