// A number's arithmetic, opened down to weights and data; some of it to be filled in, some of it to be supposed another.
// Asks the server; knows no figure.

const SHOWN_OPERANDS = 24;
const SPOKEN = { t: "time step" };
const REST = 250; // milliseconds: a clock that moves on is not asked about each update it passes

/** The indices of a place as pictures count them, from one; those without a name are left to the place itself. */
const counted = (place) => [...place.matchAll(/([a-z]+)=(\d+)/g)].filter(([, axis]) => axis !== "window").map(([, axis, index]) => `${SPOKEN[axis] ?? axis} ${Number(index) + 1}`);

class Card {
  /** supposed: what the person put in the place of numbers. shown: gives the names of the signals that pictures show. */
  constructor(url, clock, record, supposed, shown) {
    Object.assign(this, { url, clock, record, supposed, shown, trail: [], start: -1 });
    this.hiding = new Hiding(() => this.said && this.show(this.said, this.step));
    this.element = make("aside", "card");
    this.element.setAttribute("aria-label", "How this number came about");
    this.element.tabIndex = -1;
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** Opens the number at a place of the update that the clock shows; what: what it is called where it was clicked. */
  open(place, what) {
    if (this.supposed.any && this.supposed.url !== this.url) this.supposed.clear(); // of another run
    Object.assign(this, { trail: [place], what, from: document.activeElement, opened: true });
    return this.ask();
  }

  /** Takes a place where it covers none of its panel's controls: on the other side, below it where there is no side. */
  beside(panel, stage) {
    Object.assign(this, { panel, stage });
    const below = panel && matchMedia("(max-width: 860px)").matches;
    if (below) panel.after(this.element);
    else if (this.element.parentElement !== stage) stage.append(this.element);
    if (panel) this.element.classList.toggle("left", panel.getBoundingClientRect().left > innerWidth / 2 - 1);
  }

  close() {
    this.element.hidden = true;
    this.supposed.clear();
    this.from?.focus?.();
  }

  /** Says that there is no arithmetic, and why. */
  tell(what, message) {
    Object.assign(this, { trail: [], said: null });
    this.element.hidden = false;
    this.element.replaceChildren(this.head(what), make("p", "", message));
  }

  /** The clock has moved: the same number, of the update that is shown now. */
  moved() {
    const step = this.record.steps[this.clock.position];
    if (this.element.hidden || !this.trail.length || step === this.step) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suppose(() => {}), REST);
  }

  async ask() {
    const [step, place] = [this.record.steps[this.clock.position], this.trail.at(-1)];
    this.step = step;
    this.element.hidden = false;
    this.element.dataset.state = "asking";
    const supposed = this.supposed.asked;
    const asked = new URLSearchParams({ step, place, start: this.start, supposed });
    const answer = await fetch(`${this.url}/explain?${asked}`).then((one) => one.json().then((said) => ({ ok: one.ok, said })), () => null);
    if (place !== this.trail.at(-1) || step !== this.step || supposed !== this.supposed.asked) return;
    if (!answer?.ok) this.element.replaceChildren(this.head(this.what, step), this.way(), make("p", "", answer?.said.message || "The app does not answer."), this.follows());
    else this.show(answer.said, step);
    this.element.dataset.state = "shown";
    if (this.opened && this.element.parentElement !== this.stage) this.element.scrollIntoView({ block: "nearest" }); // below its panel
    this.opened = false;
  }

  show(said, step) {
    this.said = said;
    const hidden = [said, ...said.operands].filter((one) => this.hiding.hides(one, step));
    const above = hidden.some(({ value }) => value !== undefined); // its digits would stand in the sentence
    const short = make("code", "short", above ? said.symbol : hidden.length ? said.short.replace(/= [^=]*$/, "= ?") : said.short);
    const parts = [this.head(said.place, step), this.way(), make("p", "operation", said.operation), short, this.result(said, step), this.operands(said.operands, step)];
    if (!hidden.length) parts.push(this.full(said.sentence));
    this.element.replaceChildren(...parts, this.follows(), this.hiding.element);
  }

  /** The number itself, with what it would be without what is supposed. */
  result(said, step) {
    const { place, result, replaceable, was } = said;
    const line = make("div", "result");
    line.append(this.hiding.number(said, step));
    if (was !== undefined && was !== result) line.append(make("span", "", `without what is supposed: ${digits(was)}`));
    if (replaceable) line.append(this.edit(place, result));
    return line;
  }

  /** A button that becomes a field: what is typed takes the number's place, and all that depends on it is asked anew. */
  edit(place, value) {
    const button = make("button", "edit", "✎");
    button.type = "button";
    button.title = "Suppose another number here";
    button.setAttribute("aria-label", `Suppose another number for ${place}`);
    button.addEventListener("click", () => {
      const field = make("input", "blank");
      Object.assign(field, { inputMode: "decimal", value: digits(value) });
      field.setAttribute("aria-label", `${place}: suppose`);
      field.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Escape") field.replaceWith(button);
      });
      field.addEventListener("change", () => {
        const number = typed(field.value);
        field.classList.toggle("wrong", !Number.isFinite(number));
        if (Number.isFinite(number)) this.suppose(() => this.supposed.put(place, number, value));
      });
      button.replaceWith(field);
      field.select();
    });
    return button;
  }

  /** Changes what is supposed, then asks for this number and for what follows, at the update that is shown. */
  async suppose(change) {
    change();
    await Promise.all([this.ask(), this.supposed.any && this.ends()]);
  }

  async ends() {
    const step = this.record.steps[this.clock.position];
    try {
      await this.supposed.ask(this.url, step, this.start, this.shown());
    } catch (error) {
      this.supposed.clear();
      return this.tell(this.what, error.message);
    }
    return this.element.querySelector(".supposed")?.replaceWith(this.follows());
  }

  follows() {
    return this.supposed.tell(
      (place) => (this.trail.push(place), this.ask()),
      () => this.suppose(() => {}),
    );
  }

  head(title, step) {
    const head = make("header");
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close (Escape)");
    close.addEventListener("click", () => this.close());
    head.append(make("h4", "", title), close);
    if (step !== undefined) head.append(make("p", "", [`at update ${step}`, ...counted(title)].join(", ")));
    return head;
  }

  /** The numbers passed on the way down; a press goes back up to one. */
  way() {
    const way = make("nav");
    way.setAttribute("aria-label", "The way down");
    this.trail.slice(0, -1).forEach((place, depth) => way.append(this.button(`↑ ${place}`, () => this.trail.splice(depth + 1))));
    return way;
  }

  button(text, change) {
    const button = make("button", "", text);
    button.type = "button";
    button.addEventListener("click", () => {
      change();
      this.ask();
    });
    return button;
  }

  operands(operands, step) {
    if (!operands.length) return make("p", "end", "Here the way down ends.");
    const list = make("ul");
    for (const operand of operands.slice(0, SHOWN_OPERANDS)) {
      const item = list.appendChild(make("li"));
      const { place, value, role, replaceable } = operand;
      const number = make("span", "number");
      number.append(this.hiding.number(operand, step), ...(replaceable ? [this.edit(place, value)] : []));
      item.append(this.button(place, () => this.trail.push(place)), number, make("span", "role", role));
    }
    if (operands.length > SHOWN_OPERANDS) list.append(make("li", "", `${operands.length - SHOWN_OPERANDS} more stand in the sentence in full`));
    return list;
  }

  full(sentence) {
    const full = make("details");
    full.append(make("summary", "", "The sentence in full"), make("code", "", sentence));
    return full;
  }
}
