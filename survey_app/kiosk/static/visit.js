// One visit: who is asked what, and the form that is sent at its end. It lives in memory and in the page's
// fields only, and nothing of it outlives `renew`.

import { newId, newSalt } from "./chance.js";
import { arrange, seedOf } from "./order.js";
import { answersTo, answerTo, questionsOf, remarkAmong, wipe } from "./questions.js";
import { moduleOf, path, prune } from "./routing.js";

const LONGEST_SECONDS = 86_400;
const MOST_ABANDONED = 50;

export class Visit {
  constructor(form) {
    this.form = form;
    this.fileOrder = questionsOf(form);
    this.abandoned = [];
    this.renew();
  }

  // A new person: new id, so another module and another order; empty fields.
  renew() {
    this.noteAbandoned();
    wipe(this.form);
    this.id = newId();
    this.module = moduleOf(this.id, Number(this.form.dataset.modules));
    this.orderSeed = seedOf(this.id);
    this.questions = arrange(this.fileOrder, this.orderSeed);
    this.sealed = null;
    this.start();
  }

  // Who starts anew draws another module. So the next form tells in which module and at which question starts
  // were abandoned, and nothing of what was answered; a form that was made has told of those before it.
  noteAbandoned() {
    if (this.sealed) {
      this.abandoned = [];
    } else if (this.id && !this.isEmpty) {
      const asked = this.path;
      const end = asked.find((question) => answerTo(question) === undefined) ?? asked.at(-1);
      this.abandoned.push({ module: this.module, question: end.id });
    }
    this.abandoned = this.abandoned.slice(-MOST_ABANDONED);
  }

  // Seconds are counted from the first question on; when that was is not known afterwards.
  start() {
    this.started = performance.now();
  }

  get answers() {
    return answersTo(this.questions);
  }

  get path() {
    return path(this.questions, this.module, this.answers);
  }

  get isEmpty() {
    return this.questions.every((question) => answerTo(question) === undefined);
  }

  // The question `step` places on (1) or back (-1) on the present path; undefined at its ends.
  beside(question, step) {
    const now = this.path;
    return now[now.indexOf(question) + step];
  }

  placeOf(question) {
    const now = this.path;
    return { number: now.indexOf(question) + 1, total: now.length };
  }

  // Absent means "not asked", so a question is passed only with an answer, of which "Không biết" and
  // "Không muốn trả lời" are two. A remark, or a question that offers neither and is not due, may stay empty.
  mayPass(question) {
    const offersWayOut = question.element.querySelector("[data-reserved]") !== null;
    const mayStayEmpty = question.kind === "remark" || !(question.core || offersWayOut);
    return mayStayEmpty || answerTo(question) !== undefined;
  }

  // The first question that has to be answered before the form is whole; undefined when it is.
  firstOpen() {
    return this.path.find((question) => !this.mayPass(question));
  }

  // The same object at every try: an id stands for one content, so the server can tell a repetition.
  body() {
    this.sealed ??= this.compose("complete", remarkAmong(this.path));
    return this.sealed;
  }

  // What is kept when somebody walks away: the answers, null where there are none.
  unfinished() {
    if (this.isEmpty) {
      return null;
    }
    this.sealed = this.compose("partial"); // kept by itself, so it is not told of as abandoned as well
    return this.sealed;
  }

  compose(status, remark) {
    const { questionnaire, unit, counter, language } = this.form.dataset;
    const seconds = Math.round((performance.now() - this.started) / 1000);
    return {
      id: this.id,
      abandoned: this.abandoned,
      questionnaire,
      unit,
      counter,
      channel: "kiosk",
      language,
      status,
      answers: prune(this.questions, this.module, this.answers),
      order_seed: this.orderSeed,
      active_seconds: Math.min(seconds, LONGEST_SECONDS),
      ...(remark && { remark, salt: newSalt() }),
    };
  }

  // After a complaint of the server the answers may be changed again.
  unseal() {
    this.sealed = null;
  }
}
