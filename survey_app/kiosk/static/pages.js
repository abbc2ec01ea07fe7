// The pages that the worker keeps, seen from outside.

import { renewCredential } from "./device.js";
import { noteFault, noteTrust } from "./trust.js";

// A worker that is there already is registered without asking for its script, so success proves nothing.
export function registerWorker() {
  return navigator.serviceWorker
    .register("/kiosk/sw.js", { updateViaCache: "none" })
    .catch(noteFault);
}

export async function updateWorker(registration) {
  await registration.update();
  noteTrust();
}

// A tablet that has lost its cookie and not its key gets another cookie, and then the page that it asked for. Nothing is
// loaded again where the browser keeps no cookie at all.
export async function comeBack() {
  if ((await renewCredential()) && (await fetch("/kiosk/sw.js", { cache: "no-store" })).ok) {
    location.replace(location.href);
  }
}

// A tablet that changes or loses its counter must not show what it kept of it.
export async function dropKeptPages() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    await registration.unregister();
  }
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
}
