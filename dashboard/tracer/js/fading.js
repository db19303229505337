// Fading: a share of the worked numbers becomes blanks to fill in, held to the engine's values. Knows no grid.

class Fading {
  constructor(tracer) {
    this.tracer = tracer;
    this.found = new Map(); // key -> whether the person found it
    this.share = 0;
    Object.assign(this, slider((share) => this.fade(share)));
  }

  fade(share) {
    this.share = share;
    this.found.clear();
    this.tracer.draw();
  }

  hides(number) {
    return Boolean(number.tree) && !number.veiled && number.value !== null && chance(number.key) < this.share && !this.found.has(number.key);
  }

  blank(number, done) {
    const field = blank(number.key, number.value, () => {
      const cell = field.parentElement;
      this.found.set(number.key, true);
      done();
      cell.classList.add("right");
      cell.focus();
      this.tell();
    });
    field.addEventListener("keydown", (event) => event.key === "Escape" && field.closest("td").focus());
    return field;
  }

  reveal(number) {
    this.found.set(number.key, false);
  }

  /** How many of the step's blanks are filled. */
  tell() {
    const { data, position } = this.tracer;
    const blanks = data.steps[position].new.map((one) => data.numbers[one]).filter((one) => one.tree && chance(one.key) < this.share);
    const filled = blanks.filter((one) => this.found.get(one.key)).length;
    this.note.textContent = this.share ? `${this.share} % · ${filled} of ${blanks.length} found here` : "0 %";
  }
}
