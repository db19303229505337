// The film strip of named steps and the keys that walk along it. Knows no grid.

const MOST_FRAMES = 18; // coloured squares under a name

class Stepper {
  constructor(tracer) {
    this.tracer = tracer;
    this.element = make("nav", "stepper");
    this.element.setAttribute("aria-label", "Steps");
    this.back = press("turn", "Step back (left arrow)", () => tracer.to(tracer.position - 1), "←");
    this.next = press("turn", "Step on (right arrow)", () => tracer.to(tracer.position + 1), "→");
    this.strip = make("ol", "strip");
    this.element.append(this.back, this.strip, this.next);
  }

  show() {
    const { data, position } = this.tracer;
    this.strip.replaceChildren(...data.steps.map((step, n) => this.frame(step, n)));
    this.back.disabled = position === 0;
    this.next.disabled = position === data.steps.length - 1;
    const current = this.strip.children[position];
    this.strip.scrollLeft = current.offsetLeft - (this.strip.clientWidth - current.clientWidth) / 2;
  }

  frame(step, n) {
    const item = make("li");
    const button = item.appendChild(press("", `Step ${n + 1}: ${step.name}`, () => this.tracer.to(n)));
    button.append(make("b", "", String(n + 1)), make("span", "", step.name), this.squares(step));
    if (n === this.tracer.position) button.setAttribute("aria-current", "step");
    return item;
  }

  squares(step) {
    const { data, colours, dark, fading } = this.tracer;
    const line = make("span", "squares");
    for (const one of step.new.slice(0, MOST_FRAMES)) {
      const number = data.numbers[one];
      const square = line.appendChild(make("i"));
      if (number.veiled || number.value === null || fading.hides(number)) continue;
      square.style.background = colours.of(number.value, this.tracer.family(number), dark).ground;
    }
    return line;
  }

  key(event) {
    const { position, data } = this.tracer;
    const to = { ArrowLeft: position - 1, ArrowRight: position + 1, Home: 0, End: data.steps.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    this.tracer.to(to);
  }
}
