// The pages that the worker keeps, seen from outside.

// After a click through a bad certificate everything looks as in a trusted place (`isSecureContext` is true). Only the
// worker's script is refused then, and says so by this error; no network is another one.
const UNTRUSTED = "SecurityError";
let isRefused = false;

export function scriptIsTrusted() {
  return isSecureContext && !isRefused;
}

function note(error) {
  isRefused ||= error.name === UNTRUSTED;
  throw error;
}

// A worker that is there already is registered without asking for its script, so success proves nothing.
export function registerWorker() {
  return navigator.serviceWorker.register("/kiosk/sw.js", { updateViaCache: "none" }).catch(note);
}

export async function updateWorker(registration) {
  await registration.update().catch(note);
  isRefused = false;
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
