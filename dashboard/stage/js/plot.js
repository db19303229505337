// One figure, drawn by Plotly, and what fills it. Knows bindings, not views.

const TOUCHED = matchMedia("(hover: none)").matches; // there Plotly's buttons would lie on the figure for good, and a drag is to scroll the page
const CONFIG = {
  displaylogo: false,
  displayModeBar: TOUCHED ? false : "hover",
  responsive: false, // a ResizeObserver sees every change, not only the window's
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "pan2d", "toImage", "sendChartToCloud"],
};

const GUESSED = "#c04a80";
const LETTERS = "ABCD"; // of the runs, as showing.py has them
const filling = (binding, values, signal, picks) => ({ attribute: binding.attribute, trace: binding.trace, values: shaped(values, signal, binding, picks), binding });
const MARGIN = 0.04; // of its length: how far an axis reaches beyond what it grew for

class Plot {
  constructor(spec, shared, told) {
    Object.assign(this, { spec, shared, told, phase: () => 0, shownHistory: -1, drawn: false, grown: {}, ranges: {} });
    this.element = make("div", "plot");
    this.overlay = new Overlay(this.element);
    const of = (mode) => spec.bindings.filter((binding) => binding.mode === mode);
    Object.assign(this, { frames: of("frame").filter(({ run }) => !run), histories: of("history"), nows: of("now") });
    this.theirs = of("frame").filter(({ run }) => run); // filled by the runs beside this one
  }

