// The lines and the dots that mark the clocks on a figure: plain elements, because moving them through Plotly
// would draw the whole figure again. Knows where axes lie, not what they show.

class Overlay {
  constructor(plot) {
    this.plot = plot;
    this.layer = make("div", "overlay");
    this.layer.setAttribute("aria-hidden", "true");
    this.marks = [];
  }

  /** points: [{ x, y, xaxis, yaxis, colour }], with `to` a line from there to another value; uprights: [{ axis, at, kind, pale }], lines at `at` on an x axis; of kind "idle" all over that axis is pale.
   *
   *  pale: -1 or 1, where what lies before or after the line is not active at this sub-step.
   */
  show(uprights, points) {
    Object.assign(this, { uprights, points });
    this.place();
  }

  /** between: { from, to }, two time steps, marked on the figure's first axes with all between them; or nothing. */
  reach(between) {
    this.between = between;
    this.place();
  }

  place() {
    const layout = this.plot._fullLayout;
    if (!layout || !this.points) return;
    // Plotly rebuilds its own children when a figure is replaced.
    if (this.layer.parentNode !== this.plot) this.plot.append(this.layer);
    const wanted = [...this.lines(layout), ...this.dots(layout), ...this.band(layout)];
    while (this.marks.length < wanted.length) this.marks.push(this.layer.appendChild(make("i")));
    this.marks.forEach((mark, i) => {
      const { kind = "", style = { display: "none" } } = wanted[i] || {};
      mark.className = kind;
      mark.style.cssText = Object.entries(style).map(([name, value]) => `${name}:${value}`).join(";");
    });
  }

  lines(layout) {
    return this.uprights.flatMap(({ axis: name, at, kind, pale }) => {
      const axis = layout[axisKey(name)];
      const x = axis && (kind === "idle" ? axis._offset : inside(axis, at));
      if (x === undefined || x === null) return [];
      const heights = Object.values(layout._plots || {}).filter((plot) => plot.xaxis === axis).map((plot) => plot.yaxis);
      const top = Math.min(...heights.map((y) => y._offset));
      const height = Math.max(...heights.map((y) => y._offset + y._length)) - top;
      if (kind === "idle") return [{ kind: "pale", style: { transform: `translate(${x}px,${top}px)`, width: `${axis._length}px`, height: `${height}px` } }];
      const line = { kind, style: { transform: `translate(${x}px,${top}px)`, height: `${height}px` } };
      const edge = pale ? inside(axis, at + pale / 2) ?? x : x; // the active step itself stays in full colour
      const [from, to] = pale < 0 ? [axis._offset, edge] : [edge, axis._offset + axis._length];
      if (!pale || to - from < 1) return [line];
      return [line, { kind: "pale", style: { transform: `translate(${from}px,${top}px)`, width: `${to - from}px`, height: `${height}px` } }];
    });
  }

  band({ xaxis, yaxis }) {
    if (!this.between) return [];
    const half = 0.5; // of a step: the first and the last are seen whole
    const [left, right] = [this.between.from - half, this.between.to + half].map((at) => xaxis._offset + clamp(xaxis.d2p(at), xaxis._length));
    return [{ kind: "reach", style: { transform: `translate(${left}px,${yaxis._offset}px)`, width: `${right - left}px`, height: `${yaxis._length}px` } }];
  }

  dots(layout) {
    return this.points.flatMap(({ x, y, to, xaxis, yaxis, colour }) => {
      const left = inside(layout[axisKey(xaxis)], x);
      const top = inside(layout[axisKey(yaxis)], y);
      if (left === null || top === null) return [];
      const end = to === undefined ? null : inside(layout[axisKey(yaxis)], to);
      const way = end === null ? [] : [{ kind: "gap", style: { transform: `translate(${left}px,${Math.min(top, end)}px)`, height: `${Math.abs(top - end)}px`, background: colour } }];
      return [...way, { kind: "dot", style: { transform: `translate(${left}px,${top}px)`, background: colour } }];
    });
  }
}

const make = (tag, name = "", text = "") => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
};

const clamp = (pixel, length) => Math.min(Math.max(pixel, 0), length);

const axisKey = (name = "x") => `${name[0]}axis${name.slice(1)}`;

/** Pixels from the plot's edge, null where the value has no place in the part of the axis that is seen. */
const inside = (axis, value) => {
  if (!axis || (axis.type !== "date" && !Number.isFinite(value)) || (axis.type === "log" && value <= 0)) return null;
  const pixel = axis.d2p(value);
  return pixel >= -1 && pixel <= axis._length + 1 ? axis._offset + pixel : null;
};
