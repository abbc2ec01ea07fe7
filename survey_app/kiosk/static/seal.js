// Seals a form to the server's public key: JWE compact, ECDH-ES with A256GCM (RFC 7516, RFC 7518 §4.6).
// The private half of the key that seals is forgotten at once, so the tablet cannot open what it keeps.

const encoder = new TextEncoder();
const P256 = { name: "ECDH", namedCurve: "P-256" };
const KEY_BITS = 256;
const TAG_BYTES = 16;

export function base64url(bytes) {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function number(value) {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

// Concat KDF in its one round: counter, secret, algorithm, no party names, length in bits.
async function contentKey(secret) {
  const algorithm = encoder.encode("A256GCM");
  const info = joined(number(algorithm.length), algorithm, number(0), number(0), number(KEY_BITS));
  const digest = await crypto.subtle.digest("SHA-256", joined(number(1), secret, info));
  return crypto.subtle.importKey("raw", digest, "AES-GCM", false, ["encrypt"]);
}

export async function seal(text, jwk) {
  const theirs = await crypto.subtle.importKey("jwk", jwk, P256, false, []);
  const own = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "ECDH", public: theirs },
    own.privateKey,
    KEY_BITS,
  );
  const key = await contentKey(new Uint8Array(bits));
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", own.publicKey);
  const named = { alg: "ECDH-ES", enc: "A256GCM", epk: { kty, crv, x, y } };
  const header = base64url(encoder.encode(JSON.stringify(named)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const closed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: encoder.encode(header) },
    key,
    encoder.encode(text),
  );
  const content = new Uint8Array(closed);
  const parts = [iv, content.slice(0, -TAG_BYTES), content.slice(-TAG_BYTES)].map(base64url);
  return [header, "", ...parts].join(".");
}
