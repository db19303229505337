// From what was recorded to what Plotly takes. filling.py does the same in Python; a test holds them together.

/** A flat array as nested rows, without copying. */
const nested = (values, shape) => {
  if (shape.length < 2) return values;
  const [count, ...inner] = shape;
  const width = product(inner);
  return Array.from({ length: count }, (_, i) => nested(values.subarray(i * width, (i + 1) * width), inner));
};

/** The Euclidean norm of each row, no smaller than the floor. */
const normOf = (row, floor) => {
  let sum = 0;
  for (const value of row) sum += value * value;
  return Math.max(Math.sqrt(sum), floor);
};

/** An array cut at one index of one axis; along the first axis nothing is copied. */
const cut = (values, shape, place, index) => {
  const [before, after] = [product(shape.slice(0, place)), product(shape.slice(place + 1))];
  const part = (i) => values.subarray((i * shape[place] + index) * after, (i * shape[place] + index + 1) * after);
  if (before === 1) return part(0);
  const found = new values.constructor(before * after);
  for (let i = 0; i < before; i += 1) found.set(part(i), i * after);
  return found;
};

/** The same array without what lies after the index ("until") or before it ("from") along one axis. */
const veiled = (values, shape, place, kind, index) => {
  const after = product(shape.slice(place + 1));
  const found = values.slice();
  for (let i = 0; i < found.length; i += 1) {
    const step = Math.floor(i / after) % shape[place];
    if (kind === "until" ? step > index : step < index) found[i] = NaN;
  }
  return found;
};

/** What fills a frame binding: cut at the picks { time, unit }, reduced, and nested where more than one axis is left. */
const shaped = (values, signal, binding, picks) => {
  let shape = [...signal.shape];
  signal.axes.toReversed().forEach((axis, i) => {
    const kind = binding.at[axis];
    if (!kind) return;
    const place = signal.axes.length - 1 - i;
    const index = Math.min(kind === "unit" ? picks.unit : picks.time, shape[place] - 1);
    if (kind === "until" || kind === "from") {
      values = veiled(values, shape, place, kind, index);
      return;
    }
    values = cut(values, shape, place, index);
    shape = shape.filter((_, other) => other !== place);
  });
  if (binding.reduce === "norm") {
    const rows = shape.length === 2 ? nested(values, shape) : [values];
    return rows.map((row) => normOf(row, binding.floor));
  }
  if (!binding.floor) return nested(values, shape);
  const magnitudes = Float64Array.from(values, (value) => Math.max(Math.abs(value), binding.floor));
  return nested(binding.reduce === "log10" ? magnitudes.map(Math.log10) : magnitudes, shape);
};

/** The largest magnitude, NaN and infinities left out. */
const magnitude = (values) => {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > largest && size !== Infinity) largest = size;
  }
  return largest;
};

const MOST_POINTS = 3000; // of one line; more do not fit on a screen

/** Positions that keep the shape of a long line: the lowest and the highest of each stretch, all of a short one. */
const thinned = (values) => {
  if (values.length <= MOST_POINTS) return values.map((_, i) => i);
  const stretch = Math.ceil(values.length / (MOST_POINTS / 2));
  const kept = [];
  for (let start = 0; start < values.length; start += stretch) {
    const end = Math.min(values.length, start + stretch);
    let low = -1;
    let high = -1;
    for (let i = start; i < end; i += 1) {
      if (Number.isNaN(values[i])) continue;
      if (low < 0 || values[i] < values[low]) low = i;
      if (high < 0 || values[i] > values[high]) high = i;
    }
    if (low >= 0) kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  return kept;
};

/** Stretches of updates, so that many rows fit on a screen: of each, the first update's position and the last's. */
const stretches = (length) => {
  const stretch = Math.ceil(length / MOST_POINTS) || 1;
  return Array.from({ length: Math.ceil(length / stretch) }, (_, i) => [i * stretch, Math.min(length, (i + 1) * stretch)]);
};

/** A row for each parameter; of a stretch of updates the largest norm, so that no explosion is lost. */
const riverOf = (record, binding) => {
  const parts = stretches(record.length);
  const largest = (column, [start, end]) => {
    let most = NaN;
    for (let i = start; i < end; i += 1) if (column[i] > most || Number.isNaN(most)) most = column[i];
    return most;
  };
  const shown = (value) => (binding.reduce === "log10" ? Math.log10(Math.max(value, binding.floor)) : value);
  const rows = record.parameters.map((name) => record.column(`before/${name}`));
  return { x: parts.map(([start]) => record.steps[start]), values: rows.map((row) => parts.map((part) => shown(largest(row, part)))) };
};

/** What one history draws, and over what; those of one trace are thinned alike, by the first of them. */
const historyOf = (record, binding, first = binding) => {
  if (binding.source === "before") return riverOf(record, binding);
  const column = record.column(binding.source);
  if (binding.reduce === "sorted") {
    const ranked = column.filter(Number.isFinite).sort((one, other) => other - one);
    const kept = thinned(ranked);
    return { x: kept.map((i) => i + 1), values: kept.map((i) => ranked[i]) };
  }
  // Of events only those that happened: a point that is nowhere is made and taken away at every drawing.
  const kept = thinned(record.column(first.source)).filter((i) => !binding.source.startsWith("event/") || column[i] === 1);
  return { x: kept.map((i) => record.steps[i]), values: kept.map((i) => column[i]) };
};
