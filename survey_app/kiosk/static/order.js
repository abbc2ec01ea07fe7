// In which order one citizen meets the questions of a shuffled block: the same steps as domain/order.py.
// tests/vectors/order.json runs through both, so a change here is a change there.

const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 48_271;

// The form's own id gives the seed: anyone can check it, nobody chooses it.
export function seedOf(id) {
  return Number.parseInt(id.slice(-8), 16);
}

function drawsFrom(seed) {
  let state = (seed % (MODULUS - 1)) + 1;
  return () => {
    state = (state * MULTIPLIER) % MODULUS;
    return state;
  };
}

function shuffle(questions, draw) {
  for (let last = questions.length - 1; last > 0; last -= 1) {
    const other = draw() % (last + 1);
    [questions[last], questions[other]] = [questions[other], questions[last]];
  }
  return questions;
}

// `questions` in file order; those with the same `shuffle` (a block's id, null for none) stand together.
export function arrange(questions, seed) {
  if (seed === 0) {
    return questions;
  }
  const draw = drawsFrom(seed);
  const blocks = new Set(questions.map((question) => question.shuffle ?? question));
  return [...blocks].flatMap((block) =>
    typeof block === "string"
      ? shuffle(
          questions.filter((question) => question.shuffle === block),
          draw,
        )
      : [block],
  );
}