  /** position: filled with what is there of it already, so that it need not be drawn twice. */
  async mount(theme, position = -1) {
    this.figure = JSON.parse(this.spec.figure);
    if (TOUCHED) this.figure.layout.dragmode = false;
    this.paint(theme);
    coloured(this.figure.layout).forEach((name) => ticked(this.figure.layout[name]));
    this.turn();
    const found = position < 0 ? [] : this.changes(position);
    for (const { attribute, trace, values } of [...this.grow(), ...(Array.isArray(found) ? found : [])]) put(this.traces[trace], attribute, values);
    await Plotly.newPlot(this.element, this.figure.data, this.figure.layout, CONFIG);
    this.drawn = true;
    this.element.on("plotly_afterplot", () => this.overlay.place());
    this.element.on("plotly_click", ({ points: [point] }) => this.clicked(point));
    this.element.on("plotly_hover", ({ points: [point] }) => this.reach(point));
    this.element.on("plotly_unhover", () => this.reach());
    this.element.on("plotly_relayouting", () => this.overlay.place());
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.element);
  }

  /** Takes the size of its place. Plotly puts a legend by the margins of before it was laid out anew: only the next drawing has it right. */
  async fit() {
    const { clientWidth, clientHeight, _fullLayout: drawn } = this.element;
    if (!clientWidth || (Math.abs(clientWidth - drawn.width) < 1 && Math.abs(clientHeight - drawn.height) < 1)) return;
    await Plotly.Plots.resize(this.element);
    if (this.drawn) Plotly.redraw(this.element);
  }

  paint(theme) {
    this.theme = theme.name;
    dress(this.figure, theme, this.shared.data);
  }

  /** Takes a new theme without losing zoom or data. */
  retheme(theme) {
    if (theme.name === this.theme || !this.drawn) return;
    this.figure = { data: this.element.data, layout: this.element.layout };
    this.paint(theme);
    Plotly.redraw(this.element);
  }

  /** Draws the moment in one drawing; false while its data are on their way, undefined or a reason where there are none. */
  show(position) {
    if (!this.drawn) return false;
    const [turned, grown] = [this.turn(), this.grow()];
    const found = this.changes(position);
    const there = typeof found === "object" ? true : found;
    const step = this.shared.record.steps[position];
    const changes = [...grown, ...(there === true ? found : [])];
    const widened = changes.map(({ binding, values }) => binding.grows && this.widen(binding, values, step));
    draw(this.element, changes, turned || widened.some(Boolean));
    this.seen ||= there === true; // from now on a range that grows is news
    this.overlay.show(this.uprights(step), [...this.nows.map((binding) => this.point(binding, position, step)), ...this.gap(step)]);
    return there;
  }

  get traces() {
    return this.element.data ?? this.figure.data;
  }

  /** Makes the traces of this sub-step and phase visible, and those of the others not; whether that changes anything. */
  turn() {
    const changed = turned(this.spec, this.traces, SUBSTEPS[this.shared.clock.substep], this.phase());
    for (const [trace, there] of changed) this.traces[trace].visible = there;
    return changed.length > 0;
  }

  uprights(step) {
    const { cursors, sweeps } = this.spec;
    const { time, window, substep } = this.shared.clock;
    const done = time === window - 1; // all steps are behind it, and the output is there
    const pale = { forward: done ? 0 : 1, backward: -1 }[SUBSTEPS[substep]]; // from the left, from the right
    const sweep = (axis) => ({ axis, at: time + 1, kind: "sweep", pale });
    return [...cursors.map((axis) => ({ axis, at: step, kind: "line" })), ...sweeps.map(sweep), ...idle(this.spec, SUBSTEPS[substep])];
  }

  /** At the update that was guessed, the guess on the figure's own axes, and the way from there to the truth. */
  gap(step) {
    if (this.guessed?.step !== step) return [];
    const { trace, x, guess, truth } = this.guessed;
    const { xaxis = "x", yaxis = "y" } = this.element.data[trace];
    return [{ x, y: guess, to: truth, xaxis, yaxis, colour: GUESSED }];
  }

  point(binding, position, step) {
    const { xaxis = "x", yaxis = "y", marker } = this.element.data[binding.trace];
    return { x: step, y: this.shared.record.at(binding.source, position), xaxis, yaxis, colour: marker.color };
  }

  /** Marks what the point depends on, where it says how far it reaches; without a point nothing. */
  reach(point) {
    const values = point && this.spec.reaches[point.curveNumber];
    this.overlay.reach(values ? { from: Math.max(1, point.x - values + 1), to: point.x } : null);
  }

  clicked({ curveNumber, pointNumber, data, x }) {
    const binding = this.spec.bindings.find(({ trace, attribute, mode }) => trace === curveNumber && mode !== "now" && ["z", "y"].includes(attribute));
    if (!binding) return;
    const shared = binding.run ? this.spec.twins[binding.run - 1] : this.shared;
    if (binding.mode === "history") {
      shared.clock.go(shared.record.position(x));
      shared.open(historyPlace(binding.source), binding.source, this.element);
      return;
    }
    const signal = shared.sources.signals[binding.source];
    const entry = entryOf(pointNumber, data.transpose, binding, signal, shared.clock);
    if (!entry) return shared.open("", signal.title, this.element);
    const { time, unit } = picked(signal, entry);
    shared.clock.turn(time ?? shared.clock.time, unit ?? shared.clock.unit);
    shared.open(placeText(binding.source, entry, signal), signal.title, this.element);
  }

  /** Opens the number that the clocks stand on, as a click would; false where there is none. */
  open() {
    const { sources, clock } = this.shared;
    const binding = this.frames.find(({ source }) => sources.signals[source].axes.includes("time"));
    if (!binding) return false;
    const { axes, whole, title } = sources.signals[binding.source];
    const entry = axes.map((axis, i) => Math.min({ time: clock.time }[axis] ?? clock.unit, whole[i] - 1));
    this.shared.open(placeText(binding.source, entry, sources.signals[binding.source]), title, this.element);
    return true;
  }

  /** What fills the histories where the run has grown: [{ attribute, trace, values, binding }]. */
  grow() {
    const { record } = this.shared;
    if (this.shownHistory === record.length) return [];
    this.shownHistory = record.length;
    return this.histories.flatMap((binding) => {
      const { trace, attribute } = binding;
      const first = this.histories.find((one) => one.trace === trace);
      const { x, values } = historyOf(record, binding, first);
      const line = { attribute, trace, values, binding };
      return binding === first ? [{ attribute: "x", trace, values: x, binding: {} }, line] : [line];
    });
  }

  /** What fills the frames at a position, as above; false, undefined or a reason for nothing. */
  changes(position) {
    const { sources, clock } = this.shared;
    const frames = this.frames.filter(({ trace }) => this.traces[trace].visible !== false);
    const why = frames.map((binding) => sources.refused(binding.source)).find(Boolean);
    if (why) return why;
    const found = frames.map((binding) => this.values(binding.source, position));
    if (found.some((values) => values === null)) return false;
    if (found.some((values) => values === undefined)) return undefined;
    const own = frames.map((binding, i) => filling(binding, found[i], sources.signals[binding.source], clock));
    const others = this.theirs.map((binding) => this.beside(binding, position));
    return others.includes(null) ? false : [...own, ...others];
  }

  /** What fills a binding of a run beside this one at the same update: nothing but NaN where that has none, null on its way. */
  beside(binding, position) {
    const twin = this.spec.twins[binding.run - 1];
    const signal = twin.sources.signals[binding.source] ?? twin.spec.signals[binding.source];
    const there = twin.position(this.shared.record.steps[position]);
    const values = there < 0 ? undefined : twin.sources.at(binding.source, there);
    return values === null ? null : filling(binding, values ?? new Float64Array(product(signal.shape)).fill(NaN), signal, twin.clock);
  }

  /** The runs beside this one that a line is of, by letter, which have no such update. */
  absent(step) {
    return this.theirs.filter(({ run }) => this.spec.twins[run - 1].position(step) < 0).map(({ run }) => LETTERS[run]);
  }

  /** Comes back when all that fills it at a position is here. */
  async load(position) {
    const step = this.shared.record.steps[position];
    const others = this.theirs.map(({ run, source }) => [this.spec.twins[run - 1], source]).filter(([twin]) => twin.position(step) >= 0);
    await Promise.all([this.shared.sources.load(this.frames.map(({ source }) => source), position), ...others.map(([twin, source]) => twin.sources.load([source], twin.position(step)))]);
  }

  /** A signal at a position; in a panel that compares, what it is less that of the other run at the same update. */
  values(source, position) {
    const own = this.supposed(source, position) ?? this.shared.sources.at(source, position);
    const { less } = this.spec;
    if (!less || !own) return own;
    const other = less.sources.at(source, less.position(this.shared.record.steps[position]));
    return other && own.map((value, i) => value - other[i]);
  }

  /** The same under what a person supposed, where that is known. */
  supposed(source, position) {
    const { supposed, record, data, sources } = this.shared;
    const found = supposed?.at(data.url, source, record.steps[position]);
    return found?.length === product(sources.signals[source]?.shape ?? []) ? found : undefined; // one may come cut
  }

  /** Widens the run-wide range where a value lies outside, and says so; whether it did. The drawing that follows takes it up. */
  widen(binding, shown, step) {
    const { layout, data } = this.element;
    if (binding.attribute === "z") {
      const name = data[binding.trace].coloraxis || "coloraxis";
      const base = (this.ranges[name] ||= { cmin: layout[name].cmin ?? Infinity, cmax: layout[name].cmax ?? -Infinity });
      const range = this.shared.colours.range(base, rangeOf(shown, binding), layout.meta?.scales?.[name], this.shared.record.state);
      if (range.said && (this.seen || !this.shared.record.state.alive)) this.told(`${range.said} at update ${step}`);
      const { cmin, cmax } = layout[name];
      if (!(range.cmax > range.cmin)) return false;
      Object.assign(layout[name], { cmin: range.cmin, cmax: range.cmax });
      ticked(layout[name]);
      return cmin !== range.cmin || cmax !== range.cmax;
    }
    const name = axisKey(data[binding.trace][`${binding.attribute}axis`] || binding.attribute);
    const axis = layout[name];
    const scaled = axis.type === "log" ? shown.map(Math.log10) : shown;
    const ranged = !axis.autorange; // a figure drawn before there was anything leaves the range open
    const [low, high] = this.grown[name] || (ranged ? (axis.range = [...axis.range]) : [Infinity, -Infinity]);
    const [least, most] = [Math.min(low, ...scaled), Math.max(high, ...scaled)];
    const zoomed = this.grown[name] && axis.range !== this.grown[name];
    if (zoomed || !Number.isFinite(most - least) || (least === low && most === high)) return false;
    const margin = MARGIN * (most - least);
    this.grown[name] = axis.range = [least < low ? least - margin : low, most > high ? most + margin : high];
    axis.autorange = false;
    if (axis.type === "log" && axis.dtick >= 1) axis.dtick = Math.ceil((axis.range[1] - axis.range[0]) / 6);
    if (ranged && this.seen) this.told(`axis grew at update ${step}`);
    return true;
  }

  remove() {
    this.resize?.disconnect();
    if (this.drawn) Plotly.purge(this.element);
    this.drawn = false;
  }
}
