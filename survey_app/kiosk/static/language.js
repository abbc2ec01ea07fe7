// Puts the words of one language in the place of another's, on the screen as it stands. Fields, focus and all that the
// script holds stay what they are, so every answer stays. The other page comes from what the worker keeps.

const root = document.documentElement;
const TRANSLATED = "[data-translated]";
const SAID = new Set(["action", "aria-label", "formaction", "href", "lang"]);

function isSaid(element, name) {
  const isButtons = name === "value" && element.matches("button");
  return isButtons || SAID.has(name) || name.startsWith("data-");
}

function patch(element, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (isSaid(element, name)) {
      element.setAttribute(name, value);
    }
  }
  // What scripts filled (errors, a countdown) is empty on a fresh page, and is filled again. No field stands in such a place.
  if (element.childNodes.length !== fresh.childNodes.length) {
    element.replaceChildren(
      ...[...fresh.childNodes].map((node) => document.importNode(node, true)),
    );
    return;
  }
  for (const [index, node] of element.childNodes.entries()) {
    const other = fresh.childNodes[index];
    if (node.nodeType === Node.TEXT_NODE) {
      node.data = other.data;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      patch(node, other);
    }
  }
}

async function pageIn(language) {
  const response = await fetch(`/kiosk/?lang=${language}`, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`no page in ${language}`);
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export class Language {
  // `changed()` is called when the page has come to speak another language.
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.own = form.dataset.language;
    this.wanted = this.own;
  }

  // True when the page speaks `language` at the end. False: its words cannot be had, the server meanwhile asks other
  // questions, or somebody wanted yet another language.
  async speak(language) {
    const { form } = this;
    this.wanted = language;
    if (language === form.dataset.language) {
      return true;
    }
    const page = await pageIn(language).catch(() => null);
    const other = page?.querySelector(`#${form.id}`);
    if (this.wanted !== language || other?.dataset.questionnaire !== form.dataset.questionnaire) {
      return false;
    }
    this.put(page);
    return true;
  }

  put(page) {
    const fresh = page.querySelectorAll(TRANSLATED);
    for (const [index, element] of document.querySelectorAll(TRANSLATED).entries()) {
      patch(element, fresh[index]);
    }
    root.lang = page.documentElement.lang;
    this.changed();
  }
}
