// A form that never counts: it shows that what lies on the tablet survives a power cut, and that its receipt comes back.

import { canonicalJson, hashOf } from "./canonical.js";
import { newId } from "./chance.js";
import { recall } from "./database.js";
import { keepRehearsal, LIFE, waiting } from "./queue.js";
import { seal } from "./seal.js";

export async function rehearse(sealingKey) {
  const rehearsal = newId();
  await keepRehearsal({
    id: rehearsal,
    content_hash: await hashOf(canonicalJson({ rehearsal })),
    sealed: await seal(JSON.stringify({ rehearsal }), sealingKey),
  });
}

// none; kept (still in the life of the page that made it); waiting (it has survived); passed (the receipt is here).
export async function rehearsalState() {
  const item = (await waiting()).find(({ rehearsal }) => rehearsal);
  if (item) {
    return item.rehearsal === LIFE ? "kept" : "waiting";
  }
  return (await recall("rehearsed")) ? "passed" : "none";
}
