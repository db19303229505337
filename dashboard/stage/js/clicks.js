// From a point that was clicked to the number that stands there. Knows signals by their axes, no view.

const CUTS = ["time", "unit"]; // an array is one number thick there
const HISTORY_PLACES = { loss: "loss", norm: "norm", scale: "clip_factor" };
const READ = 3; // of a ledger's entries the first that belongs to what is read; those before it make up the cell
const CURVED = ["given", "slope"]; // what a curve is given, and how steep it is there: both stand in what comes out of it

/** Which entry of its signal a drawn point is: an index for each axis; null where it was made of several. */
const entryOf = (point, transposed, binding, signal, picks) => {
  if (binding.reduce === "norm") return null;
  const left = signal.axes.filter((axis) => !CUTS.includes(binding.at[axis]));
  const drawn = Array.isArray(point) ? [...point] : [point];
  if (transposed) drawn.reverse();
  if (drawn.length !== left.length) return null;
  return signal.axes.map((axis, i) => {
    const pick = binding.at[axis];
    return CUTS.includes(pick) ? Math.min(picks[pick], signal.whole[i] - 1) : drawn[left.indexOf(axis)];
  });
};

const SPENT = { "batch gradient": "gradient ", "clipped gradient": "clipped ", "weight before": "", "weight after": "updated ", step: "updated " };

/** Of a gated kernel's branch: the sum that a term stands in, or what its curve makes of it; the gate's rows come second. */
const branchPlace = (word, [branch, layer], [time, channel], [, channels]) => {
  if (word === "passed") return `map.${layer}/${{ filter: "tanh", gate: "sigmoid" }[branch]}[window=probe, ${channel}, ${time}]`;
  return `preactivation.${layer}[window=probe, ${time}, ${channel + (branch === "gate" ? channels : 0)}]`;
};

/** The place of a signal's entry, as the engine reads it; "" where it has no arithmetic of its own. */
const placeText = (source, entry, { axes = [], whole = [] } = {}) => {
  const [word, weight] = source.split("/");
  if (word in SPENT) return `${SPENT[word]}${weight}[${entry.filter((_, i) => axes[i] !== "alone").join(", ")}]`;
  if (word === "terms" || word === "passed") return branchPlace(word, weight.split("."), entry, whole);
  const [part, name] = source.startsWith("gradient/") ? ["gradient ", source.slice("gradient/".length)] : ["", source];
  const [made, of] = name.split("/");
  if (made === "ledger") return placeText(entry[2] < READ ? of : of.replace(/^cell|_cell/, (cell) => (cell === "cell" ? "hidden" : "")), entry.slice(0, 2));
  if (CURVED.includes(made)) return placeText(name.slice(made.length + 1), entry);
  if (of || name === "ahead") return "";
  return `${part}${name === "input" ? "x" : name}[window=probe, ${entry.join(", ")}]`;
};

/** The place of a history's number: it belongs to the update, not to the window. */
const historyPlace = (source) =>
  source.startsWith("before/") ? `norm ${source.slice("before/".length)}` : HISTORY_PLACES[source] || "";

/** Time step and unit that an entry stands for, as far as its signal has such axes. */
const picked = (signal, entry) => {
  const along = (name) => entry[signal.axes.indexOf(name)];
  return { time: along("time"), unit: along("unit") ?? along("channel") ?? along("state") ?? along("row") };
};
