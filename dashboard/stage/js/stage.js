// Joins clock, panels and run file; the component's entry. Streamlit calls it again on every change of data or theme.

const MOMENT = 400; // milliseconds: an empty figure drawn before costs as long as a full one

class Stage {
  constructor(root, data) {
    Object.assign(this, { root, data, panels: [] });
    this.record = new Record(data.url);
    this.sources = new Sources(data.url, data.start, this.record, (first, end) => this.arrived(first, end));
    this.clock = new Clock(this.record, () => this.show());
    this.polling = new Polling(this.record, (came, changed) => this.looked(came, changed));
    this.transport = new Transport(this.clock);
    this.readout = new Readout(data.numbers);
    this.colours = new Colours(() => this.clock.draw());
    this.guess = new Guess(this);
    this.strip = new FilmStrip(this);
    this.twins = [];
    this.inner = new InnerBar(this.clock);
    this.supposed = new Supposed(() => this.element && this.clock.draw());
    this.card = new Card(data.url, this.clock, this.record, this.supposed, () => Object.keys(this.data.signals));
    this.worker = new WorkerBar(data.url, (verb) => this.commanded(verb));
    this.build();
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.ready = this.start();
  }

  build() {
    this.element = make("div", "unrolled-stage");
    this.element.tabIndex = -1; // a click anywhere in the stage gives it the keys
    this.grid = make("div", "grid");
    const bar = make("div", "bar");
    bar.append(this.transport.element, this.transport.legend, this.inner.element, this.readout.element, this.worker.element);
    this.status = make("p", "words");
    this.status.setAttribute("role", "status");
    this.transport.extra(this.colours.element, this.strip);
    this.element.append(bar, this.strip.element, this.grid, this.card.element, this.status);
    this.root.append(this.element);
    this.resize = new ResizeObserver(() => this.transport.mark(this.data.events, this.data.inked));
    this.resize.observe(this.transport.ticks);
  }

  async start() {
    loadPlotly(this.data.plotly);
    const looked = this.polling.look();
    this.record.expected = this.data.recorded;
    this.clock.position = Math.max(0, this.record.expected - 1);
    this.arrange(this.data); // what fills the panels is asked for beside the history
    await looked;
    this.clock.position = this.clock.last;
    await this.replace(this.data);
    this.clock.following = !ENDED.includes(this.record.state.state);
    this.clock.to(this.clock.last);
    this.show(); // now, whatever was drawn for nobody in this frame
    this.element.dataset.ready = "yes";
    this.polling.start();
  }

  /** Keys count in the stage, and on the page where nothing else has the focus. */
  key(event) {
    const nowhere = ["BODY", "MAIN"].includes(document.activeElement?.tagName); // Streamlit's main takes the focus
    if (!nowhere && !this.element.contains(event.target)) return;
    if (event.key === "Escape") this.card.close();
    else if (pressed(event, this.clock)) event.preventDefault();
  }

  /** Opens the arithmetic of the number at a place; where there is none, says so. at: what of a panel was clicked. */
  open(place, what, at, run = this.data) {
    Object.assign(this.card, { url: run.url, start: run.start });
    this.card.beside(at.closest(".panel"), this.element);
    if (place) this.card.open(place, what);
    else this.card.tell(what, "This is made of several numbers, or of a formula that stands under “How to read it”. Open one of the numbers that it is made of: a cell of Memory, of a gradient, of the forecast.");
  }

  async update(data) {
    await this.ready;
    if (this.gone) return;
    if (data !== this.data) await this.replace(data);
    const theme = readTheme(this.root);
    for (const drawn of [...this.panels, ...this.strip.plots]) drawn.retheme(theme);
    this.transport.mark(this.data.events, this.data.inked);
    this.clock.draw();
  }

  /** Panels anew where their figure has changed; the others keep their zoom. */
  async replace(data) {
    this.arrange(data); // what fills the panels is under way while Plotly loads
    await Promise.all([loadPlotly(data.plotly), this.soon()]);
    const [theme, step] = [readTheme(this.root), this.record.steps[this.clock.position]];
    for (const panel of this.panels) if (!panel.mounted) await panel.mount(theme, step);
    if (!this.strip.element.hidden) this.strip.draw();
  }

  /** The panels of these data, those that are there already as they are, and what fills them asked for. */
  arrange(data) {
    if (data.start !== this.sources.start) this.look(data.start);
    this.data = data;
    this.element.classList.toggle("simple", Boolean(data.simple));
    const readout = new Readout(data.numbers);
    this.readout.element.replaceWith(readout.element);
    this.readout = readout;
    const same = !this.retwin(data.twins);
    const old = new Map(this.panels.map((panel, i) => [same ? panel.key : i, panel]));
    this.panels = data.panels.map((spec) => old.get(JSON.stringify(spec)) || this.panel(spec));
    for (const panel of old.values()) if (!this.panels.includes(panel)) panel.remove();
    for (const panel of this.panels) this.grid.append(panel.element);
    this.grid.style.setProperty("--height", `${data.height}px`); // before any is drawn: each is drawn once
    align(this.panels);
    this.card.beside(this.panels.find(({ element }) => element === this.card.panel)?.element, this.element);
    this.choose();
  }

