// Guess first, then see: a panel is veiled, a number of its next update is asked for, and then the guess, the truth
// and the gap are shown on one axis, on the figure's own where it has one for them, with the arithmetic. Knows bindings,
// no view.

class Guess {
  constructor(stage) {
    this.stage = stage;
    this.gaps = []; // of this visit, each in the span of its axis
  }

  /** What may be asked of a panel: each history's next number, and each signal's number at the clocks' pick. */
  questions(panel) {
    const asked = panel.plots.flatMap((plot) => [
      ...plot.nows.map((binding) => this.ofHistory(panel, plot, binding)),
      ...plot.frames.filter(({ source, attribute }) => source !== "weights" && ["y", "z"].includes(attribute)).map((binding) => this.ofSignal(panel, plot, binding)),
    ]);
    return [...new Map(asked.map((one) => [one.what, one])).values()]; // a signal drawn twice is asked once
  }

  ofHistory(panel, plot, { source, trace }) {
    const { record } = panel.shared;
    const at = (position) => record.at(source, position);
    return { what: source, at, place: historyPlace(source), there: async () => {}, plot, trace, x: (position) => record.steps[position] };
  }

  ofSignal(panel, plot, { source, trace, attribute, reduce, at: cuts }) {
    const { clock } = this.stage;
    const { sources } = panel.shared;
    const signal = sources.signals[source];
    const entry = signal.axes.map((axis, i) => Math.min(axis === "time" ? clock.time : clock.unit, signal.whole[i] - 1));
    const flat = entry.reduce((sum, index, i) => sum * signal.shape[i] + Math.min(index, signal.shape[i] - 1), 0);
    const where = signal.axes.map((axis, i) => `${axis} ${entry[i] + 1}`).join(", ");
    const [along, other] = signal.axes.map((axis, i) => [axis, entry[i]]).filter(([axis]) => !CUTS.includes(cuts[axis]));
    const drawn = attribute === "y" && !reduce && along && !other;
    return {
      what: `${signal.title} at ${where}`,
      at: (position) => sources.at(source, position)?.[flat],
      place: placeText(source, entry, signal),
      there: (position) => sources.load([source], position),
      plot: drawn ? plot : null,
      trace,
      x: () => plot.element.data[trace].x[along[1]],
    };
  }

  ask(panel) {
    const { clock, record } = this.stage;
    const questions = this.questions(panel);
    let [question] = questions;
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
    const says = make("p");
    const choice = make("select");
    choice.setAttribute("aria-label", "What is asked");
    questions.forEach(({ what }, i) => choice.append(new Option(what, i)));
    const pose = () => {
      question = questions[choice.selectedIndex];
      says.textContent = `What will ${question.what} be after update ${record.steps[position]}? At update ${record.steps[clock.position]} it is ${spoken(question.at(clock.position))}.`;
    };
    choice.addEventListener("change", pose);
    pose();
    card.append(says, ...(questions.length > 1 ? [choice] : []), input, make("button", "", "Reveal"), this.close(card, panel));
    card.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reveal(panel, card, question, input.valueAsNumber, question.at(clock.position), position);
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
    const { plot, trace, x } = question;
    if (plot) plot.guessed = { step: this.stage.record.steps[position], trace, x: x(position), guess, truth };
    this.stage.clock.go(position);
    this.gaps.push(Math.abs(guess - truth));
    const mean = this.gaps.reduce((sum, gap) => sum + gap, 0) / this.gaps.length;
    const score = this.gaps.length > 1 ? ` Mean gap of ${this.gaps.length} guesses: ${spoken(mean)}.` : "";
    card.replaceChildren(make("p", "", `You said ${spoken(guess)}, it is ${spoken(truth)}: a gap of ${spoken(Math.abs(guess - truth))}.${score}`), numberLine({ before, guess, truth }), this.close(card, panel));
    card.dataset.state = "revealed";
    if (question.place) panel.shared.open(question.place, question.what, panel.element);
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
