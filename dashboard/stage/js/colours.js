// How far a colour scale reaches: the values of one update, of the whole run, or of all pictures on the stage.
// Knows no figure.

const SCOPES = { frame: "this update", run: "the whole run", all: "all pictures" };

/** The range that drawn rows need: about zero, save of logarithms. */
const rangeOf = (shown, binding) => {
  if (binding.reduce !== "log10") {
    const limit = shown.reduce((largest, row) => Math.max(largest, magnitude(row)), 0);
    return { cmin: -limit, cmax: limit, limit };
  }
  let [cmin, cmax] = [Infinity, -Infinity];
  for (const row of shown) {
    for (const value of row) {
      if (value < cmin) cmin = value;
      if (value > cmax && value !== Infinity) cmax = value;
    }
  }
  return { cmin, cmax };
};

/** Ticks at the ends and at zero: where a legend is short Plotly finds place for the zero alone. */
const ticked = ({ cmin, cmax, colorbar }) => {
  if (!colorbar || colorbar.ticktext || !(cmax > 0) || cmin !== -cmax) return;
  const digits = 10 ** (Math.floor(Math.log10(cmax)) - 1);
  const end = Number((Math.floor(cmax / digits) * digits).toPrecision(2)); // within the range, at two digits
  colorbar.tickvals = [-end, 0, end];
};

class Colours {
  constructor(changed) {
    this.scope = "run";
    this.widest = {}; // by family, over all pictures
    this.element = make("select");
    this.element.setAttribute("aria-label", "Colours span");
    this.element.title = "What the colours of a picture span";
    for (const [scope, words] of Object.entries(SCOPES)) this.element.append(new Option(`colours: ${words}`, scope, false, scope === this.scope));
    this.element.addEventListener("change", () => {
      this.scope = this.element.value;
      changed();
    });
  }

  /** What an axis spans now; nothing, from Infinity down, while there are only zeros. need: what is drawn spans.
   * base: of the run, set by the first numbers where it had none, and widened in place while it trains.
   */
  range(base, need, family = "diverging", { alive }) {
    if (this.scope === "frame") return need.cmax > need.cmin ? need : base;
    const outside = need.cmin < base.cmin || need.cmax > base.cmax;
    const open = !(base.cmax > base.cmin);
    const said = outside && !open && (alive ? "colour range grew" : "some numbers lie beyond the colours' range");
    // Of a run that has ended the range stands: the same value has the same colour at any two updates. While it trains it
    // grows by more than is needed now: each growth draws the whole figure anew.
    if (outside && (alive || open)) {
      const room = open ? 0 : MARGIN * (Math.max(base.cmax, need.cmax) - Math.min(base.cmin, need.cmin));
      if (need.cmin < base.cmin) base.cmin = need.cmin - room;
      if (need.cmax > base.cmax) base.cmax = need.cmax + room;
    }
    if (this.scope === "run") return { ...base, said };
    const key = `${family} ${base.cmin < 0 && base.cmax === -base.cmin ? "signed" : "other"}`;
    const widest = (this.widest[key] ||= { ...base });
    Object.assign(widest, { cmin: Math.min(widest.cmin, base.cmin), cmax: Math.max(widest.cmax, base.cmax) });
    return { ...widest, said };
  }
}
