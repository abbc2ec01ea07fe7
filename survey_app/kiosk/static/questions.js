// The questions of the page and the answers in its fields. The fields are the only place where answers live.

function fieldsOf(element) {
  return [...element.querySelectorAll("input:not([type=hidden]), textarea")];
}

function single({ fields }) {
  return fields.find(({ checked }) => checked)?.value;
}

// A reserved answer ("Không biết") stands alone and is sent as the only code of the list.
function multiple({ fields }) {
  const codes = fields.filter(({ checked }) => checked).map(({ value }) => value);
  return codes.length ? codes : undefined;
}

function integer(question) {
  const written = question.element.querySelector("[data-number]").value.trim();
  return single(question) ?? (/^\d{1,9}$/.test(written) ? Number(written) : undefined);
}

function remark({ fields }) {
  return fields[0].value.trim().normalize("NFC") || undefined;
}

// One reader a kind of question: a new kind is a line here, in fields.py and in domain/answers.py.
const READERS = { single, multiple, integer, remark };

export function questionsOf(form) {
  return [...form.querySelectorAll("[data-question]")].map((element) => ({
    id: element.dataset.question,
    kind: element.dataset.kind,
    core: element.dataset.core === "true",
    module: element.dataset.module === undefined ? null : Number(element.dataset.module),
    shuffle: element.dataset.shuffle ?? null,
    showIf: element.dataset.showIf === undefined ? null : JSON.parse(element.dataset.showIf),
    element,
    fields: fieldsOf(element), // they stay the same, in every language; all of them are read at every step
  }));
}

export function answerTo(question) {
  return READERS[question.kind](question);
}

// A remark is sent apart from the answers, so it is not among them.
export function answersTo(questions) {
  const answers = {};
  for (const question of questions) {
    const answer = question.kind === "remark" ? undefined : answerTo(question);
    if (answer !== undefined) {
      answers[question.id] = answer;
    }
  }
  return answers;
}

export function remarkAmong(questions) {
  return questions
    .filter((question) => question.kind === "remark")
    .map(answerTo)
    .find((words) => words !== undefined);
}

// form.reset() would bring back what the server once rendered; this leaves nothing.
export function wipe(form) {
  for (const field of fieldsOf(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = false;
    } else {
      field.value = "";
    }
  }
}

// In a question with several answers, a reserved answer and the others switch each other off.
export function keepApart(question, changed) {
  const isReserved = (input) => input.hasAttribute("data-reserved");
  const isChosen = changed.checked || changed.hasAttribute("data-number");
  if (!isChosen || question.kind === "single") {
    return;
  }
  for (const other of question.fields) {
    if (other !== changed && (isReserved(other) || isReserved(changed))) {
      if (other.hasAttribute("data-number")) {
        other.value = "";
      } else {
        other.checked = false;
      }
    }
  }
}
