// All answers of the visit on one screen, each to be changed by a touch. Filled when it is shown, empty at any other time.

import { answerTo } from "./questions.js";

function labelsOf(element) {
  return [...element.querySelectorAll("input:checked + label")].map((label) =>
    label.textContent.trim(),
  );
}

function wordsOf(question) {
  const labels = labelsOf(question.element);
  return labels.length ? labels.join(", ") : (answerTo(question)?.toString() ?? "");
}

function part(name, words) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = words;
  return element;
}

export class Review {
  constructor(screen) {
    this.list = screen.querySelector("[data-answers]");
  }

  // `path`: the questions this person is asked.
  fill(path) {
    this.list.replaceChildren(...path.map((question) => this.row(question)));
  }

  clear() {
    this.list.replaceChildren();
  }

  row(question) {
    const { change, none, open } = this.list.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "answer";
    button.dataset.do = "change";
    button.dataset.of = question.id;
    const words = part("words", "");
    words.append(
      part("asked", question.element.querySelector("[data-heading]").textContent),
      part("given", wordsOf(question) || (question.kind === "remark" ? none : open)),
    );
    button.append(words, part("change", change));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }

  focusOn(id) {
    this.list.querySelector(`[data-of="${id}"]`)?.focus();
  }
}
