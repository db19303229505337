// Six key frames of the first panel that changes as small pictures that stand still; a press goes to one. Draws with Plot.

const FRAMES = 6;

/** A figure as it is drawn small: no words, no legends. */
const small = (spec) => {
  const figure = JSON.parse(spec.figure);
  const { layout } = figure;
  Object.assign(layout, { margin: { l: 2, r: 2, t: 2, b: 2 }, showlegend: false, annotations: [], hovermode: false });
  for (const name of Object.keys(layout)) {
    if (/^coloraxis\d*$/.test(name)) layout[name].showscale = false;
    if (/^[xy]axis\d*$/.test(name)) Object.assign(layout[name], { showticklabels: false, title: undefined, automargin: false, fixedrange: true });
  }
  return { ...spec, figure: JSON.stringify(figure) };
};

class FilmStrip {
  constructor(stage) {
    this.stage = stage;
    this.element = make("div", "filmstrip");
    this.element.setAttribute("aria-label", "Six key frames");
    this.element.hidden = true;
    this.plots = [];
  }

  toggle(wanted) {
    this.element.hidden = !wanted;
    if (wanted) this.draw();
    else this.clear();
  }

  async draw() {
    this.clear();
    const { stage } = this;
    const panel = stage.panels.find(({ plots }) => plots[0].frames.length) || stage.panels[0];
    const spec = panel?.spec.plots[0];
    if (!spec) return;
    this.positions = keyPositions(stage.record, FRAMES);
    for (const position of this.positions) {
      if (this.element.hidden) return;
      const frame = this.element.appendChild(this.frame(position));
      const plot = new Plot(small(spec), panel.shared, () => {});
      frame.prepend(plot.element);
      this.plots.push(plot);
      await plot.mount(readTheme(stage.root));
      await plot.load(position);
      if (plot.show(position) !== true) frame.dataset.state = "not recorded";
    }
    this.element.dataset.ready = "yes";
  }

  frame(position) {
    const { record, clock } = this.stage;
    const step = record.steps[position];
    const what = record.events.filter((event) => event[0] === step).map((event) => event[1]);
    const frame = make("button", "key");
    frame.type = "button";
    frame.append(make("span", "", [`update ${step}`, ...what].join(", ")));
    frame.addEventListener("click", () => clock.go(position));
    return frame;
  }

  clear() {
    for (const plot of this.plots.splice(0)) plot.remove();
    this.element.replaceChildren();
    delete this.element.dataset.ready;
  }
}
