// The long form becomes one question a screen. Without this file the page is a working form.

import { Aloud, keepRecordings } from "./aloud.js";
import { applyCalibration, Calibration } from "./calibrate.js";
import { Delivery } from "./delivery.js";
import { Display } from "./display.js";
import { requireFloor } from "./floor.js";
import { guardBack } from "./history.js";
import { Idle } from "./idle.js";
import { Journey } from "./journey.js";
import { Language } from "./language.js";
import { Offline } from "./offline.js";
import { keepApart } from "./questions.js";
import { Trial } from "./trial.js";
import { Visit } from "./visit.js";

// Why a chosen answer goes on by itself: for most people of 70 the tap on the answer is the answer, and a
// second button is one more thing to find. They see their choice marked for this long, and "Quay lại" is
// always there. Arrow keys move through the choices of a radio group, so keyboards go on by Enter only;
// "Tiếp" appears for them, for screen readers, for who comes back, and where more than one tap is needed.
const MARKED_FOR = 500;
const THANKS_FOR = 12_000;
// A finger that comes down twice must not answer the next screen unread.
const DEAF_FOR = 350;
// Between two people the screen rests.
const COOL_DOWN = 5_000;
// Where something of a person is on the screen.
const WATCHED = new Set(["purpose", "question", "review"]);

requireFloor();
const main = document.querySelector("#main");
const form = document.querySelector("#visit");
const leaving = document.querySelector("#leave");
const visit = new Visit(form);
const journey = new Journey(main, visit, shown);
const language = new Language(form, retell);
const display = new Display(document.querySelector("#display"));
const recordings = JSON.parse(form.dataset.recordings);
const aloud = new Aloud(journey.controls.aloud, recordings);

let timer = 0;
let shownAt = Number.NEGATIVE_INFINITY;
let cooling = 0;
// A tablet with a key keeps each form before it thanks; one on trial sends it while the person waits.
const isAtRest = () => journey.is("welcome");
const offline = form.dataset.trial === "false" ? new Offline(form, isAtRest) : null;
const delivery = new Delivery(journey, visit, offline);
const idle = new Idle(document.querySelector("#idle"), {
  isWatched: () => WATCHED.has(journey.at) || display.isChanged,
  leave: leaveUnfinished,
});

// ---- showing -------------------------------------------------------------------------------------
function shown() {
  stopWaiting();
  leaving.close();
  display.close();
  shownAt = performance.now();
  offerRecording();
  idle.touched();
  if (journey.is("thanks")) {
    timer = setTimeout(startOver, THANKS_FOR);
  }
}

function offerRecording() {
  aloud.offer(journey.question?.id ?? journey.at, form.dataset.language);
}

function retell() {
  journey.retell();
  offerRecording();
}

// ---- leaving -------------------------------------------------------------------------------------
function forget() {
  leaving.close(); // before the next screen: a dialog gives the focus back to where it was
  journey.forget();
  display.reset();
  aloud.stop();
}

function startOver() {
  forget();
  journey.showNamed("welcome", "back");
  language.speak(language.own);
  coolDown();
  offline?.rest();
}

function coolDown() {
  clearTimeout(cooling);
  document.documentElement.dataset.cooling = "";
  cooling = setTimeout(() => {
    delete document.documentElement.dataset.cooling;
    cooling = 0;
  }, COOL_DOWN);
}

// Nobody asked for more time. What was answered is kept as unfinished; words never sent are nobody's to keep.
function leaveUnfinished() {
  const body = visit.unfinished();
  startOver();
  if (body) {
    delivery.take(body);
  }
}

// One tap more, on another place of the screen, so that nobody is thrown out by a stray touch. The answers
// are out of sight at the first tap already.
function askToLeave() {
  stopWaiting();
  aloud.stop();
  if (visit.isEmpty) {
    startOver();
  } else {
    leaving.showModal();
  }
}

// ---- touching and typing -------------------------------------------------------------------------
const ACTIONS = {
  extend: () => idle.touched(),
  begin: () => journey.begin(),
  next,
  back: () => journey.back(),
  summarise: () => journey.summarise(),
  change: (button) => journey.change(button.dataset.of),
  deliver: () => delivery.deliver(),
  startOver,
  askToLeave,
  stay: () => leaving.close(),
  openDisplay: () => display.open(),
  readAloud: () => aloud.toggle(),
  translate: (button) => language.speak(button.value),
};

function next() {
  if (journey.next()) {
    delivery.deliver();
  }
}

function dropStray(event) {
  if (event.detail > 0 && performance.now() - shownAt < DEAF_FOR) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function onClick(event) {
  const control = event.target.closest("[data-do]");
  if (control) {
    event.preventDefault();
    ACTIONS[control.dataset.do](control);
  } else if (event.detail > 0 && event.target.closest("[data-choice]")) {
    goOnSoon();
  }
}

function goOnSoon() {
  if (journey.goesOn()) {
    stopWaiting();
    timer = setTimeout(next, MARKED_FOR);
  }
}

function stopWaiting() {
  clearTimeout(timer);
  timer = 0;
}

function onChange(event) {
  const { question } = journey;
  if (question === null) {
    return;
  }
  keepApart(question, event.target);
  journey.complain(question, "");
  if (timer === 0) {
    journey.refresh(); // a tap goes on by itself; "Tiếp" would only flash
  }
}

function onKey(event) {
  stopWaiting();
  if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    if (event.target.type !== "text") {
      event.target.click();
    }
    next();
  }
}

function onSubmit(event) {
  event.preventDefault();
  if (journey.is("review")) {
    delivery.deliver();
  } else if (journey.question !== null) {
    next();
  }
}

function chooseLanguage(event) {
  const link = event.target.closest("a[data-language]");
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    if (!cooling && !("closed" in document.documentElement.dataset)) {
      beginIn(link);
    }
  }
}

async function beginIn(link) {
  const chosen = link.dataset.language;
  if (await language.speak(chosen)) {
    arm();
    journey.showNamed("purpose", "forth");
  } else if (language.wanted === chosen) {
    location.replace(link.href);
  }
}

// ---- start ---------------------------------------------------------------------------------------
main.addEventListener("click", dropStray, true);
main.addEventListener("click", chooseLanguage, true);
main.addEventListener("click", onClick);
form.addEventListener("change", onChange);
form.addEventListener(
  "input",
  (event) => event.target.matches("textarea, [data-number]") && journey.refresh(),
);
form.addEventListener("keydown", onKey);
form.addEventListener("submit", onSubmit);
window.addEventListener("pagehide", forget);
// The clipboard outlives the visit, and so would words in it.
for (const kind of ["contextmenu", "copy", "cut", "dragstart"]) {
  main.addEventListener(kind, (event) => event.preventDefault());
}

const isChosen = location.hash === "#purpose";
const arm = guardBack({
  isOver: () => journey.is("thanks"),
  isAtStart: () => journey.is("welcome"),
  isBusy: () => journey.is("sending") || journey.is("failed") || leaving.open,
  startOver,
  back: () => journey.back(),
});
if (isChosen) {
  arm();
  journey.showNamed("purpose", "forth");
} else {
  journey.showFirst();
  offerRecording();
}
if (offline) {
  offline.start();
  applyCalibration().catch(() => null); // storage that fails is told by the self-test
  const calibration = new Calibration(document.querySelector("#calibrate"));
  document.querySelector("[data-screen-size]").addEventListener("click", () => calibration.open());
  keepRecordings(recordings).catch(() => null); // without them the tablet asks the network
} else {
  new Trial(form, document.querySelector("[data-staff]")).start();
}
document.documentElement.dataset.running = ""; // mend.js has nothing to do
