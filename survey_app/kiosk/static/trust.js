// Whether this tablet trusts the server's certificate, and until when it is good.

import { recall, remember } from "./database.js";
import { serverSeconds } from "./device.js";

// After a click through a bad certificate everything looks as in a trusted place (`isSecureContext` is true), and without
// such a click a bad certificate looks like no network. Only a worker's script that was never fetched before tells them
// apart: refused for the certificate it fails by this error, without a network by another one.
const UNTRUSTED = "SecurityError";
const PROBE = "/kiosk/static/probe.js";
const ENDS = "certificate ends";
// The server renews its own a month before the end: with less left, something does not work (as in `survey-app doctor`).
const NOTICE = 14 * 86_400;
const ZONE = 7 * 3600;
let isRefused = false;

export function isTrusted() {
  return isSecureContext && !isRefused;
}

export function noteTrust() {
  isRefused = false;
}

// What registering a worker has failed of; goes on failing.
export function noteFault(error) {
  isRefused ||= error.name === UNTRUSTED;
  throw error;
}

// Without a network nothing is learned.
export async function learnTrust() {
  try {
    const probe = await navigator.serviceWorker.register(PROBE, { updateViaCache: "none" });
    noteTrust();
    await probe.unregister();
  } catch (error) {
    isRefused ||= error.name === UNTRUSTED;
  }
}

// `ends`: UTC seconds by the server's answer; null where a proxy before it has the certificate.
export function keepEnd(ends) {
  return remember(ENDS, Number.isSafeInteger(ends) ? ends : null);
}

// {is, day}: good; ending (within two weeks); refused (not trusted on this tablet); ended (not trusted, and its day is over).
export async function certificate() {
  const ends = (await recall(ENDS)) ?? null;
  const { seconds, isKnown } = await serverSeconds();
  const left = ends !== null && isKnown ? ends - seconds : Number.POSITIVE_INFINITY;
  const day = ends === null ? "" : dayOf(ends);
  if (isTrusted()) {
    return { is: left < NOTICE ? "ending" : "good", day };
  }
  return { is: left <= 0 ? "ended" : "refused", day };
}

function dayOf(seconds) {
  const [year, month, day] = new Date((seconds + ZONE) * 1000)
    .toISOString()
    .slice(0, 10)
    .split("-");
  return `${day}/${month}/${year}`;
}
