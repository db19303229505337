// Formulas as MathML, which browsers set themselves: a name with its index, a sum, a fraction. Knows no value.

const MATH = "http://www.w3.org/1998/Math/MathML";
const GREEK = { eta: "η", theta: "θ", mu: "μ", sigma: "σ", gamma: "γ", beta: "β", phi: "φ", epsilon: "ε", lambda: "λ", delta: "δ" };
const LOSS = "L";

const math = (tag, ...inside) => {
  const element = document.createElementNS(MATH, tag);
  element.append(...inside);
  return element;
};
const row = (...inside) => math("mrow", ...inside);
const sign = (text) => math("mo", text);
const letter = (text) => {
  const shown = GREEK[text] || (text === "loss" ? LOSS : text);
  const element = math("mi", shown);
  element.setAttribute("mathvariant", "normal");
  // Slanted by style: of itself MathML takes the sign of Planck's constant for an h, which few fonts have.
  if (shown.length === 1) element.setAttribute("class", "letter");
  return element;
};

/** A name such as W_h with its index below, its tag and its iterations above. */
const named = ({ base, tag, primes }, index = []) => {
  const [head, ...low] = base.split("_");
  const below = [...low.map((text) => letter(text)), ...(index.length ? [math("mn", index.join(","))] : [])];
  const above = [...(tag ? [math("mtext", tag)] : []), ...(primes ? [sign("′".repeat(primes))] : [])];
  const spaced = below.flatMap((one, n) => (n ? [sign(","), one] : [one]));
  if (below.length && above.length) return math("msubsup", letter(head), row(...spaced), row(...above));
  if (below.length) return math("msub", letter(head), row(...spaced));
  return above.length ? math("msup", letter(head), row(...above)) : letter(head);
};

/** What a number is called: by itself, or the derivative of the loss by it. */
const symbol = (array, index) => {
  if (array.part === "value") return named(array, index);
  const loss = named({ base: "loss", tag: "", primes: array.primes });
  const plain = { ...array, tag: array.tag };
  const slope = math("mfrac", row(sign("∂"), loss), row(sign("∂"), named(plain, index)));
  if (array.part === "gradient") return slope;
  const by = row(math("mtext", "via\u00a0"), named({ base: array.user, tag: "", primes: 0 }));
  by.setAttribute("class", "via");
  return row(slope, by);
};

const LEVELS = { "+": 0, "-": 1, "*": 1, "/": 3, "^": 2 };

/** The formula of a tree; `name` gives the MathML of a number by its position. */
const formula = (tree, name) => {
  const inner = (part, level) => {
    const made = formula(part, name);
    return (Array.isArray(part) ? (LEVELS[part[0]] ?? 3) : String(part).startsWith("-") ? 0 : 3) < level
      ? row(sign("("), made, sign(")"))
      : made;
  };
  if (typeof tree === "number") return name(tree);
  if (typeof tree === "string") return math("mn", tree.replace("-", "−"));
  const [kind, ...parts] = tree;
  switch (kind) {
    case "+":
      return row(...parts.flatMap((part, n) => {
        const minus = part[0] === "-" && Array.isArray(part);
        const term = minus ? inner(part[1], 1) : inner(part, 1);
        return n || minus ? [sign(minus ? "−" : "+"), term] : [term];
      }));
    case "*":
      return row(...parts.flatMap((part, n) => (n ? [sign("·"), inner(part, 2)] : [inner(part, 1)])));
    case "-":
      return row(sign("−"), inner(parts[0], 1));
    case "/":
      return math("mfrac", formula(parts[0], name), formula(parts[1], name));
    case "^":
      return math("msup", inner(parts[0], 3), formula(parts[1], name));
    default:
      return row(letter(kind), sign("("), ...parts.flatMap((part, n) => [...(n ? [sign(",")] : []), formula(part, name)]), sign(")"));
  }
};

const equation = (...sides) => {
  const whole = math("math", ...sides.flatMap((side, n) => (n ? [sign("="), side] : [side])));
  whole.setAttribute("displaystyle", "true");
  return whole;
};
