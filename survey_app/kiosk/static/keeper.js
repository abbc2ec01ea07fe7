// From an answered form to one that is safe on the tablet: hashed, sealed, on the disk. Only then is anybody thanked.

import { contentHash } from "./canonical.js";
import { localDay } from "./device.js";
import { keep } from "./queue.js";
import { seal } from "./seal.js";

export class Keeper {
  constructor(sealingKey, sender) {
    this.key = sealingKey;
    this.sender = sender;
  }

  // kind: stored (safe here), unkept (not safe: nobody may be thanked).
  async keep(body) {
    try {
      const day = await localDay();
      const whole = { ...body, ...(day && { day }) };
      await keep({
        id: body.id,
        content_hash: await contentHash(body),
        sealed: await seal(JSON.stringify(whole), this.key),
      });
    } catch (error) {
      // The same form again: it is here already, or the server has it.
      return { kind: error?.name === "ConstraintError" ? "stored" : "unkept" };
    }
    this.sender.kick();
    return { kind: "stored" };
  }
}
