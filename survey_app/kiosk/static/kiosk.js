// The long form becomes one question a screen. Without this file the page is a working form.

import { Idle } from "./idle.js";
import { Offline } from "./offline.js";
import { keepApart } from "./questions.js";
import { Screens } from "./screens.js";
import { send } from "./send.js";
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

const main = document.querySelector("#main");
const form = document.querySelector("#visit");
const leaving = document.querySelector("#leave");
const screens = new Screens(main);
const visit = new Visit(form);
const controls = Object.fromEntries(
  [...main.querySelectorAll("[data-control]")].map((element) => [element.dataset.control, element]),
);
const WITH_EXIT = new Set(["purpose", "question", "sending"]);
const WITH_BACK = new Set(["purpose", "question"]);

let question = null;
let timer = 0;
let shownAt = Number.NEGATIVE_INFINITY;
let cooling = 0;
// A tablet with a key keeps each form before it thanks; one on trial sends it while the person waits.
const isAtRest = () => screens.is("welcome");
const offline = form.dataset.trial === "false" ? new Offline(form, isAtRest) : null;
const idle = new Idle(document.querySelector("#idle"), {
  isWatched: () => screens.is("purpose") || screens.is("question"),
  leave: leaveUnfinished,
});

// ---- showing -------------------------------------------------------------------------------------
function show(screen, direction) {
  stopWaiting();
  leaving.close();
  question = visit.questions.find(({ element }) => element === screen) ?? null;
  screens.show(screen, { direction });
  shownAt = performance.now();
  refresh();
  idle.touched();
}

function showNamed(name, direction) {
  show(screens.named(name), direction);
}

function refresh() {
  const isLast = question !== null && visit.beside(question, 1) === undefined;
  const at = screens.current.dataset.screen;
  controls.bar.hidden = !WITH_EXIT.has(at);
  controls.progress.hidden = question === null;
  controls.back.hidden = !WITH_BACK.has(at);
  controls.begin.hidden = at !== "purpose";
  controls.next.hidden = question === null || isLast || !visit.mayPass(question);
  controls.send.hidden = !isLast;
  if (question !== null) {
    showProgress(visit.placeOf(question));
  }
}

function showProgress({ number, total }) {
  const words = controls.progress.dataset.words;
  controls.place.textContent = words.replace("{number}", number).replace("{total}", total);
  controls.track.max = total;
  controls.track.value = number;
}

function complain(about, words) {
  const place = about.element.querySelector("[data-error]");
  place.textContent = words;
  place.hidden = words === "";
}

// ---- moving --------------------------------------------------------------------------------------
function begin() {
  visit.start();
  show(visit.path[0].element, "forth");
}

function next() {
  if (!visit.mayPass(question)) {
    complain(question, form.dataset.missing);
    return;
  }
  const following = visit.beside(question, 1);
  if (following) {
    show(following.element, "forth");
  } else {
    deliver();
  }
}

function back() {
  const previous = question && visit.beside(question, -1);
  if (previous) {
    show(previous.element, "back");
  } else {
    showNamed(question ? "purpose" : "welcome", "back");
  }
}

function startOver() {
  visit.renew();
  for (const each of visit.questions) {
    complain(each, "");
  }
  showNamed("welcome", "back");
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
    take(body);
  }
}

// One tap more, on another place of the screen, so that nobody is thrown out by a stray touch. The answers
// are out of sight at the first tap already.
function askToLeave() {
  stopWaiting();
  if (visit.isEmpty) {
    startOver();
  } else {
    leaving.showModal();
  }
}

// ---- sending -------------------------------------------------------------------------------------
function take(body) {
  return offline ? offline.keep(body) : send(form.dataset.responses, body);
}

async function deliver() {
  showNamed("sending", "forth");
  const body = visit.body();
  const { kind, problems } = await take(body);
  if (body.id !== visit.id) {
    return; // she left meanwhile; the screen may belong to the next person
  }
  if (kind === "stored") {
    thank();
  } else if (kind === "invalid" && reopen(problems)) {
    visit.unseal();
  } else {
    fail(kind);
  }
}

