// What a figure shows now, in words: its text alternative. Knows bindings, not views.

/** A number as it is read out. */
const spoken = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : "not a number");

/** One signal in words: how many numbers, from where to where, and the one at the clock's pick. */
const describeSignal = (values, signal, picks, dates) => {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const entry = signal.axes.map((axis, i) => Math.min({ time: picks.time, unit: picks.unit }[axis] ?? 0, signal.whole[i] - 1));
  const at = entry.reduce((flat, index, i) => flat * signal.shape[i] + Math.min(index, signal.shape[i] - 1), 0);
  const where = signal.axes.map((axis, i) => `${axis} ${entry[i] + 1}${axis === "time" && dates[entry[i]] ? ` (${dates[entry[i]]})` : ""}`).join(", ");
  return `${signal.title}: ${signal.shape.join(" × ")} numbers from ${spoken(low)} to ${spoken(high)}; ${spoken(values[at])} at ${where}`;
};

/** A plot's frames and histories at a position, in sentences. */
const describePlot = (plot, position) => {
  const { record, sources, clock, data } = plot.shared;
  const frames = plot.frames.flatMap(({ source }) => {
    const values = sources.at(source, position);
    return values ? [describeSignal(values, sources.signals[source], clock, data.dates)] : [];
  });
  const others = plot.theirs.flatMap(({ run, source }) => {
    const twin = plot.spec.twins[run - 1];
    const there = twin.position(record.steps[position]);
    const values = there < 0 ? undefined : twin.sources.at(source, there);
    return values ? [`run ${LETTERS[run]}, ${describeSignal(values, twin.sources.signals[source], clock, twin.data.dates)}`] : [];
  });
  const histories = plot.nows.map(({ source }) => `${source} ${spoken(record.at(source, position))}`);
  return [...new Set([...frames, ...others, ...histories])];
};
