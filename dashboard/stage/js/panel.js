// One panel: a title, words, and one figure or two. Knows no data but whether there are any.

const RECOMPUTED_HERE = "recomputed from the recorded weights";
const SETTLED = 300; // milliseconds after which a figure is put in words

const folded = (title, words) => {
  const details = make("details");
  details.append(make("summary", "", title), make("p", "", words));
  return details;
};

/** Where several runs show the same picture, each picture begins on a row of its own: what would stand alone in a row fills it. */
const align = (panels) => {
  const begins = panels.flatMap(({ spec }, i) => (spec.run || spec.less ? [] : [i]));
  const ends = begins.slice(1).concat(panels.length);
  panels.forEach(({ element }, i) => element.classList.toggle("alone", ends.some((end, n) => i === end - 1 && end - begins[n] > 1 && (end - begins[n]) % 2)));
};

class Panel {
  constructor(spec, shared, stage) {
    Object.assign(this, { spec, shared });
    this.element = make("section", "panel");
    this.element.setAttribute("aria-label", spec.title);
    this.element.tabIndex = 0;
    if (spec.plots.some(({ acts }) => Object.keys(acts).length)) this.element.dataset.acts = "yes";
    this.element.addEventListener("keydown", (event) => event.key === "Enter" && event.target === this.element && this.plots.some((plot) => plot.open()));
    const head = this.element.appendChild(this.head());
    head.append(new PanelMenu(this, stage).element);
    this.frame = this.element.appendChild(make("div", "frame"));
    this.veil = make("div", "veil");
    this.note = make("div", "note");
    this.made = make("div", "made", spec.recomputed ? RECOMPUTED_HERE : "");
    this.absent = make("div", "absent");
    this.words = make("p", "words");
    this.plots = spec.plots.map((plot) => new Plot(plot, shared, (text) => (this.note.textContent = text)));
    if (Object.keys(spec.phases).length) this.step();
    this.frame.setAttribute("role", "img");
    this.frame.append(...this.plots.map((plot) => plot.element), this.veil);
    this.foot = make("div", "foot");
    this.foot.append(this.note, this.made, this.absent);
    this.element.append(this.foot, this.words);
  }

  /** Buttons for the steps in which the picture is made. */
  step() {
    const phases = (this.phases = new Phases(this.spec.phases, () => this.shared.clock.draw()));
    for (const plot of this.plots) plot.phase = () => phases.at;
    this.frame.before(phases.element);
  }

  head() {
    const head = make("header");
    head.append(make("h3", "", this.spec.title), make("p", "", this.spec.sentence));
    if (this.spec.how) head.append(...(this.spec.simple ? this.told() : [folded("How to read it", this.spec.how)]));
    return head;
  }

  /** A beginner is told the first sentence of how to read it, and the others when asked for. */
  told() {
    const [, first, others] = this.spec.how.match(/^(.*?[.?!])\s+(.+)$/s) ?? [this.spec.how, this.spec.how];
    return [make("p", "how", first), ...(others ? [folded("More on reading it", others)] : [])];
  }

  /** step: the update it opens on. */
  async mount(theme, step) {
    this.mounted = true;
    for (const plot of this.plots) await plot.mount(theme, this.shared.position(step));
  }

  retheme(theme) {
    for (const plot of this.plots) plot.retheme(theme);
  }

  /** Draws the moment, or hatches the panel, so that an old picture is never taken for the present one. */
  show(step) {
    const position = this.shared.position(step); // another run has other positions, or none
    const there = position < 0 ? [undefined] : this.plots.map((plot) => plot.show(position));
    const why = there.find((one) => typeof one === "string");
    const state = why ? "refused" : there.includes(false) ? "loading" : there.includes(undefined) ? "not recorded" : "shown";
    if (this.element.dataset.state !== state) this.element.dataset.state = state;
    this.element.dataset.step = state === "shown" ? step : "";
    const absent = [...new Set(this.plots.flatMap((plot) => plot.absent(step)))];
    write(this.absent, absent.length ? `not recorded: update ${step} of ${absent.join(" and ")}` : "");
    this.say(position, step, state);
    this.suppose(position);
    if (state !== "shown") this.veil.textContent = why || `update ${step}: ${state === "loading" ? "loading …" : state}`;
  }

  /** Says which of its numbers stand under a supposition, and which are as they were recorded. */
  suppose(position) {
    if (!this.shared.supposed?.any && !this.element.dataset.supposed) return;
    const sources = [...new Set(this.plots.flatMap((plot) => plot.frames.map(({ source }) => source)))];
    const [other, same] = [true, false].map((yes) => sources.filter((source) => Boolean(this.plots[0].supposed(source, position)) === yes));
    this.element.dataset.supposed = other.length ? "yes" : "";
    const titles = (names) => names.map((name) => this.shared.sources.signals[name]?.title ?? name).join(", ");
    const text = !other.length ? this.spec.recomputed ? RECOMPUTED_HERE : "" : `under what you supposed: ${titles(other)}${same.length ? `; as recorded: ${titles(same)}` : ""}`;
    write(this.made, text);
  }

  /** The text alternative, when the clock has come to rest. */
  say(position, step, state) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const said = state === "shown" ? this.plots.flatMap((plot) => describePlot(plot, position)).join(". ") : state;
      this.words.textContent = `${this.spec.title} at update ${step}. ${said}.`;
      this.frame.setAttribute("aria-label", this.words.textContent);
    }, SETTLED);
  }

  remove() {
    clearTimeout(this.timer);
    this.phases?.rest();
    for (const plot of this.plots) plot.remove();
    this.element.remove();
  }
}
