// Whether this tablet would work a whole day without the server. Nothing is believed that was not tried.

import { done, recall, remember, transact } from "./database.js";
import { keyWorks, tellsTime } from "./device.js";
import { isTrusted } from "./trust.js";

const SELF_TEST = { headers: { "X-Self-Test": "1" }, cache: "no-store" };
const STARTS = ["/kiosk/", "/kiosk/?lang=en"];
const CANARY = "canary";
// Larger than any sealed form, and nothing that a disk could press together.
const ROOM = 16_384;

function hasWorker() {
  return Boolean(navigator.serviceWorker?.controller);
}

function pageFiles() {
  const named = [...document.querySelectorAll("link[href], script[src]")];
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const own = [...named.map((element) => element.href ?? element.src), ...loaded]
    .map((address) => new URL(address, location.href))
    .filter(
      ({ origin, pathname }) =>
        origin === location.origin && /\.(js|css|woff2|svg)$/.test(pathname),
    )
    .filter(({ pathname }) => pathname !== "/kiosk/sw.js");
  return [...new Set(own.map(({ pathname }) => pathname))];
}

// Read to its end: an answer left unread holds up the worker that gave it, and with it the next version.
async function isKept(address) {
  const response = await fetch(address, SELF_TEST);
  await response.arrayBuffer();
  return response.ok;
}

// The worker answers these from what it keeps, or fails: it never asks the network for them.
async function startsOffline() {
  if (!hasWorker()) {
    return false;
  }
  const found = await Promise.all([...STARTS, ...pageFiles()].map(isKept));
  return found.every(Boolean);
}

// What would take a form: room for one is tried, not asked for.
async function stores() {
  const written = crypto.getRandomValues(new Uint8Array(ROOM));
  await remember("test", written);
  const read = await recall("test");
  return read.length === ROOM && read.every((byte, index) => byte === written[index]);
}

const PARTS = {
  worker: hasWorker,
  offline_start: startsOffline,
  storage: stores,
  device_key: keyWorks,
  trusted_tls: isTrusted,
  clock: tellsTime,
};

async function holds(test) {
  try {
    return await test();
  } catch {
    return false;
  }
}

// The names of the parts that are not there; empty: ready.
export async function missingParts() {
  const names = Object.keys(PARTS);
  const found = await Promise.all(names.map((name) => holds(PARTS[name])));
  return names.filter((_, index) => !found[index]);
}

// A record written once at READY: gone, while the rest is there, it shows that storage forgets.
export function canary(isReady) {
  return transact(["state"], "readwrite", async ({ state }) => {
    if ((await done(state.get(CANARY))) === true) {
      return "ok";
    }
    if (await done(state.get("canary written"))) {
      return "lost";
    }
    if (isReady) {
      await done(state.put(true, CANARY));
      await done(state.put(true, "canary written"));
      return "ok";
    }
    return "none";
  });
}
