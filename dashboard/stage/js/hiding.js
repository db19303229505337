// A share of a card's numbers becomes blanks to fill in, held to the engine's values. Knows no signal.

class Hiding {
  /** changed: called when other numbers are to be shown. */
  constructor(changed) {
    this.found = new Set(); // keys that the person found
    this.share = 0;
    const { element, note } = slider((share) => {
      this.share = share;
      note.textContent = `${share} %`;
      this.found.clear();
      changed();
    });
    Object.assign(this, { element, changed });
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
