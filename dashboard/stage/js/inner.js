// The inner clock's bar: the time step within the window, the unit that pictures of one unit show, and the five sub-steps of
// an update. Knows no figure.

const big = (number) => (number === undefined || Number.isNaN(number) ? "not a number" : number.toPrecision(3));

/** What a sub-step is, at this update, in a sentence. */
const SUBSTEP_SAYS = {
  forward: () => "the window goes through the model, step by step from left to right",
  loss: ({ loss }) => `the batch's forecasts are compared with what came: loss ${big(loss)}`,
  backward: ({ norm }) => `the error goes back, from right to left: gradient norm ${big(norm)}`,
  clip: ({ norm, scale }) =>
    Number.isNaN(scale) ? "single numbers beyond the threshold are cut" : scale < 1
      ? `the gradient is too long and is shortened: ${big(norm)} × ${big(scale)} = ${big(norm * scale)}`
      : "the gradient is used as it is: it was not clipped",
  update: ({ learning_rate: rate }) => `every weight takes its step, with learning rate ${big(rate)}`,
};

class InnerBar {
  constructor(clock) {
    this.clock = clock;
    this.element = make("div", "inner");
    this.range = make("input");
    Object.assign(this.range, { type: "range", min: 0, step: 1 });
    this.range.setAttribute("aria-label", "Time step in the window (up and down)");
    this.range.addEventListener("input", () => clock.turn(this.range.valueAsNumber));
    this.date = make("output", "date");
    this.steps = make("div", "substeps");
    this.steps.setAttribute("role", "group");
    this.steps.setAttribute("aria-label", "Sub-step of the update (shift and left or right)");
    this.buttons = SUBSTEPS.map((name, i) => this.button(name, i));
    this.says = make("p", "says");
    const label = make("label", "time", "time step");
    label.append(this.range, this.date);
    this.play = make("button", "sweeps");
    this.play.type = "button";
    this.play.addEventListener("click", () => clock.sweep());
    this.element.append(this.play, label, this.picker(), this.steps, this.says);
  }

  /** Which unit the pictures of a single one are of; without such a picture it is hidden. */
  picker() {
    this.which = make("label", "unit");
    this.unit = make("input");
    Object.assign(this.unit, { type: "number", min: 1, step: 1 });
    this.unit.addEventListener("input", () => this.unit.checkValidity() && this.unit.value && this.clock.turn(this.clock.time, this.unit.valueAsNumber - 1));
    this.named = make("span");
    this.which.append(this.named, this.unit);
    return this.which;
  }

  /** panels: what is drawn; signals: what fills it. */
  choose(panels, signals) {
    const picked = panels.flatMap(({ plots }) => plots.flatMap((plot) => plot.frames.flatMap(({ at, source }) => Object.keys(at).filter((axis) => at[axis] === "unit").map((axis) => [axis, signals[source]])))).filter(([, signal]) => signal);
    const counts = picked.map(([axis, { axes, shape }]) => shape[axes.indexOf(axis)]);
    this.which.hidden = !picked.length;
    this.unit.max = Math.max(1, ...counts);
    write(this.named, picked.some(([axis]) => axis !== "channel") ? "unit" : "channel");
  }

  button(name, number) {
    const button = this.steps.appendChild(make("button", name, name));
    button.type = "button";
    button.addEventListener("click", () => this.clock.sub(number - this.clock.substep));
    return button;
  }

  turn(sweeping) {
    if (this.sweeping === sweeping) return;
    this.sweeping = sweeping;
    this.play.innerHTML = icon(sweeping ? "pause" : "play");
    this.play.title = sweeping ? "Rest at this time step (shift and space)" : "Play through the window (shift and space)";
    this.play.setAttribute("aria-label", this.play.title);
  }

  /** dates: of the window's steps, as text. */
  show(record, dates) {
    const { clock, range } = this;
    this.turn(clock.sweeping);
    if (Number(range.max) !== clock.window - 1) range.max = clock.window - 1;
    range.value = clock.time;
    range.style.setProperty("--done", `${(100 * clock.time) / Math.max(1, clock.window - 1)}%`);
    const text = `${clock.time + 1} of ${clock.window}${dates[clock.time] ? `: ${dates[clock.time]}` : ""}`;
    range.setAttribute("aria-valuetext", text);
    if (document.activeElement !== this.unit) this.unit.value = clock.unit + 1;
    write(this.date, text);
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === clock.substep)));
    const name = SUBSTEPS[clock.substep];
    const numbers = Object.fromEntries(COLUMNS.map((column) => [column, record.at(column, clock.position)]));
    const none = record.steps[clock.position] === 0 && name !== "forward";
    write(this.says, none ? "before its first update a model has no loss, no gradient and no step" : SUBSTEP_SAYS[name](numbers));
  }
}

/** Text that has not changed is left alone: each change lays the page out again. */
const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