  /** What the panels open on, waited for a moment: then they are drawn once, not empty first. */
  soon() {
    const waited = new Promise((done) => setTimeout(done, MOMENT));
    return this.record.length ? Promise.race([waited, this.sources.load(Object.keys(this.data.signals), this.clock.position)]) : null;
  }

  /** A panel of this run, of a twin, or of this run less a twin. */
  panel(spec) {
    const twin = this.twins[(spec.run || 0) - 1] || this;
    const less = this.twins[(spec.less || 0) - 1];
    const panel = new Panel({ ...spec, plots: spec.plots.map((plot) => ({ ...plot, less, twins: this.twins })) }, twin, this);
    return Object.assign(panel, { key: JSON.stringify(spec) });
  }

  /** Another window: other arrays under the same clock. */
  look(start) {
    this.sources.stop();
    this.sources = new Sources(this.data.url, start, this.record, (first, end) => this.arrived(first, end));
  }

  /** The runs beside this one; whether they are others than before. */
  retwin(specs) {
    if (JSON.stringify(specs) === JSON.stringify(this.twins.map((twin) => twin.spec))) return false;
    for (const twin of this.twins) twin.stop();
    this.twins = specs.map((spec) => new Twin(spec, this));
    return true;
  }

  position(step) {
    return this.record.position(step);
  }

  choose() {
    this.clock.window = this.data.window;
    this.inner.choose(this.panels, this.data.signals);
    const own = (run) => this.panels.filter((panel) => panel.shared === run || panel.spec.plots.some(({ less }) => less === run)).map((panel) => panel.plots.flatMap((plot) => plot.frames.map(({ source }) => source)));
    const lent = (run) => this.panels.map((panel) => panel.plots.flatMap((plot) => plot.theirs.filter((one) => this.twins[one.run - 1] === run).map(({ source }) => source)));
    const groups = (run) => [...own(run), ...lent(run)];
    this.sources.choose(this.data.signals, groups(this));
    this.sources.want(this.clock.position);
    for (const twin of this.twins) twin.ready.then(() => {
      twin.sources.choose(twin.spec.signals, groups(twin));
      this.clock.draw();
    });
  }

  /** Draws the moment, in every panel within the same painted frame. */
  show() {
    const { record, clock } = this;
    if (record.length) {
      const step = record.steps[clock.position];
      this.sources.want(clock.position, clock.unit);
      if (clock.touched) this.sources.hurry();
      for (const twin of this.twins) twin.sources.want(Math.max(0, twin.position(step)), clock.unit);
      // Panels first: Plotly measures text, and what was written before would be laid out once more for each.
      for (const panel of this.panels) panel.show(step);
      this.readout.show(record, clock.position);
      this.inner.show(record, this.data.dates);
      this.card.moved();
      this.element.dataset.shown = record.steps[clock.position];
      this.transport.pass(clock.position);
    }
    this.transport.show();
    this.say();
    this.worker.show(record.state);
  }

  /** Where the clocks stand, for those who listen. */
  say() {
    const { clock, record, data } = this;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const [step, last] = [record.steps[clock.position], record.steps[clock.last]];
      const time = `time step ${clock.time + 1} of ${clock.window} ${data.dates[clock.time] || ""}`;
      if (step !== undefined) write(this.status, `Update ${step} of ${last}, ${SUBSTEPS[clock.substep]}, ${time}. ${this.inner.says.textContent}.`);
    }, SETTLED);
  }

  /** Recorded arrays of these positions are here. A clock that follows goes on now, and never has to say "loading". */
  arrived(first, end) {
    const { clock } = this;
    if (clock.following && end - 1 > clock.position && this.sources.has(end - 1)) clock.to(end - 1);
    else if (first <= clock.position && clock.position < end) clock.draw();
  }

  /** Who asks for further updates wants to see them, wherever the clock was. */
  commanded(verb) {
    if (["step", "resume", "run to"].includes(verb)) this.clock.following = true;
    this.polling.look();
  }

  looked(came, changed) {
    if (!this.element.dataset.ready) return; // what it opens on is not chosen yet
    const follows = this.clock.following && Object.keys(this.data.signals).length;
    if (follows) this.sources.follow(this.clock.last, came !== 1 && this.record.state.state === "running");
    if (came) {
      this.choose();
      this.transport.mark(this.data.events, this.data.inked);
    }
    if (came && !follows) this.clock.grown();
    else if (changed) this.clock.draw();
    if (this.record.state.alive) this.sources.retry(this.clock.position);
  }

  remove() {
    this.gone = true;
    this.polling.stop();
    this.clock.playing = false;
    this.sources.stop();
    for (const twin of this.twins) twin.stop();
    this.strip.clear();
    this.resize.disconnect();
    document.removeEventListener("keydown", this.onKey);
    for (const panel of this.panels) panel.remove();
    this.element.remove();
  }
}

const stages = new WeakMap();

export default function mount({ data, parentElement }) {
  let stage = stages.get(parentElement);
  if (!stage || stage.data.url !== data.url) {
    stage?.remove();
    stage = new Stage(parentElement, data);
    stages.set(parentElement, stage);
  }
  stage.update(data);
  bring(stage, data.begun, stage.ready);
  // Only the last returned cleanup runs, when the page takes the component away.
  return () => {
    stages.get(parentElement)?.remove();
    stages.delete(parentElement);
  };
}
