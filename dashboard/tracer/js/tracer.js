// Joins steps, grids and card; the component's entry. Streamlit calls it again on every change of data or theme.

const TYPING = ["INPUT", "TEXTAREA", "SELECT"];

class Tracer {
  constructor(root, data) {
    this.root = root;
    this.element = make("div", "unrolled-tracer");
    this.lines = new Lines(this);
    this.fading = new Fading(this);
    this.grids = new Grids(this);
    this.card = new Card(this);
    this.stepper = new Stepper(this);
    this.heading = make("h3");
    this.heading.tabIndex = -1;
    const bar = make("div", "bar");
    bar.append(this.heading, this.fading.element);
    const scroller = make("div", "scroller");
    scroller.append(this.grids.element);
    this.element.append(this.stepper.element, bar, scroller, this.card.element);
    root.append(this.element);
    this.position = Math.min(Math.max(data.start, 0), data.steps.length - 1);
    this.onKey = (event) => this.key(event);
    this.element.addEventListener("focusout", () => setTimeout(() => this.catchUp()));
    document.addEventListener("keydown", this.onKey);
  }

  /** New numbers, or a new theme. Whoever types or draws is not disturbed: they are taken when the field is left. */
  update(data, tell) {
    this.tell = tell;
    this.coming = data;
    this.catchUp();
  }

  catchUp() {
    const { coming } = this;
    if (!coming || this.grids.painting.busy || this.element.querySelector("td input:focus")) return;
    this.coming = undefined;
    this.take(coming);
  }

  /** Everything is drawn anew, and what changed flashes. */
  take(data) {
    const old = this.data && new Map(this.data.numbers.map((number) => [number.key, number]));
    const fresh = this.data !== data;
    const focused = this.element.contains(document.activeElement) && document.activeElement.dataset?.key;
    this.data = data;
    this.colours = new Colours(data.scales, data.numbers, data.blocks);
    const theme = readTheme(this.root);
    this.dark = theme.dark;
    this.element.style.colorScheme = theme.dark ? "dark" : "light";
    this.draw();
    if (old && fresh) {
      const changed = data.numbers.filter((number) => {
        const before = old.get(number.key);
        return before && !before.veiled && !number.veiled && before.value !== number.value;
      });
      this.grids.flash(new Set(changed.map((number) => number.key)));
      this.element.dataset.changed = changed.length;
    }
    if (focused) [...this.grids.cells.values()].find((cell) => cell.dataset.key === focused)?.focus({ preventScroll: true });
    this.element.dataset.ready = "yes";
  }

  draw() {
    const { data, position } = this;
    const step = data.steps[position];
    const now = new Set(data.steps.slice(position + 1).flatMap((later) => later.new));
    const latest = new Set(data.numbers.keys());
    for (const one of now) latest.delete(one);
    this.heading.textContent = `Step ${position + 1} of ${data.steps.length}`;
    this.stepper.show();
    this.grids.show(step, latest);
    this.fading.tell();
    this.element.dataset.step = position;
    this.card.again();
  }

  to(position) {
    if (position < 0 || position >= this.data.steps.length || position === this.position) return;
    this.position = position;
    this.card.close();
    this.draw();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell("step", position), 120); // who walks quickly is told of once
  }

  open(position, focus = false) {
    this.card.show(position, focus);
  }

  /** Numbers by their keys, null for what was given. */
  change(changes) {
    this.tell("edit", changes);
  }

  reveal(number) {
    this.fading.reveal(number);
    this.draw();
  }

  family(number) {
    return this.data.blocks[number.array].family;
  }

  title(position) {
    return this.data.blocks[this.data.numbers[position].array].title;
  }

  /** Arrow keys walk the steps wherever nothing else wants them: cells, fields and sliders have their own. */
  key(event) {
    const { target } = event;
    const busy = TYPING.includes(target.tagName) || target.closest?.("td[data-key], [role=radiogroup], [contenteditable]");
    const elsewhere = !["BODY", "MAIN"].includes(target.tagName) && !this.element.contains(target) && target.closest?.("button, a, [role=slider]");
    if (!busy && !elsewhere && !event.defaultPrevented) this.stepper.key(event);
  }

  remove() {
    clearTimeout(this.telling);
    document.removeEventListener("keydown", this.onKey);
    this.element.remove();
  }
}

const tracers = new WeakMap();

export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  let tracer = tracers.get(parentElement);
  if (!tracer) {
    tracer = new Tracer(parentElement, data);
    tracers.set(parentElement, tracer);
  }
  tracer.update(data, (what, value) => (what === "step" ? setStateValue : setTriggerValue)(what, value));
  // Only the last returned cleanup runs, when the page takes the component away.
  return () => {
    tracers.get(parentElement)?.remove();
    tracers.delete(parentElement);
  };
}
