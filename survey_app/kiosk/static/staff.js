// The line for staff under the welcome: ready, no network, forms that wait, forms that were refused.

const DAY = 86_400_000;
// Without a trusted connection these cannot be there: the one thing to put right is named, not all that follows from it.
const FOLLOWS = new Set(["worker", "offline_start", "device_key"]);
const UNKNOWN = { is: "good", day: "" };

// By a wrong date every certificate looks ended or too new; where the worker is there, it was trusted once.
function partsToName(missing) {
  if (!missing.includes("trusted_tls")) {
    return missing;
  }
  const hidden = missing.includes("clock") || !missing.includes("worker") ? "trusted_tls" : "";
  return missing.filter((part) => !FOLLOWS.has(part) && part !== hidden);
}

// What to say of the certificate: of an ended or refused one only where it was trusted once.
function certificateToName({ missing, certificate = UNKNOWN }) {
  const isSaid =
    certificate.is === "ending" || !(missing.includes("worker") || missing.includes("clock"));
  return isSaid ? certificate : UNKNOWN;
}

function byReason(refused) {
  const found = new Map();
  for (const item of refused) {
    found.set(item.reason, [...(found.get(item.reason) ?? []), item]);
  }
  return found;
}

export class StaffLine {
  constructor(place) {
    this.place = place;
    this.words = Object.fromEntries(
      [...place.querySelectorAll("[data-word]")].map((e) => [e.dataset.word, e.textContent]),
    );
    place.hidden = false;
  }

  find(name) {
    return this.place.querySelector(`[data-${name}]`);
  }

  // `at`: {missing, state, waiting, dead, reasons, isFull, message, certificate}
  show(at) {
    this.find("line").textContent = this.line(at);
    this.place.dataset.state = at.missing.length ? "unready" : at.state;
    const named = partsToName(at.missing);
    for (const part of this.place.querySelectorAll("[data-part]")) {
      part.hidden = !named.includes(part.dataset.part);
    }
    this.showCertificate(certificateToName(at));
    this.showRefused(at);
    this.find("message").textContent = at.message?.text ?? "";
    this.find("message").hidden = !at.message;
  }

  line(at) {
    const { words } = this;
    const { missing, state, waiting, dead, isFull } = at;
    const { is, day } = certificateToName(at);
    const parts = [missing.length ? words.unready : words.ready];
    if (is === "ending") {
      parts.push(words.ending.replace("{day}", day));
    }
    if (is === "ended" || is === "refused") {
      parts.push(words.untrusted);
    } else if (state !== "ok") {
      parts.push(words[state]);
    }
    if (isFull) {
      parts.push(words.full);
    }
    if (waiting) {
      parts.push(words.waiting.replace("{number}", waiting));
    }
    if (dead) {
      parts.push(words.dead.replace("{number}", dead));
    }
    return parts.join(" · ");
  }

  showCertificate({ is, day }) {
    for (const line of this.place.querySelectorAll("[data-certificate]")) {
      line.hidden = line.dataset.certificate !== is;
      line.textContent = line.dataset.words.replace("{day}", day);
    }
  }

  showRefused({ dead, reasons }) {
    this.find("refused").textContent = this.words.refused;
    this.find("refused").hidden = dead === 0;
    const lines = [...byReason(reasons)].map(([reason, items]) => {
      const days = Math.floor((Date.now() - Math.min(...items.map(({ at }) => at))) / DAY);
      const line = document.createElement("li");
      line.textContent = this.words.reason
        .replace("{reason}", reason)
        .replace("{number}", items.length)
        .replace("{days}", days);
      return line;
    });
    this.find("reasons").replaceChildren(...lines);
  }
}
