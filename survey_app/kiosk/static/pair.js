// Connects this tablet: makes its key, sends the public half with the code. Where the browser has no WebCrypto
// (plain http), or is so old that the long form is all it can show, the tablet is connected on trial, without a key.

import { keepKey, newKey, post } from "./device.js";
import { missingFeatures } from "./floor.js";
import { dropKeptPages } from "./pages.js";

const form = document.querySelector("[data-pair]");
const fault = form.querySelector("[data-fault]");
const canHaveKey =
  isSecureContext &&
  "serviceWorker" in navigator &&
  "locks" in navigator &&
  missingFeatures().length === 0;

function say(words) {
  fault.textContent = words;
  fault.hidden = false;
}

async function connect() {
  const pair = canHaveKey ? await newKey() : null;
  const public_key = pair && (await crypto.subtle.exportKey("jwk", pair.publicKey));
  const code = form.dataset.code ?? form.elements.code.value;
  const { status, value } = await post("/api/v1/pairing", { code, public_key });
  if (status !== 201) {
    say(value?.problems?.[0]?.message ?? fault.dataset.fault);
    return;
  }
  if (pair) {
    await keepKey(pair, value.server_time - Math.floor(Date.now() / 1000), value.kiosk);
    await dropKeptPages(); // those of an earlier counter
  }
  location.replace(location.hash === "#setup" ? "/kiosk/setup" : "/kiosk/");
}

form.addEventListener("submit", (event) => {
  if (canHaveKey || form.dataset.code === undefined) {
    event.preventDefault();
    connect();
  }
});