// The server's receipt for this form is here: only now may anything of it be forgotten.
function thank() {
  visit.renew();
  showNamed("thanks", "forth");
  timer = setTimeout(startOver, THANKS_FOR);
}

function reopen(problems) {
  const places = new Set(problems.map((problem) => problem.where));
  const first = visit.path.find(({ id }) => places.has(id));
  if (first) {
    complain(first, form.dataset.again);
    show(first.element, "back");
  }
  return first !== undefined;
}

function fail(kind) {
  for (const reason of main.querySelectorAll("[data-reason]")) {
    reason.hidden = reason.dataset.reason !== kind;
  }
  controls.again.hidden = kind === "refused" || kind === "invalid";
  showNamed("failed", "forth");
}

// ---- touching and typing -------------------------------------------------------------------------
const ACTIONS = {
  extend: () => idle.touched(),
  begin,
  next,
  back,
  deliver,
  startOver,
  askToLeave,
  stay: () => leaving.close(),
};

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
    ACTIONS[control.dataset.do]();
  } else if (event.detail > 0 && event.target.closest("[data-choice]")) {
    goOnSoon();
  }
}

function goOnSoon() {
  if (question?.kind === "single" && visit.beside(question, 1)) {
    stopWaiting();
    timer = setTimeout(next, MARKED_FOR);
  }
}

function stopWaiting() {
  clearTimeout(timer);
  timer = 0;
}

function onChange(event) {
  if (question === null) {
    return;
  }
  keepApart(question, event.target);
  complain(question, "");
  if (timer === 0) {
    refresh(); // a tap goes on by itself; "Tiếp" would only flash
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
  if (question !== null) {
    next();
  }
}

function chooseLanguage(event) {
  const link = event.target.closest("a[data-language]");
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    if (cooling) {
      return;
    }
    if (link.dataset.language === form.dataset.language) {
      arm();
      showNamed("purpose", "forth");
    } else {
      location.replace(link.href);
    }
  }
}

// ---- the browser's own Back ----------------------------------------------------------------------
// One entry guards the visit, with nothing of it in address or state: Back is "Quay lại", and after the
// end there is nothing to go back to.
function arm() {
  if (!history.state?.inVisit) {
    history.pushState({ inVisit: true }, "");
  }
}

function onPopState(event) {
  if (event.state?.inVisit || screens.is("welcome")) {
    return;
  }
  if (screens.is("thanks")) {
    startOver();
  } else if (!screens.is("sending") && !screens.is("failed") && !leaving.open) {
    back();
  }
  if (!screens.is("welcome")) {
    arm();
  }
}

function restore(event) {
  if (event.persisted) {
    location.replace(location.pathname);
  }
}

// ---- start ---------------------------------------------------------------------------------------
main.addEventListener("click", dropStray, true);
main.addEventListener("click", chooseLanguage, true);
main.addEventListener("click", onClick);
form.addEventListener("change", onChange);
form.addEventListener(
  "input",
  (event) => event.target.matches("textarea, [data-number]") && refresh(),
);
form.addEventListener("keydown", onKey);
form.addEventListener("submit", onSubmit);
window.addEventListener("popstate", onPopState);
window.addEventListener("pagehide", () => visit.renew());
window.addEventListener("pageshow", restore);
// The clipboard outlives the visit, and so would words in it.
for (const kind of ["contextmenu", "copy", "cut", "dragstart"]) {
  main.addEventListener(kind, (event) => event.preventDefault());
}

history.scrollRestoration = "manual";
const isChosen = location.hash === "#purpose";
history.replaceState({ inVisit: false }, "", location.pathname + location.search);
if (isChosen) {
  arm();
  showNamed("purpose", "forth");
} else {
  screens.show(screens.named("welcome"), { focus: false });
  refresh();
}
offline?.start();
