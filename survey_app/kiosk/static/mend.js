// A version whose scripts fail would stand for ever: only they let the next one take over. So this looks whether they run, and
// else does it for them. It stands apart, that their faults may not be its own; nobody is answering where they do not run.
(() => {
  const LOOK = 60_000;
  const isRunning = () => "running" in document.documentElement.dataset;

  async function mend() {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
    if (!isRunning() && registration?.waiting) {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
      registration.waiting.postMessage("take over");
    }
  }

  if (navigator.serviceWorker?.controller) {
    setInterval(() => isRunning() || mend().catch(() => null), LOOK); // without a network it tries again
  }
})();
