// The tablet's own key, the server's clock, and signed requests (docs/kiosk-api.md).

import { hashOf } from "./canonical.js";
import { done, recall, remember, transact } from "./database.js";
import { base64url } from "./seal.js";

const encoder = new TextEncoder();
const PATIENCE = 20_000;
// Seconds: a tablet that was switched off longer cannot know the date; one that is off by more has a wrong one.
const LONGEST_PAUSE = 14 * 86_400;
const TOLERANCE = 300;
const RENEWAL = "/api/v1/credential";
const RENEWING = "survey-app-credential";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export function newKey() {
  return crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
}

// The key cannot leave the browser; the database keeps a handle of it, on the disk when this resolves. `kiosk`: the tablet's name.
export async function keepKey(pair, offset, kiosk) {
  await transact(["state"], "readwrite", async ({ state }) => {
    await done(state.put(pair, "device"));
    await done(state.put(offset, "offset"));
    await done(state.put(kiosk, "kiosk"));
  });
}

export async function keyWorks() {
  const pair = await recall("device");
  if (!pair) {
    return false;
  }
  const words = encoder.encode("ready");
  const signature = await crypto.subtle.sign(SIGNING, pair.privateKey, words);
  return crypto.subtle.verify(SIGNING, pair.publicKey, signature, words);
}

// The server's clock runs on in this page by the time since it was last heard, whatever happens to the tablet's
// own date. After a start without the server only the difference of then is known, and believed while it makes sense.
let heard = null;

const ownSeconds = () => Math.floor(Date.now() / 1000);

async function keptSeconds() {
  const [offset, last] = [await recall("offset"), await recall("heard")];
  const seconds = ownSeconds() + (offset ?? 0);
  const isLikely = offset !== undefined && !(seconds < last - 60 || seconds > last + LONGEST_PAUSE);
  return { seconds, isKnown: isLikely };
}

// {seconds, isKnown}: UTC seconds by the server's clock as this tablet knows it.
export async function serverSeconds() {
  if (heard === null) {
    return keptSeconds();
  }
  const since = (performance.now() - heard.at) / 1000;
  return { seconds: Math.floor(heard.seconds + since), isKnown: true };
}

// Never heard: nothing to compare with.
export async function tellsTime() {
  const { seconds, isKnown } = await serverSeconds();
  const wasHeard = (await recall("offset")) !== undefined;
  return wasHeard ? isKnown && Math.abs(seconds - ownSeconds()) <= TOLERANCE : true;
}

// The local day of a form (UTC+7, no summer time), undefined where the clock cannot be known.
export async function localDay() {
  const { seconds, isKnown } = await serverSeconds();
  return isKnown ? new Date((seconds + 7 * 3600) * 1000).toISOString().slice(0, 10) : undefined;
}

async function learnTime(response) {
  const seconds = Number(response.headers.get("X-Server-Time"));
  if (Number.isSafeInteger(seconds) && seconds > 0) {
    heard = { seconds, at: performance.now() };
    await remember("offset", seconds - ownSeconds());
    await remember("heard", seconds);
  }
}

async function signature(path, body) {
  const pair = await recall("device");
  if (!pair) {
    return {};
  }
  const { seconds } = await serverSeconds();
  const message = ["survey-app-v1", "POST", path, seconds, await hashOf(body)].join("\n");
  const signed = await crypto.subtle.sign(SIGNING, pair.privateKey, encoder.encode(message));
  return { "X-Kiosk-Signature": `t=${seconds},s=${base64url(signed)}` };
}

async function postOnce(path, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const headers = { "Content-Type": "application/json", "X-Survey-App": "1" };
    const response = await fetch(path, {
      method: "POST",
      headers: { ...headers, ...(await signature(path, body)) },
      body,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "manual", // not followed: where it leads is no answer of ours
      signal: patience.signal,
    });
    const value = await response.json();
    await learnTime(response);
    return { status: response.status, value, wait: Number(response.headers.get("Retry-After")) };
  } catch (error) {
    return { status: 0, value: null, wait: 0, isForeign: error instanceof SyntaxError };
  } finally {
    clearTimeout(timer);
  }
}

export function codeOf(answer) {
  return answer.value?.problems?.[0]?.code ?? "";
}

// {status, value, wait}: status 0 means no answer of ours: no network, a time-out, or, with `isForeign`, a page of
// somebody else (a portal's log-in, a proxy's fault).
export async function post(path, value) {
  const body = JSON.stringify(value);
  const answer = await postInTime(path, body);
  const isForgotten = codeOf(answer) === "request.no_credential";
  return isForgotten && (await renewCredential()) ? postInTime(path, body) : answer;
}

async function postInTime(path, body) {
  const answer = await postOnce(path, body);
  return codeOf(answer) === "device.stale_signature" ? postOnce(path, body) : answer;
}

// A cookie is lost where the key is not: browsers write a new one half a minute late, and power cuts do not wait.
// True when the server has given another one, in return for a proof of the key.
export async function renewCredential() {
  const kiosk = await recall("kiosk");
  if (!kiosk) {
    return false;
  }
  const renew = () => postInTime(RENEWAL, JSON.stringify({ kiosk }));
  return (await navigator.locks.request(RENEWING, renew)).status === 200;
}
