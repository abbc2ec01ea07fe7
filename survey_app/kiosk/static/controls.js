// Which buttons a screen has, and how far one has come.

const WITHOUT_EXIT = new Set(["welcome", "failed", "thanks"]);
const WITH_BACK = new Set(["purpose", "question", "review"]);

export class Controls {
  constructor(main) {
    for (const element of main.querySelectorAll("[data-control]")) {
      this[element.dataset.control] = element;
    }
  }

  // `at`: the screen's name; `question`: the one on it, or null; `isEditing`: changed from the summary.
  refresh({ at, question, visit, isEditing }) {
    const place = question && visit.placeOf(question);
    const isLast = question !== null && !isEditing && place.number === place.total;
    this.exit.hidden = WITHOUT_EXIT.has(at);
    this.languages.hidden = at === "welcome";
    this.progress.hidden = question === null;
    this.back.hidden = !WITH_BACK.has(at);
    this.begin.hidden = at !== "purpose";
    this.next.hidden = question === null || isLast || !visit.mayPass(question);
    this.review.hidden = !isLast;
    this.send.hidden = !isLast && at !== "review";
    if (place) {
      this.showProgress(place);
    }
  }

  showProgress({ number, total }) {
    const { words } = this.progress.dataset;
    this.place.textContent = words.replace("{number}", number).replace("{total}", total);
    if (this.track.max !== total) {
      this.track.max = total;
    }
    this.track.value = number;
  }
}
