// Curves from the cells that a number was made of to its own, and on to those it went into.

const SVG = "http://www.w3.org/2000/svg";

class Lines {
  constructor(tracer) {
    this.tracer = tracer;
    this.element = document.createElementNS(SVG, "svg");
    this.element.setAttribute("class", "lines");
    this.element.setAttribute("aria-hidden", "true");
  }

  /** What was pointed at no more; an open card keeps its own. */
  rest() {
    const { card, grids } = this.tracer;
    this.clear();
    if (grids.cells.has(card.position)) this.draw(card.position, grids.cells);
  }

  draw(position, cells) {
    this.clear();
    const { numbers } = this.tracer.data;
    const own = cells.get(position);
    const sources = leaves(numbers[position].tree).filter((one) => cells.has(one));
    const uses = [...cells.keys()].filter((one) => leaves(numbers[one].tree).includes(position));
    for (const one of sources) this.join(cells.get(one), own, "from");
    for (const one of uses) this.join(own, cells.get(one), "to");
    for (const one of sources) cells.get(one).classList.add("source");
    for (const one of uses) cells.get(one).classList.add("use");
  }

  join(start, end, kind) {
    const [a, b] = [this.edge(start, end), this.edge(end, start)];
    const path = document.createElementNS(SVG, "path");
    const bend = Math.max(18, Math.abs(b.x - a.x) / 2);
    const middle = a.x === b.x ? `${a.x + bend},${a.y} ${b.x + bend},${b.y}` : `${(a.x + b.x) / 2},${a.y} ${(a.x + b.x) / 2},${b.y}`;
    path.setAttribute("d", `M${a.x},${a.y} C${middle} ${b.x},${b.y}`);
    path.setAttribute("class", kind);
    this.element.append(path);
  }

  /** The side of a cell that looks towards the other, in the flow's own pixels. */
  edge(cell, other) {
    const [box, far] = [cell.getBoundingClientRect(), other.getBoundingClientRect()];
    const origin = this.element.getBoundingClientRect();
    const x = far.left >= box.right ? box.right : far.right <= box.left ? box.left : box.right;
    return { x: x - origin.left, y: box.top + box.height / 2 - origin.top };
  }

  clear() {
    this.element.replaceChildren();
    for (const cell of this.tracer.element.querySelectorAll(".source, .use")) cell.classList.remove("source", "use");
  }
}

/** The positions of the numbers in a tree, each once. */
const leaves = (tree) => {
  if (typeof tree === "number") return [tree];
  return Array.isArray(tree) ? [...new Set(tree.slice(1).flatMap(leaves))] : [];
};
