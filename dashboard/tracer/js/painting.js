// Drawing on an image of blacks and whites: pressed on a pixel, the pointer inks what it passes over. Knows no sheet.

class Painting {
  constructor(grids) {
    this.grids = grids;
    grids.element.addEventListener("pointerdown", (event) => this.begin(event));
    grids.element.addEventListener("pointerover", ({ target }) => this.pass(target));
  }

  get busy() {
    return this.inked !== undefined;
  }

  begin(event) {
    const pixel = this.pixel(event.target);
    if (!pixel || event.button !== 0) return;
    event.preventDefault(); // else the browser begins to mark text
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId); // a finger's
    this.ink = 1 - pixel.number.value;
    this.inked = {};
    this.pass(event.target);
    pixel.cell.focus({ preventScroll: true });
    for (const last of ["pointerup", "pointercancel"]) document.addEventListener(last, () => this.end(), { once: true });
  }

  pass(target) {
    const pixel = this.busy && this.pixel(target);
    if (!pixel || pixel.number.value === this.ink) return;
    this.inked[pixel.number.key] = this.ink;
    this.grids.fill(pixel.cell, { ...pixel.number, value: this.ink }, "grey");
  }

  /** All that was passed over is one edit. */
  end() {
    const { inked } = this;
    this.inked = undefined;
    if (inked && Object.keys(inked).length) this.grids.tracer.change(inked);
    this.grids.tracer.catchUp();
  }

  pixel(target) {
    const cell = target.closest("td[data-key]");
    const number = cell && this.grids.tracer.data.numbers[cell.dataset.position];
    return number && this.paints(number) ? { cell, number } : null;
  }

  paints(number) {
    return !number.tree && (number.value === 0 || number.value === 1) && this.grids.tracer.family(number) === "grey";
  }
}
