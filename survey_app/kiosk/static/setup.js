// Preparing a tablet: each check is made again every few seconds and turns green by itself. What only a person can tell
// (screen, sound, lock) is remembered, so that it is still green after the power cut.

import { recall, remember } from "./database.js";
import { beat } from "./heart.js";
import { comeBack, registerWorker } from "./pages.js";
import { missingParts } from "./ready.js";
import { rehearsalState, rehearse } from "./rehearsal.js";
import { Sender } from "./sender.js";

const LOOK = 5_000;
// Parts of READY behind each check.
const PARTS = {
  clock: ["clock"],
  trusted_tls: ["trusted_tls"],
  device_key: ["device_key"],
  offline: ["worker", "offline_start"],
  storage: ["storage"],
};

const page = document.querySelector("[data-setup]");
const isConnected = page.dataset.connected === "true";
const sender = new Sender({ address: page.dataset.responses });
const told = async () => (await recall("told").catch(() => null)) ?? {};

function mark(name, isGood) {
  const check = page.querySelector(`[data-check="${name}"]`);
  check.dataset.state = isGood ? "good" : "open";
  check.querySelector("[data-verdict]").textContent = isGood
    ? page.dataset.good
    : page.dataset.open;
}

async function tell(name) {
  await remember("told", { ...(await told()), [name]: true });
  await look();
}

function showRehearsal(state) {
  for (const element of page.querySelectorAll("[data-power]")) {
    element.hidden = element.dataset.power !== state;
  }
}

async function findings() {
  const missing = await missingParts();
  if (isConnected) {
    await beat(page, missing).catch(() => null); // also brings the server's time
  }
  const own = await told();
  const power = await rehearsalState().catch(() => "none");
  showRehearsal(power);
  return {
    ...Object.fromEntries(
      Object.entries(PARTS).map(([name, parts]) => [name, !parts.some((p) => missing.includes(p))]),
    ),
    screen: own.screen === true,
    sound: own.sound === true,
    lock: own.lock === true,
    power: power === "passed",
  };
}

async function look() {
  const found = await findings();
  for (const [name, isGood] of Object.entries(found)) {
    mark(name, isGood);
  }
  const isReady = Object.values(found).every(Boolean);
  for (const element of page.querySelectorAll("[data-all]")) {
    element.hidden = !isReady;
  }
}

// ---- what a person does ----------------------------------------------------------------------------
function play() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = 440;
  tone.connect(audio.destination);
  tone.addEventListener("ended", () => audio.close());
  tone.start();
  tone.stop(audio.currentTime + 1);
}

const ACTIONS = {
  play,
  heard: () => tell("sound"),
  locked: () => tell("lock"),
  rehearse: () => rehearse(JSON.parse(page.dataset.sealingKey)).then(look),
};

function onClick({ target }) {
  const corner = target.closest("[data-corner]");
  corner?.setAttribute("aria-pressed", "true");
  if (corner && !page.querySelector('[data-corner][aria-pressed="false"]')) {
    tell("screen");
  }
  ACTIONS[target.closest("[data-setup-do]")?.dataset.setupDo]?.();
}

async function start() {
  page.addEventListener("click", onClick);
  setInterval(look, LOOK);
  if (isConnected) {
    await registerWorker().catch(() => null); // why it failed stands in the checks
    sender.kick();
  } else {
    await comeBack().catch(() => null);
  }
  await look();
}

start();
