// Blanks: which numbers a person is to find, and whether what was typed is one. Knows no page; lessons and stage share it.

/** A number from 0 to 99 that belongs to the key: the same numbers are blank on every visit. */
const chance = (key) => {
  let hash = 2166136261;
  for (const sign of key) hash = Math.imul(hash ^ sign.codePointAt(0), 16777619) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % 100;
};

/** What a person typed as a number; NaN where it is none. A comma counts as a point. */
const typed = (text) => {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
};

/** Whether a guess is the value, rounded to as many digits as were typed, and to at least two that count. */
const agrees = (text, value) => {
  const guess = typed(text);
  if (!Number.isFinite(guess) || value === null) return false;
  const [mantissa, exponent = "0"] = text.trim().toLowerCase().split("e");
  const decimals = (mantissa.split(/[.,]/)[1] || "").length - Number(exponent);
  const half = 0.5 * 10 ** -decimals;
  return Math.abs(guess - value) <= Math.min(half * 1.000001, Math.max(Math.abs(value) * 0.05, 1e-9));
};

/** A slider for the share of numbers that become blanks; `faded` is called with it. */
const slider = (faded) => {
  const element = make("label", "fading", "Fade");
  const range = element.appendChild(make("input"));
  Object.assign(range, { type: "range", min: 0, max: 100, step: 10, value: 0 });
  range.setAttribute("aria-label", "Share of the numbers to fill in yourself, in percent");
  range.addEventListener("input", () => faded(range.valueAsNumber));
  return { element, note: element.appendChild(make("output", "", "0 %")) };
};

/** A field for a number that is to be found; `right` is called when it was. */
const blank = (key, value, right) => {
  const field = document.createElement("input");
  Object.assign(field, { className: "blank", inputMode: "decimal", placeholder: "?" });
  field.setAttribute("aria-label", `${key}: your number`);
  field.addEventListener("change", () => {
    if (!field.value.trim()) return;
    const found = agrees(field.value, value);
    field.classList.toggle("wrong", !found);
    if (found) right(field);
  });
  field.addEventListener("keydown", (event) => event.stopPropagation());
  return field;
};
