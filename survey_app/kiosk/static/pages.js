// The pages that the worker keeps, seen from outside: a tablet that changes or loses its counter must not show them.

export async function dropKeptPages() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    await registration.unregister();
  }
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
}
