// Which updates tell a run in few pictures: those where something happened, and between them close together early on.
// Knows positions, no figure.

/** Positions that grow ever further apart, from the first to the last. */
const logSpaced = (last, count) =>
  Array.from({ length: count }, (_, i) => Math.round((last + 1) ** (i / Math.max(1, count - 1))) - 1);

/** At most `count` positions, ascending: first, last, what happened (the rarest first), then log-spaced ones. */
const keyPositions = (record, count) => {
  const last = record.length - 1;
  if (last < count) return Array.from({ length: last + 1 }, (_, i) => i);
  const found = new Set([0, last]);
  const happened = Object.values(Object.groupBy(record.events, (event) => event[1])).sort((a, b) => a.length - b.length);
  const positions = new Map(record.steps.map((step, i) => [step, i]));
  for (const events of happened) {
    for (const [step] of events) if (found.size < 1 + count / 2) found.add(positions.get(step));
  }
  for (let many = count; found.size < count && many < 8 * count; many += count) {
    for (const position of logSpaced(last, many)) if (found.size < count) found.add(position);
  }
  return [...found].sort((a, b) => a - b);
};
