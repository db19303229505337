// The grids of one step in their columns, and moving among their cells. Knows no formula.

const MANY = 5; // columns; a grid with more has smaller cells
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Grids {
  constructor(tracer) {
    this.tracer = tracer;
    this.element = make("div", "flow");
    this.cells = new Map();
    this.painting = new Painting(this);
    this.element.addEventListener("focusin", ({ target }) => this.entered(target));
    this.element.addEventListener("focusout", () => this.tracer.lines.rest());
    this.element.addEventListener("mouseover", ({ target }) => this.pointed(target));
    this.element.addEventListener("mouseleave", () => this.tracer.lines.rest());
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  /** Draws the step. Numbers of later steps are not there yet. */
  show(step, latest) {
    const { data } = this.tracer;
    this.cells.clear();
    const active = new Set(step.new);
    const sides = ["sources", "made"].map((name) => {
      const side = make("div", `side ${name}`);
      for (const column of step[name]) {
        const element = side.appendChild(make("div", "column"));
        element.append(...column.map((block) => this.block(data.blocks[block], block, active, latest)));
      }
      return side;
    });
    this.element.replaceChildren(...sides.filter((side) => side.children.length), this.tracer.lines.element);
    const first = this.cells.get(step.new.find((position) => this.cells.has(position)));
    if (first) first.tabIndex = 0;
  }

  block(block, number, active, latest) {
    const holder = make("figure", "block");
    holder.classList.toggle("dense", block.columns.length > MANY);
    const title = holder.appendChild(make("figcaption"));
    title.append(equation(symbol(this.tracer.data.arrays[number], [])), make("span", "", block.title));
    const table = holder.appendChild(make("table"));
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", block.title || "numbers");
    if (block.columns.length > 1 || block.columns[0]) table.append(this.head(block));
    for (const [n, cells] of block.cells.entries()) {
      const line = table.appendChild(make("tr"));
      if (block.rows.length > 1 || block.rows[0]) line.append(make("th", "", block.rows[n]));
      line.append(...cells.map((position) => this.cell(position, block.family, active, latest)));
    }
    return holder;
  }

  head(block) {
    const line = make("tr");
    const [down, across] = block.axes;
    if (block.rows.length > 1 || block.rows[0]) {
      line.append(make("th", "corner", [down, across].filter(Boolean).join(" \\ ")));
    }
    line.append(...block.columns.map((label) => make("th", "", label)));
    return line;
  }

  cell(position, family, active, latest) {
    const cell = make("td");
    if (position < 0 || !latest.has(position)) {
      cell.className = "absent";
      return cell;
    }
    const number = this.tracer.data.numbers[position];
    this.cells.set(position, cell);
    Object.assign(cell.dataset, { key: number.key, position });
    cell.tabIndex = -1;
    cell.classList.toggle("active", active.has(position));
    cell.classList.toggle("editable", !number.tree);
    if (active.has(position)) cell.style.animationDelay = `${Math.min([...active].indexOf(position) * 25, 600)}ms`;
    this.fill(cell, number, family);
    const pixel = this.painting.paints(number);
    cell.classList.toggle("pixel", pixel);
    if (!pixel) cell.addEventListener("click", () => this.tracer.open(position));
    if (!number.tree && !pixel) cell.addEventListener("dblclick", () => this.edit(cell, number));
    return cell;
  }

  /** Puts the number into its cell: its digits and colour, or a blank to be filled in. */
  fill(cell, number, family) {
    const { fading, colours, dark } = this.tracer;
    const blank = fading.hides(number);
    cell.classList.toggle("veiled", Boolean(number.veiled));
    cell.setAttribute("aria-label", `${number.key}: ${blank ? "to be filled in" : short(number)}`);
    if (blank) {
      cell.style.background = cell.style.color = "";
      cell.replaceChildren(fading.blank(number, () => this.fill(cell, number, family)));
      return;
    }
    cell.textContent = short(number);
    if (number.veiled || number.value === null) return;
    const { ground, ink } = colours.of(number.value, family, dark);
    Object.assign(cell.style, { background: ground, color: ink });
  }

  entered(target) {
    const cell = target.closest("td[data-key]");
    if (!cell) return;
    for (const other of this.cells.values()) other.tabIndex = other === cell ? 0 : -1;
    this.tracer.lines.draw(Number(cell.dataset.position), this.cells);
  }

  pointed(target) {
    const cell = target.closest("td[data-key]");
    if (cell) this.tracer.lines.draw(Number(cell.dataset.position), this.cells);
  }

  key(event) {
    const cell = event.target.closest("td[data-key]");
    if (!cell || event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = this.tracer.data.numbers[cell.dataset.position];
    if (MOVES[event.key]) this.move(cell, MOVES[event.key]);
    else if (event.key === "Enter") this.enter(cell);
    else if (!number.tree && event.key === "F2") this.edit(cell, number);
    else if (!number.tree && /^[-\d.,]$/.test(event.key)) this.edit(cell, number, event.key);
    else if (!number.tree && event.key === " ") this.flip(number);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  enter(cell) {
    const blank = cell.querySelector("input");
    if (blank) blank.focus();
    else this.tracer.open(Number(cell.dataset.position), true);
  }

  /** To the nearest cell in that direction, in whichever grid it stands. */
  move(from, [right, down]) {
    const centre = (cell) => {
      const box = cell.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const [x, y] = centre(from);
    const found = [...this.cells.values()].map((cell) => {
      const [dx, dy] = [centre(cell)[0] - x, centre(cell)[1] - y];
      const along = dx * right + dy * down;
      return { cell, far: along > 2 ? along + 3 * Math.abs(dx * down + dy * right) : Infinity };
    });
    const nearest = found.reduce((best, one) => (one.far < best.far ? one : best), { far: Infinity });
    nearest.cell?.focus();
  }

  edit(cell, number, begun = "") {
    const field = make("input", "edit");
    field.value = begun || String(number.value);
    field.inputMode = "decimal";
    field.setAttribute("aria-label", `New value of ${number.key}`);
    const family = this.tracer.family(number);
    const done = (commit) => {
      const value = typed(field.value);
      field.onblur = null;
      this.fill(cell, number, family);
      cell.focus();
      if (commit && Number.isFinite(value) && value !== number.value) this.tracer.change({ [number.key]: value });
    };
    field.onblur = () => done(true);
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") done(event.key === "Enter");
    });
    cell.replaceChildren(field);
    field.focus();
    if (!begun) field.select();
  }

  /** Ink on, ink off: an image of blacks and whites is drawn with the space bar too. */
  flip(number) {
    if (this.painting.paints(number)) this.tracer.change({ [number.key]: 1 - number.value });
  }

  flash(keys) {
    for (const cell of this.cells.values()) {
      if (!keys.has(cell.dataset.key)) continue;
      cell.classList.remove("changed");
      void cell.offsetWidth; // else the animation does not begin again
      cell.classList.add("changed");
    }
  }
}
