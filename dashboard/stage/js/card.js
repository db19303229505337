// A number's arithmetic, opened down to weights and data. Asks the server; knows no figure.

const SHOWN_OPERANDS = 24;
const REST = 250; // milliseconds: a clock that moves on is not asked about each update it passes

class Card {
  constructor(url, clock, record) {
    Object.assign(this, { url, clock, record, trail: [], start: -1 });
    this.element = make("aside", "card");
    this.element.setAttribute("aria-label", "How this number came about");
    this.element.tabIndex = -1;
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** Opens the number at a place of the update that the clock shows; what: what it is called where it was clicked. */
  open(place, what) {
    Object.assign(this, { trail: [place], what, from: document.activeElement });
    return this.ask();
  }

  close() {
    this.element.hidden = true;
    this.from?.focus?.();
  }

  /** Says that there is no arithmetic, and why. */
  tell(what, message) {
    this.trail = [];
    this.element.hidden = false;
    this.element.replaceChildren(this.head(what), make("p", "", message));
  }

  /** The clock has moved: the same number, of the update that is shown now. */
  moved() {
    const step = this.record.steps[this.clock.position];
    if (this.element.hidden || !this.trail.length || step === this.step) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), REST);
  }

  async ask() {
    const [step, place] = [this.record.steps[this.clock.position], this.trail.at(-1)];
    this.step = step;
    this.element.hidden = false;
    this.element.dataset.state = "asking";
    const asked = new URLSearchParams({ step, place, start: this.start });
    const answer = await fetch(`${this.url}/explain?${asked}`).then((one) => one.json().then((said) => ({ ok: one.ok, said })), () => null);
    if (place !== this.trail.at(-1) || step !== this.step) return;
    if (!answer?.ok) this.element.replaceChildren(this.head(this.what, step), this.way(), make("p", "", answer?.said.message || "The app does not answer."));
    else this.show(answer.said, step);
    this.element.dataset.state = "shown";
  }

  show(said, step) {
    const short = make("code", "short", said.short);
    this.element.replaceChildren(this.head(said.place, step), this.way(), make("p", "operation", said.operation), short, this.operands(said.operands), this.full(said.sentence));
  }

  head(title, step) {
    const head = make("header");
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close (Escape)");
    close.addEventListener("click", () => this.close());
    head.append(make("h4", "", title), close);
    if (step !== undefined) head.append(make("p", "", `at update ${step}`));
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

  operands(operands) {
    if (!operands.length) return make("p", "end", "Here the way down ends.");
    const list = make("ul");
    for (const { place, value, role } of operands.slice(0, SHOWN_OPERANDS)) {
      const item = list.appendChild(make("li"));
      const number = value === null ? "not finite" : Number(value.toPrecision(6)).toString();
      item.append(this.button(place, () => this.trail.push(place)), make("b", "", number), make("span", "", role));
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
