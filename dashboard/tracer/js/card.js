// The card of one number: its formula in names and in digits, and what it was made of, down to what was given.

const ROLES = { input: "given", target: "given, to be reached", weight: "weight", setting: "setting", worked: "" };

class Card {
  constructor(tracer) {
    this.tracer = tracer;
    this.element = make("section", "card");
    this.element.setAttribute("aria-live", "polite");
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close(true);
    });
  }

  show(position, focus = false) {
    if (position !== this.position) this.unfolded = new Set();
    this.position = position;
    const number = this.tracer.data.numbers[position];
    const head = make("header");
    const title = head.appendChild(make("h4"));
    title.append(this.math(position), make("span", "", this.tracer.title(position)));
    const close = head.appendChild(press("close", "Close the card (Escape)", () => this.close(true), "×"));
    this.element.replaceChildren(head, ...this.body(number, position));
    this.element.hidden = false;
    this.tracer.lines.rest();
    if (focus) close.focus();
  }

  /** The same card after new numbers: what was unfolded stays so, and the keyboard stays where it was. */
  again() {
    if (this.element.hidden) return;
    const stops = () => [...this.element.querySelectorAll("button, summary")];
    const at = stops().indexOf(document.activeElement);
    this.show(this.position);
    if (at >= 0) stops()[at]?.focus({ preventScroll: true });
  }

  body(number, position) {
    if (!number.tree) return [make("p", "sentence", number.sentence), this.given(number)];
    const shown = [make("div", "symbol"), make("p", "sentence", this.sentence(number))];
    shown[0].append(equation(this.name(position), formula(number.tree, (one) => this.name(one))));
    if (this.tracer.fading.hides(number)) {
      shown.push(press("reveal", "Fill it in for me", () => this.tracer.reveal(number), "Fill it in for me"));
    }
    return [...shown, this.operands(position, String(position))];
  }

  /** In digits; what is still to be found stays a question mark, also inside of others' arithmetic. */
  sentence(number) {
    const { fading, data } = this.tracer;
    if (number.veiled) return `${number.key} = ?`;
    if (leaves(number.tree).some((one) => data.numbers[one].veiled || fading.hides(data.numbers[one]))) {
      return `${number.key}: first find what it is made of`;
    }
    return fading.hides(number) ? number.sentence.replace(/= [^=]*$/, "= ?") : number.sentence;
  }

  given(number) {
    const line = make("div", "given");
    line.append(make("span", "", "Type a number on its cell to change it; all that depends on it is worked out anew."));
    if (number.edited) line.append(press("", "Back to what it was", () => this.tracer.change({ [number.key]: null }), "Put it back"));
    return line;
  }

  /** What `position` was made of. `path` leads to it from the card's own number: the same number may stand twice. */
  operands(position, path) {
    const list = make("ul", "operands");
    for (const one of leaves(this.tracer.data.numbers[position].tree)) {
      const item = list.appendChild(make("li"));
      const number = this.tracer.data.numbers[one];
      const label = make("span", "label");
      label.append(equation(this.name(one)), ` = ${this.tracer.fading.hides(number) ? "?" : short(number)} `);
      label.append(make("small", "", [this.tracer.title(one), ROLES[number.role]].filter(Boolean).join(" · ")));
      if (!number.tree) {
        item.append(label);
        continue;
      }
      const details = item.appendChild(make("details"));
      details.appendChild(make("summary")).append(label);
      this.unfolding(details, one, `${path} ${one}`);
    }
    return list;
  }

  /** The arithmetic of one operand, written when it is first unfolded. */
  unfolding(details, position, path) {
    const write = () => {
      if (details.children.length > 1) return;
      details.append(make("p", "sentence", this.sentence(this.tracer.data.numbers[position])), this.operands(position, path));
    };
    details.addEventListener("toggle", () => {
      this.unfolded[details.open ? "add" : "delete"](path);
      if (details.open) write();
    });
    details.open = this.unfolded.has(path);
    if (details.open) write();
  }

  name(position) {
    const { data } = this.tracer;
    return symbol(data.arrays[data.numbers[position].array], data.numbers[position].index);
  }

  math(position) {
    return equation(this.name(position));
  }

  close(back = false) {
    this.element.hidden = true;
    const cell = this.tracer.grids.cells.get(this.position);
    this.position = undefined;
    this.tracer.lines.rest();
    if (back) cell?.focus();
  }
}
