// Outside opening hours the tablet rests: dark, this page in front, awake at a touch. The power stays on, so it still sends.

import { recall } from "./database.js";
import { serverSeconds } from "./device.js";

const LOOK = 30_000;
const AWAKE_FOR = 120_000;
const ZONE = 7 * 3600;

// `hours`: [weekday (1 Monday to 7 Sunday), "07:30", "11:30"]; `seconds`: UTC.
export function isOpen(hours, seconds) {
  const local = new Date((seconds + ZONE) * 1000);
  const weekday = local.getUTCDay() || 7;
  const time = local.toISOString().slice(11, 16);
  return hours.some(([day, opens, closes]) => day === weekday && opens <= time && time < closes);
}

export class Sleep {
  // `cover`: the dark button over everything; `isAtRest()`: nobody is answering.
  constructor(cover, isAtRest) {
    this.cover = cover;
    this.isAtRest = isAtRest;
    this.touched = performance.now();
  }

  start() {
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => this.note(), { passive: true });
    }
    // As a click, so that the touch that wakes it falls on nothing below.
    this.cover.addEventListener("click", () => this.wake());
    document.addEventListener("visibilitychange", () => this.stayOn());
    this.stayOn();
    setInterval(() => this.look(), LOOK);
  }

  note() {
    this.touched = performance.now();
  }

  wake() {
    this.note();
    this.cover.hidden = true;
  }

  async look() {
    const isQuiet = this.isAtRest() && performance.now() - this.touched >= AWAKE_FOR;
    this.cover.hidden = !(isQuiet && (await this.isClosed()));
  }

  // Where date or hours are not known, the tablet stays awake.
  async isClosed() {
    const hours = (await recall("hours").catch(() => null)) ?? [];
    const { seconds, isKnown } = await serverSeconds();
    return isKnown && hours.length > 0 && !isOpen(hours, seconds);
  }

  // The system may not switch the screen off: nothing would wake it at a touch.
  stayOn() {
    if (document.visibilityState === "visible") {
      navigator.wakeLock?.request("screen").catch(() => null);
    }
  }
}
