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
