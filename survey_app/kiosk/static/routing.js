// Which questions are asked: the same rules as domain/routing.py.
// tests/vectors/routing.json runs through both, so a change here is a change there.

function given(answers, id) {
  return Object.hasOwn(answers, id) ? answers[id] : undefined;
}

// An unanswered question makes a leaf false.
export function holds(condition, answers) {
  if (condition.all) {
    return condition.all.every((part) => holds(part, answers));
  }
  if (condition.any) {
    return condition.any.some((part) => holds(part, answers));
  }
  const codes = condition.in ?? [];
  const answer = given(answers, condition.question);
  return Array.isArray(answer)
    ? answer.some((code) => codes.includes(code))
    : codes.includes(answer);
}

// The questions of a form in file order. A condition sees only answers that are on the path
// themselves, so an answer changed back cannot keep its followers alive.
export function path(questions, module, answers) {
  const live = {};
  return questions.filter((question) => {
    if (question.module !== null && question.module !== module) {
      return false;
    }
    if (question.showIf && !holds(question.showIf, live)) {
      return false;
    }
    const answer = given(answers, question.id);
    if (answer !== undefined) {
      live[question.id] = answer;
    }
    return true;
  });
}

// Only the answers on the path: what is sent.
export function prune(questions, module, answers) {
  const kept = {};
  for (const question of path(questions, module, answers)) {
    const answer = given(answers, question.id);
    if (answer !== undefined) {
      kept[question.id] = answer;
    }
  }
  return kept;
}

// The rotating module of a form follows from its random id: anyone can check it, nobody chooses it.
export function moduleOf(id, count) {
  return count ? Number.parseInt(id.slice(0, 8), 16) % count : null;
}
