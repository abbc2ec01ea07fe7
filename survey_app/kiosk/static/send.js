// Sends one form and says what became of it. Only a receipt that names this very form counts as stored:
// a portal's login page answered with 200 is not one.

const PATIENCE = 20_000;

// Answers that another try with the same form cannot change.
const REFUSALS = new Set([400, 403, 409, 413, 415]);

function isReceipt(receipt, body) {
  return (
    receipt?.id === body.id &&
    /^[0-9a-f]{64}$/.test(receipt.content_hash) &&
    typeof receipt.signature === "string"
  );
}

async function outcomeOf(response, body) {
  if (response.status === 200 || response.status === 201) {
    return isReceipt((await response.json()).receipt, body)
      ? { kind: "stored" }
      : { kind: "unsent" };
  }
  if (response.status === 401) {
    return { kind: "unpaired" };
  }
  if (response.status === 422) {
    return { kind: "invalid", problems: (await response.json()).problems ?? [] };
  }
  return { kind: REFUSALS.has(response.status) ? "refused" : "unsent" };
}

// kind: stored, unsent (try again), unpaired (401), invalid (422, with problems), refused.
export async function send(address, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Survey-App": "1" },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: patience.signal,
    });
    return await outcomeOf(response, body);
  } catch {
    return { kind: "unsent" };
  } finally {
    clearTimeout(timer);
  }
}
