// One panel: a figure, its words, and what fills it. Knows bindings, not views.

const NARROW = 460; // pixels of width below which a picture's `narrow` layout holds
const CONFIG = {
  displaylogo: false,
  displayModeBar: "hover",
  responsive: false, // a ResizeObserver sees every change, not only the window's
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "toImage"],
};

class Panel {
  constructor(spec, shared) {
    Object.assign(this, { spec, shared, shownHistory: -1, drawn: false });
    this.element = make("section", "panel");
    this.element.setAttribute("aria-label", spec.title);
    const head = this.element.appendChild(make("header"));
    head.append(make("h3", "", spec.title), make("p", "", spec.sentence));
    if (spec.how) {
      const how = head.appendChild(make("details"));
      how.append(make("summary", "", "How to read it"), make("p", "", spec.how));
    }
    this.frame = this.element.appendChild(make("div", "frame"));
    this.plot = this.frame.appendChild(make("div", "plot"));
    this.veil = this.frame.appendChild(make("div", "veil"));
    this.note = this.frame.appendChild(make("div", "note"));
    this.overlay = new Overlay(this.plot);
    this.frames = spec.bindings.filter((binding) => binding.mode === "frame");
    this.histories = spec.bindings.filter((binding) => binding.mode === "history");
    this.nows = spec.bindings.filter((binding) => binding.mode === "now");
  }

  async mount(theme, height) {
    this.frame.style.height = `${height}px`;
    this.figure = JSON.parse(this.spec.figure);
    this.wide = this.figure.layout;
    this.paint(theme);
    await Plotly.newPlot(this.plot, this.figure.data, this.figure.layout, CONFIG);
    this.drawn = true;
    this.plot.on("plotly_afterplot", () => this.overlay.place());
    this.plot.on("plotly_relayouting", () => this.overlay.place());
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.frame);
    this.fit();
  }

  paint(theme) {
    this.theme = theme.name;
    dress(this.figure, theme, this.shared.data);
  }

  /** Takes a new theme without losing zoom or data. */
  retheme(theme) {
    if (theme.name === this.theme || !this.drawn) return;
    this.figure = { data: this.plot.data, layout: this.plot.layout };
    this.paint(theme);
    Plotly.redraw(this.plot);
  }

  fit() {
    if (!this.drawn || !this.frame.clientWidth) return;
    const narrow = this.frame.clientWidth < NARROW && Object.keys(this.spec.narrow).length > 0;
    if (narrow !== this.narrow) {
      this.narrow = narrow;
      this.frame.classList.toggle("tall", narrow);
      Plotly.relayout(this.plot, narrow ? this.spec.narrow : this.restored());
    }
    Plotly.Plots.resize(this.plot);
  }

  restored() {
    const original = JSON.parse(this.spec.figure).layout;
    const value = (path) => path.split(".").reduce((part, name) => (part || {})[name], original) ?? null;
    return Object.fromEntries(Object.keys(this.spec.narrow).map((path) => [path, value(path)]));
  }

  /** Draws what was recorded at the position of the clock. */
  show(position) {
    if (!this.drawn || position < 0) return;
    this.grow();
    this.fill(position);
    const record = this.shared.record;
    const step = record.steps[position];
    const points = this.nows.map((binding) => this.point(binding, position, step));
    this.overlay.show(step, this.spec.cursors, points);
  }

  point(binding, position, step) {
    const { xaxis = "x", yaxis = "y", marker } = this.plot.data[binding.trace];
    return { x: step, y: this.shared.record.at(binding.source, position), xaxis, yaxis, colour: marker.color };
  }

  /** Fills the histories where the run has grown. */
  grow() {
    const record = this.shared.record;
    if (this.shownHistory === record.length || !this.histories.length) return;
    this.shownHistory = record.length;
    const x = [];
    const y = [];
    for (const binding of this.histories) {
      const column = record.column(binding.source);
      const kept = thinned(column);
      x.push(kept.map((i) => record.steps[i]));
      y.push(kept.map((i) => column[i]));
    }
    Plotly.restyle(this.plot, { x, y }, this.histories.map((binding) => binding.trace));
  }

  fill(position) {
    const { chunks, record } = this.shared;
    const changes = {};
    let absent = null;
    for (const binding of this.frames) {
      const values = chunks.at(binding.source, position);
      if (!values) {
        absent = values === null ? "loading" : "not recorded";
        continue;
      }
      const change = (changes[binding.attribute] ||= { values: [], traces: [] });
      change.values.push(shaped(values, record.signals[binding.source].shape, binding));
      change.traces.push(binding.trace);
      if (binding.grows) this.widen(magnitude(values), record.steps[position]);
    }
    this.mark(absent, record.steps[position]);
    if (absent) return;
    for (const [attribute, { values, traces }] of Object.entries(changes)) {
      Plotly.restyle(this.plot, { [attribute]: values }, traces);
    }
  }

  /** Hatches the panel, so that an old picture is never taken for the present one. */
  mark(absent, step) {
    this.element.dataset.state = absent || "shown";
    this.element.dataset.step = absent ? "" : step;
    this.veil.textContent = absent ? `update ${step}: ${absent === "loading" ? "loading …" : "not recorded"}` : "";
  }

  /** The colour range holds for the whole run and only ever grows, visibly. */
  widen(limit, step) {
    const axis = this.plot.layout.coloraxis;
    if (limit <= axis.cmax) return;
    Object.assign(axis, { cmin: -limit, cmax: limit }); // drawn by the restyle that follows
    this.note.textContent = `colour range grew to ±${limit.toPrecision(3)} at update ${step}`;
  }

  remove() {
    this.resize?.disconnect();
    if (this.drawn) Plotly.purge(this.plot);
    this.element.remove();
  }
}
