// The oldest browsers that can show one question a screen: Chromium 93 and what came after it elsewhere. Below, the page
// stays the long form that the server has made. (Still older ones cannot even read these scripts; the outcome is the same.)

const NEEDED = {
  "Object.hasOwn": () => typeof Object.hasOwn === "function",
  "Array.at": () => typeof Array.prototype.at === "function",
  replaceChildren: () => typeof Element.prototype.replaceChildren === "function",
  dialog: () => typeof HTMLDialogElement === "function",
  "accent-color": () => CSS.supports("accent-color", "auto"),
};

export function missingFeatures() {
  return Object.keys(NEEDED).filter((name) => !NEEDED[name]());
}

// Throws where something is missing, before anything on the page is touched.
export function requireFloor() {
  const missing = missingFeatures();
  if (missing.length) {
    throw new Error(`The long form stays, for want of ${missing.join(", ")}`);
  }
}
