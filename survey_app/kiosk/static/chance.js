// Random values. getRandomValues also works where the page is not a secure context, randomUUID does not.

function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A UUID version 4 (RFC 9562): the id of one form, known to nobody before.
export function newId() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexadecimal(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// 128 bits that keep a short remark from being guessed out of its hash.
export function newSalt() {
  return hexadecimal(randomBytes(16));
}

// Names the life of one database of a tablet: gone with it.
export function newEpoch() {
  return hexadecimal(randomBytes(16));
}
