// The short way to draw: where nothing but numbers has changed, axes, legends, margins and titles stand, and only the
// traces are drawn. Plotly itself measures all of that text anew at every change. Knows Plotly's insides, no binding.

const SHORT = ["scatter", "heatmap", "bar"]; // the kinds of trace whose steps are known here
const RANGED = ["linear", "log", "date"];

/** An entry by its dotted path, put into a trace. */
const put = (trace, path, value) => {
  const keys = path.split(".");
  const last = keys.pop();
  keys.reduce((at, key) => (at[key] ??= {}), trace)[last] = value;
};

const entryAt = (trace, path) => path.split(".").reduce((at, key) => at?.[key], trace);

/** Whether values have the extent of those they replace: the axes were laid out for that many. */
const alike = (old, values) => old?.length === values.length && old[0]?.length === values[0]?.length;

/** Whether no row has a number: Plotly takes such a heatmap away, and makes it anew where numbers come. */
const numberless = (rows) => !rows?.some((row) => row.some(Number.isFinite));

/** Whether a change touches nothing but the trace: no axis that follows its data, no colour that spans them. */
const contained = (layout, trace, attribute, values) => {
  if (!SHORT.includes(trace.type) || trace.stackgroup || trace.visible !== true || !alike(entryAt(trace, attribute), values)) return false;
  if (attribute === "marker.color") return Boolean(trace.marker.coloraxis && layout[trace.marker.coloraxis].cauto === false);
  if (attribute === "z" && (numberless(values) || numberless(trace.z))) return false;
  if (attribute === "z") return Boolean(trace.coloraxis && layout[trace.coloraxis].cauto === false) || trace.zauto === false;
  if (attribute !== "x" && attribute !== "y") return attribute === "customdata";
  const axis = layout[axisKey(trace[`${attribute}axis`])];
  return RANGED.includes(axis.type) && !axis.autorange;
};

/** What Plotly keeps of a trace to draw it by. */
const calculated = (element, trace) => {
  trace._extremes = {};
  const points = trace._module.calc(element, trace);
  points[0].t ??= {};
  points[0].trace = trace;
  return points;
};

/** Draws changes the short way; false, and nothing done, where that is not enough. */
const drawShort = (element, changes) => {
  const { _fullLayout: layout, _fullData: full, calcdata } = element;
  const [cartesian, other] = layout?._basePlotModules ?? [];
  if (cartesian?.name !== "cartesian" || other || calcdata?.length !== full?.length) return false;
  if (!changes.every(({ attribute, trace, values }) => contained(layout, full[trace], attribute, values))) return false;
  for (const { attribute, trace, values } of changes) for (const { [trace]: one } of [element.data, full]) put(one, attribute, values);
  const modules = new Set(changes.map(({ trace }) => full[trace]._module));
  // Bars stand beside or upon each other: all of them are laid out together.
  const touched = full.filter((trace) => trace.visible === true && modules.has(trace._module) && (trace.type !== "scatter" || changes.some((one) => one.trace === trace.index)));
  for (const trace of touched) calcdata[trace.index] = calculated(element, trace);
  for (const module of modules) for (const plot of Object.values(layout._plots)) module.crossTraceCalc?.(element, plot);
  cartesian.plot(element);
  for (const module of modules) if (module.name === "bar") module.style(element);
  layout._rehover?.();
  return true;
};

/** Whether values, perhaps rows of them, are those that are there; what is no number is like itself. */
const same = (old, values) => {
  if (old === values || (old !== old && values !== values)) return true;
  if (!old || !values || typeof old !== "object" || typeof values !== "object" || !alike(old, values)) return false;
  for (let i = 0; i < values.length; i += 1) if (!same(old[i], values[i])) return false;
  return true;
};

/** Draws changes [{ attribute, trace, values }] at once, as far as they change anything; whole: the layout has changed. */
const draw = (element, all, whole) => {
  const changes = all.filter(({ attribute, trace, values }) => !same(entryAt(element.data[trace], attribute), values));
  if (!whole && (!changes.length || drawShort(element, changes))) return;
  for (const { attribute, trace, values } of changes) put(element.data[trace], attribute, values);
  Plotly.redraw(element);
};
