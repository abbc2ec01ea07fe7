// The browser's own Back. One entry guards the visit, with nothing of it in address or state: Back is "Quay lại", and
// after the end there is nothing to go back to.

function arm() {
  if (!history.state?.inVisit) {
    history.pushState({ inVisit: true }, "");
  }
}

function restore(event) {
  if (event.persisted) {
    location.replace(location.pathname);
  }
}

// Returns what sets the guard when a visit begins.
export function guardBack({ isOver, isAtStart, isBusy, startOver, back }) {
  history.scrollRestoration = "manual";
  history.replaceState({ inVisit: false }, "", location.pathname + location.search);
  window.addEventListener("pageshow", restore);
  window.addEventListener("popstate", (event) => {
    if (event.state?.inVisit || isAtStart()) {
      return;
    }
    if (isOver()) {
      startOver();
    } else if (!isBusy()) {
      back();
    }
    if (!isAtStart()) {
      arm();
    }
  });
  return arm;
}
