// Guess first, then see: a panel is veiled, a number of its next update is asked for, and then the guess, the truth
// and the gap are shown on one axis, with the arithmetic. Knows bindings, no view.

class Guess {
  constructor(stage) {
    this.stage = stage;
    this.gaps = []; // of this visit, each in the span of its axis
  }

  /** What is asked of a panel: one number at the clocks' pick; null where it has none. */
  question(panel) {
    const { clock } = this.stage;
    const { record, sources } = panel.shared;
    const now = panel.plots.flatMap((plot) => plot.nows)[0];
    if (now) {
      return { what: now.source, at: (position) => record.at(now.source, position), place: historyPlace(now.source), there: async () => {} };
    }
    const binding = panel.plots.flatMap((plot) => plot.frames).find(({ source }) => !["weights"].includes(source));
    if (!binding) return null;
    const signal = sources.signals[binding.source];
    const entry = signal.axes.map((axis, i) => Math.min(axis === "time" ? clock.time : clock.unit, signal.whole[i] - 1));
    const flat = entry.reduce((sum, index, i) => sum * signal.shape[i] + Math.min(index, signal.shape[i] - 1), 0);
    const where = signal.axes.map((axis, i) => `${axis} ${entry[i] + 1}`).join(", ");
    return {
      what: `${signal.title} at ${where}`,
      at: (position) => sources.at(binding.source, position)?.[flat],
      place: placeText(binding.source, entry),
      there: (position) => sources.load([binding.source], position),
    };
  }

  ask(panel) {
    const { clock, record } = this.stage;
    const question = this.question(panel);
    const position = clock.position + 1;
    const card = make("form", "guess");
    panel.frame.querySelector(".guess")?.remove();
    if (!question || position > clock.last) {
      card.append(make("p", "", question ? "This is the last update: go back, and guess from there." : "This picture has no single number to guess."), this.close(card));
      panel.frame.append(card);
      return;
    }
    panel.element.classList.add("veiled");
    const input = make("input");
    Object.assign(input, { type: "number", step: "any", required: true });
    input.setAttribute("aria-label", "Your guess");
    const before = question.at(clock.position);
    card.append(make("p", "", `What will ${question.what} be after update ${record.steps[position]}? At update ${record.steps[clock.position]} it is ${spoken(before)}.`), input, make("button", "", "Reveal"), this.close(card, panel));
    card.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reveal(panel, card, question, input.valueAsNumber, before, position);
    });
    panel.frame.append(card);
    input.focus();
  }

  close(card, panel) {
    const close = make("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "No more guessing");
    close.addEventListener("click", () => {
      panel?.element.classList.remove("veiled");
      card.remove();
    });
    return close;
  }

  async reveal(panel, card, question, guess, before, position) {
    await question.there(position);
    const truth = question.at(position);
    panel.element.classList.remove("veiled");
    this.stage.clock.go(position);
    this.gaps.push(Math.abs(guess - truth));
    const mean = this.gaps.reduce((sum, gap) => sum + gap, 0) / this.gaps.length;
    const score = this.gaps.length > 1 ? ` Mean gap of ${this.gaps.length} guesses: ${spoken(mean)}.` : "";
    card.replaceChildren(make("p", "", `You said ${spoken(guess)}, it is ${spoken(truth)}: a gap of ${spoken(Math.abs(guess - truth))}.${score}`), numberLine({ before, guess, truth }), this.close(card, panel));
    card.dataset.state = "revealed";
    if (question.place) panel.shared.open(question.place, question.what);
  }
}

/** Numbers on one axis, with the gap between guess and truth. */
const numberLine = (numbers) => {
  const values = Object.values(numbers).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (value) => 8 + (84 * (value - low)) / (high - low || 1);
  const line = make("div", "numberline");
  const gap = line.appendChild(make("i", "gap"));
  gap.style.cssText = `left:${Math.min(x(numbers.guess), x(numbers.truth))}%;width:${Math.abs(x(numbers.guess) - x(numbers.truth))}%`;
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value)) continue;
    const mark = line.appendChild(make("span", `is-${name}`, `${name === "before" ? "now" : name} ${spoken(value)}`));
    mark.style.left = `${x(value)}%`;
  }
  return line;
};
