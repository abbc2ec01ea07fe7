// Canonical JSON and the content hash: the same bytes as domain/canonical.py and domain/record.py.
// tests/vectors/canonical.json runs through both.

const encoder = new TextEncoder();

// All keys are ASCII, so the order of UTF-16 units is the order of code points.
export function canonicalJson(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError("canonical JSON holds integers only");
  }
  return JSON.stringify(typeof value === "string" ? value.normalize("NFC") : value);
}

export async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function hashOf(text) {
  return sha256(encoder.encode(text));
}

// What the receipt must name: no times, and the remark as a salted hash.
export async function contentHash(body) {
  const { id, questionnaire, unit, counter, channel, language, status, answers } = body;
  const remark = body.remark ? await hashOf(body.salt + body.remark.normalize("NFC")) : null;
  return hashOf(
    canonicalJson({
      id,
      questionnaire,
      unit,
      counter,
      channel,
      language,
      status,
      answers,
      remark,
    }),
  );
}
