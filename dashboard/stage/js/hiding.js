// A share of a card's numbers becomes blanks to fill in, held to the engine's values. Knows no signal.

class Hiding {
  /** changed: called when other numbers are to be shown. */
  constructor(changed) {
    this.found = new Set(); // keys that the person found
    this.share = 0;
    this.element = make("label", "fading", "Fade");
    this.range = this.element.appendChild(make("input"));
    Object.assign(this.range, { type: "range", min: 0, max: 100, step: 10, value: 0 });
    this.range.setAttribute("aria-label", "Share of the numbers to fill in yourself, in percent");
    this.note = this.element.appendChild(make("output", "", "0 %"));
    this.range.addEventListener("input", () => {
      this.share = this.range.valueAsNumber;
      this.note.textContent = `${this.share} %`;
      this.found.clear();
      changed();
    });
    this.changed = changed;
  }

  /** What was worked out; what was given, such as a weight, stays. */
  hides({ place, role, operands, value, result }, step) {
    const worked = operands ? operands.length > 0 : role !== "weight";
    return worked && this.blanks(place, value ?? result, step);
  }

  blanks(place, value, step) {
    return Number.isFinite(value) && chance(place) < this.share && !this.found.has(`${step} ${place}`);
  }

  /** The number, or a blank for it. */
  number(one, step) {
    const { place, value = one.result } = one;
    if (!this.hides(one, step)) return make("b", this.found.has(`${step} ${place}`) ? "right" : "", digits(value));
    return blank(place, value, () => {
      this.found.add(`${step} ${place}`);
      this.changed();
    });
  }
}
