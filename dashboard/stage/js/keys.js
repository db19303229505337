// Which key does what. Knows the clock, no element but the one that has the focus.

const UPDATES = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
const TIMES = { ArrowDown: -1, ArrowUp: 1 };
const ACTS = ["BUTTON", "SUMMARY"]; // where space presses

/** Moves the clock as the key says, and whether it did; not where the key means something else. */
const pressed = (event, clock) => {
  const { key, shiftKey, repeat, target } = event;
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const { type, tagName } = target;
  if (tagName === "SELECT" || (tagName === "INPUT" && ["number", "text"].includes(type))) return false;
  if (key === " ") {
    if (ACTS.includes(tagName) || type === "checkbox") return false;
    if (!repeat && shiftKey) clock.sweep();
    else if (!repeat) clock.toggle();
  } else if (shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) clock.sub(UPDATES[key]);
  else if (key in UPDATES) clock.go(clock.position + UPDATES[key]);
  else if (key in TIMES) clock.turn(clock.time + TIMES[key]);
  else if (key === "Home") clock.go(0);
  else if (key === "End") clock.go(clock.last);
  else return false;
  return true;
};
