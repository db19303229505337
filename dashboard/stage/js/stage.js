// Joins clock, panels and run file; the component's entry. Streamlit calls it again on every change of data or theme.

const EVENTS = { clipped: "#8994a3", "best validation": "#2a9c84", "not a number": "#c2417c" };
const SOON = 120; // milliseconds between two looks at a living run
const LATER = 3000;

const loadPlotly = (url) =>
  (globalThis.unrolledPlotly ||= globalThis.Plotly
    ? Promise.resolve()
    : new Promise((done, failed) => {
        const script = make("script");
        Object.assign(script, { src: url, onload: done, onerror: () => failed(new Error("plotly.min.js was not found.")) });
        document.head.append(script);
      }));

class Stage {
  constructor(root, data) {
    Object.assign(this, { root, data, panels: [], polls: 0 });
    this.record = new Record(data.url);
    this.chunks = new Chunks(data.url, this.record, (first, end) => this.arrived(first, end));
    this.clock = new Clock(this.record, () => this.show());
    this.transport = new Transport(this.clock);
    this.readout = new Readout();
    this.worker = new Worker_(data.url, () => this.poll());
    this.element = make("div", "unrolled-stage");
    this.element.tabIndex = -1;
    this.grid = make("div", "grid");
    const bar = make("div", "bar");
    bar.append(this.transport.element, this.readout.element, this.worker.element);
    this.element.append(bar, this.grid);
    root.append(this.element);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.resize = new ResizeObserver(() => this.transport.mark(EVENTS));
    this.resize.observe(this.transport.ticks);
    this.ready = this.start();
  }

  async start() {
    await Promise.all([loadPlotly(this.data.plotly), this.look()]);
    await this.replace(this.data);
    this.clock.following = this.record.state.alive;
    this.clock.to(this.clock.last);
    this.element.dataset.ready = "yes";
    this.next();
  }

  /** Keys count in the stage, and on the page where nothing else has the focus. */
  key(event) {
    const elsewhere = document.activeElement && document.activeElement !== document.body;
    if (this.element.contains(event.target) || !elsewhere) this.transport.key(event);
  }

  async update(data, setStateValue) {
    this.tell = setStateValue;
    await this.ready;
    if (data !== this.data) await this.replace(data);
    const theme = readTheme(this.root);
    for (const panel of this.panels) panel.retheme(theme);
    this.show();
  }

  /** Panels anew where their figure has changed; the others keep their zoom. */
  async replace(data) {
    this.data = data;
    const theme = readTheme(this.root);
    const old = new Map(this.panels.map((panel) => [JSON.stringify(panel.spec), panel]));
    this.panels = [];
    for (const spec of data.panels) {
      const same = old.get(JSON.stringify(spec));
      old.delete(JSON.stringify(spec));
      const panel = same || new Panel(spec, this);
      this.panels.push(panel);
      this.grid.append(panel.element);
      if (!same) await panel.mount(theme, data.height);
    }
    for (const panel of old.values()) panel.remove();
    this.choose();
  }

  choose() {
    const sources = this.panels.flatMap((panel) => panel.frames.map((binding) => binding.source));
    this.chunks.choose([...new Set(sources)]);
    this.chunks.want(this.clock.position);
  }

  /** Draws the moment, in every panel within the same painted frame. */
  show() {
    this.transport.show();
    this.worker.show(this.record.state);
    if (!this.record.length) return;
    this.chunks.want(this.clock.position);
    this.readout.show(this.record, this.clock.position);
    for (const panel of this.panels) panel.show(this.clock.position);
    this.element.dataset.shown = this.record.steps[this.clock.position];
  }

  arrived(first, end) {
    if (first <= this.clock.position && this.clock.position < end) this.clock.schedule();
  }

  async look() {
    const described = Object.keys(this.record.signals).length;
    const came = await this.record.grow();
    if (described === 0 && this.panels.length && Object.keys(this.record.signals).length) this.tell?.("described", true);
    return came;
  }

  async poll() {
    if (this.looking || this.gone) return;
    this.looking = true;
    const before = JSON.stringify(this.record.state);
    try {
      const came = await this.look();
      if (came) {
        this.choose();
        this.transport.mark(EVENTS);
        this.clock.grown();
      } else if (before !== JSON.stringify(this.record.state)) this.clock.schedule();
      if (this.record.state.alive) this.chunks.retry(this.clock.position);
    } catch (error) {
      this.worker.say(error.status ? error.message : "The app does not answer. Is it still running?");
    }
    this.looking = false;
  }

  next() {
    const pause = this.record.state.alive && !document.hidden ? SOON : LATER;
    this.timer = setTimeout(async () => {
      await this.poll();
      if (!this.gone) this.next();
    }, pause);
  }

  remove() {
    this.gone = true;
    clearTimeout(this.timer);
    this.clock.pause();
    this.chunks.stop();
    this.resize.disconnect();
    document.removeEventListener("keydown", this.onKey);
    for (const panel of this.panels) panel.remove();
    this.element.remove();
  }
}

const stages = new WeakMap();

export default function mount({ data, parentElement, setStateValue }) {
  let stage = stages.get(parentElement);
  if (!stage || stage.data.url !== data.url) {
    stage?.remove();
    stage = new Stage(parentElement, data);
    stages.set(parentElement, stage);
  }
  stage.update(data, setStateValue);
  // Only the last returned cleanup runs, when the page takes the component away.
  return () => {
    stages.get(parentElement)?.remove();
    stages.delete(parentElement);
  };
}
