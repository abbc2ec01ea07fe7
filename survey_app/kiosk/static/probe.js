// Does nothing and does not stay: a tablet registers it to hear whether it comes from a trusted place (trust.js).

self.addEventListener("install", (event) => event.waitUntil(self.registration.unregister()));
