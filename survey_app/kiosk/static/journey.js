// The way through a visit: which screen comes next, and what it shows.

import { Controls } from "./controls.js";
import { Review } from "./review.js";
import { Screens } from "./screens.js";

export class Journey {
  // `shown()` is called after every change of the screen.
  constructor(main, visit, shown) {
    this.visit = visit;
    this.shown = shown;
    this.screens = new Screens(main);
    this.controls = new Controls(main);
    this.review = new Review(this.screens.named("review"));
    this.question = null;
    // Changed from the summary, so the way leads back there.
    this.isEditing = false;
  }

  get at() {
    return this.screens.current.dataset.screen;
  }

  is(name) {
    return this.screens.is(name);
  }

  // ---- showing -------------------------------------------------------------------------------------
  show(screen, direction) {
    this.question = this.visit.questions.find(({ element }) => element === screen) ?? null;
    this.screens.show(screen, direction);
    this.fillReview();
    this.refresh();
    this.shown();
    this.screens.settle();
  }

  showNamed(name, direction) {
    this.show(this.screens.named(name), direction);
  }

  showFirst() {
    this.screens.show(this.screens.named("welcome"), "forth");
    this.refresh();
  }

  refresh() {
    const { at, question, visit, isEditing } = this;
    this.controls.refresh({ at, question, visit, isEditing });
  }

  // The answers stand together on the screen only while it is shown.
  fillReview() {
    if (this.is("review")) {
      this.review.fill(this.visit.path);
    } else {
      this.review.clear();
    }
  }

  complain(about, words) {
    const place = about.element.querySelector("[data-error]");
    place.textContent = words;
    place.hidden = words === "";
  }

  clearComplaints() {
    for (const each of this.visit.questions) {
      this.complain(each, "");
    }
  }

  // The words on the screen are those of another language now.
  retell() {
    this.clearComplaints();
    this.fillReview();
    this.refresh();
  }

  // ---- moving --------------------------------------------------------------------------------------
  begin() {
    this.visit.start();
    this.isEditing = false;
    this.show(this.visit.path[0].element, "forth");
  }

  // True when nothing is left to ask: the form may go.
  next() {
    const { visit, question } = this;
    if (!visit.mayPass(question)) {
      this.complain(question, visit.form.dataset.missing);
      return false;
    }
    const following = this.isEditing ? visit.firstOpen() : visit.beside(question, 1);
    if (following) {
      this.show(following.element, "forth");
    } else if (this.isEditing) {
      this.summarise();
    }
    return !following && this.question === question;
  }

  // Whether a chosen answer leads on by itself.
  goesOn() {
    const { question, isEditing, visit } = this;
    return question?.kind === "single" && (isEditing || visit.beside(question, 1) !== undefined);
  }

  back() {
    if (this.isEditing) {
      this.summarise();
      return;
    }
    const { visit, question } = this;
    const previous = this.is("review") ? visit.path.at(-1) : question && visit.beside(question, -1);
    if (previous) {
      this.show(previous.element, "back");
    } else {
      this.showNamed(question ? "purpose" : "welcome", "back");
    }
  }

  // ---- the summary ---------------------------------------------------------------------------------
  // A changed answer may ask for others first (`next`); who goes back instead sees which are still open.
  summarise() {
    const changed = this.isEditing ? this.question : null;
    this.isEditing = false;
    this.showNamed("review", changed ? "back" : "forth");
    if (changed) {
      this.review.focusOn(changed.id);
    }
  }

  change(id) {
    this.isEditing = true;
    this.show(this.visit.questions.find((question) => question.id === id).element, "forth");
  }

  // False when something is open still, which is then on the screen.
  isWhole() {
    const open = this.visit.firstOpen();
    if (open) {
      this.change(open.id);
      this.complain(open, this.visit.form.dataset.missing);
    }
    return !open;
  }

  // The server complains of a question on the path: it is asked again.
  reopen(problems) {
    const places = new Set(problems.map((problem) => problem.where));
    const first = this.visit.path.find(({ id }) => places.has(id));
    if (first) {
      this.show(first.element, "back");
      this.complain(first, this.visit.form.dataset.again);
    }
    return first !== undefined;
  }

  // Nothing of this person stays: neither in fields nor in words on the screen.
  forget() {
    this.visit.renew();
    this.isEditing = false;
    this.review.clear();
    this.clearComplaints();
  }
}
