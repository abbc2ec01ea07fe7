// Keeps the start page and what it needs on the tablet. PRECACHE (address → SHA-256 of its bytes), VERSION and PAGES
// (language → address) stand above, written by the server. It touches nothing but GET, and no form ever passes here.

const NAME = `survey-app-${self.VERSION}`;
const SELF_TEST = "X-Self-Test";
const START = "/kiosk/";

async function digest(bytes) {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A portal's page, or a file of another version, is not what the server has promised.
async function fetchExactly(address) {
  const response = await fetch(address, { cache: "no-store", redirect: "error" });
  const bytes = await response.clone().arrayBuffer();
  if (!response.ok || (await digest(bytes)) !== self.PRECACHE[address]) {
    throw new Error(`${address} is not the promised one`);
  }
  return response;
}

// Whole or not at all: nothing is put before everything is there.
async function fill() {
  const addresses = Object.keys(self.PRECACHE);
  const found = await Promise.all(addresses.map(fetchExactly));
  const cache = await caches.open(NAME);
  await Promise.all(addresses.map((address, index) => cache.put(address, found[index])));
}

async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith("survey-app-") && name !== NAME) {
      await caches.delete(name);
    }
  }
}

function addressIn(request) {
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) {
    return null;
  }
  if (url.pathname === START) {
    return self.PAGES[url.searchParams.get("lang")] ?? self.PAGES.vi;
  }
  return Object.hasOwn(self.PRECACHE, url.pathname) ? url.pathname : null;
}

async function answer(request, address) {
  // Not by caches.open: it would make a cache anew that was taken away meanwhile.
  const found = await caches.match(address, { cacheName: NAME, ignoreVary: true });
  if (request.headers.has(SELF_TEST)) {
    return found ?? Response.error(); // the test asks what would be there without a network
  }
  return found ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) =>
  event.waitUntil(forgetOthers().then(() => self.clients.claim())),
);
self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  }
});
self.addEventListener("fetch", (event) => {
  const address = event.request.method === "GET" ? addressIn(event.request) : null;
  if (address !== null) {
    event.respondWith(answer(event.request, address));
  }
});
