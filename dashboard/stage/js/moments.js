// What of a figure belongs to the sub-step and the phase that are shown. Knows no view.

/** The traces whose being there is another than it should be: [[trace, whether it should be there]]. */
const turned = ({ during, phased }, traces, substep, phase) => {
  const there = (trace) => (during[trace] ?? [substep]).includes(substep) && (phased[trace] ?? [phase]).includes(phase);
  const chosen = Object.keys({ ...during, ...phased }).map((trace) => [trace, there(trace)]);
  return chosen.filter(([trace, wanted]) => (traces[trace].visible ?? true) !== wanted);
};

/** The x axes over which nothing comes about at this sub-step, as the overlay takes them. */
const idle = ({ acts }, substep) =>
  Object.entries(acts).filter(([, when]) => !when.includes(substep)).map(([axis]) => ({ axis, kind: "idle" }));
