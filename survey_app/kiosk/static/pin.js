// The staff's PIN, checked without a network. It keeps curious hands off; whoever takes the tablet apart is not held up by six digits.

import { done, recall, transact } from "./database.js";

const encoder = new TextEncoder();
const MOST = 5;
const PAUSE = 300_000;
const NO_MISSES = { number: 0, until: 0 };

// A new PIN of the administrator ends every wait.
export function learnPin(pin) {
  return transact(["state"], "readwrite", async ({ state }) => {
    const known = await done(state.get("pin"));
    if (known?.salt !== pin?.salt) {
      await done(state.put(pin, "pin"));
      await done(state.put(NO_MISSES, "pin misses"));
    }
  });
}

// Counted before it is looked at, so that switching off saves no try. Returns false where it must wait; a clock that was
// set back makes nobody wait longer than one pause.
function mayTry(now) {
  return transact(["state"], "readwrite", async ({ state }) => {
    const { number, until } = (await done(state.get("pin misses"))) ?? NO_MISSES;
    if (now < until) {
      await done(state.put({ number, until: Math.min(until, now + PAUSE) }, "pin misses"));
      return false;
    }
    const next = number + 1;
    const wait = next % MOST === 0 ? now + PAUSE : 0;
    await done(state.put({ number: next, until: wait }, "pin misses"));
    return true;
  });
}

function forgive() {
  return transact(["state"], "readwrite", ({ state }) => done(state.put(NO_MISSES, "pin misses")));
}

function bytesOf(hexadecimal) {
  return Uint8Array.from(hexadecimal.match(/../g), (pair) => Number.parseInt(pair, 16));
}

async function hashed(digits, { salt, rounds }) {
  const key = await crypto.subtle.importKey("raw", encoder.encode(digits), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: rounds };
  const bits = await crypto.subtle.deriveBits(how, key, 256);
  return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// right, wrong, wait (too many were wrong), none (the administrator has made none yet).
export async function tryPin(digits) {
  const pin = await recall("pin");
  if (!pin) {
    return "none";
  }
  if (!(await mayTry(Date.now()))) {
    return "wait";
  }
  if ((await hashed(digits, pin)) !== pin.hash) {
    return "wrong";
  }
  await forgive();
  return "right";
}
