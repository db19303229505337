// Elements and numbers as text. Knows no sheet.

const make = (tag, name = "", text = "") => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
};

const press = (name, label, act, text = "") => {
  const button = make("button", name, text);
  button.type = "button";
  button.title = label;
  if (!text) button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
};

/** Four digits, as a grid has room for; where nothing is known, what stands instead. */
const short = (number) => {
  if (number.veiled) return "?";
  if (number.value === null) return "not finite";
  const size = Math.abs(number.value);
  if (Number.isInteger(number.value) && size < 1e4) return String(number.value).replace("-", "−");
  const text = size >= 1e4 || size < 1e-3 ? number.value.toExponential(1) : String(Number(number.value.toPrecision(4)));
  return text.replace("-", "−");
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
