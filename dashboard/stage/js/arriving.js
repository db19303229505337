// Brings the stage into view when a person has begun to train, once, unless they look elsewhere. Knows no run.

const HANDS = ["wheel", "touchmove", "keydown", "pointerdown"];
let followed = null; // the last beginning

/** begun: a number of its own for each beginning. ready: when the first picture is drawn. */
const bring = async ({ element, grid }, begun, ready) => {
  if (!begun || begun === followed) return;
  followed = begun;
  const heard = new AbortController();
  let busy = false;
  for (const hand of HANDS) document.addEventListener(hand, () => (busy = true), { signal: heard.signal, capture: true, passive: true });
  await ready;
  heard.abort();
  if (busy || !element.isConnected) return;
  const low = matchMedia("(max-width: 560px)").matches; // there the bar alone fills the screen
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  (low ? grid : element).scrollIntoView({ block: "start", behavior });
};
