// Takes the tablet off its counter: only when nothing lies on it that is in no sealed file.

import { post } from "./device.js";
import { dropKeptPages } from "./pages.js";
import { leave, leftBehind } from "./queue.js";

// free; waiting (forms lie here that are in no file); unheard (no network, or the server says no).
export async function unpair() {
  const { queued, sealed_off } = await leftBehind();
  if (queued > sealed_off) {
    return "waiting";
  }
  const { status } = await post("/api/v1/unpairing", { queued, sealed_off });
  if (status !== 200) {
    return "unheard";
  }
  await leave();
  await dropKeptPages();
  return "free";
}
