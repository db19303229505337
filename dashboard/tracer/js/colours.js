// The colour of a number: a diverging scale, centred on zero, with one range for each family over the whole sheet.

const WITHIN = 0.95; // the share of a family's numbers inside its range; what lies beyond has the last colour

class Colours {
  constructor(scales, numbers, blocks) {
    this.scales = scales;
    const sizes = {};
    for (const block of blocks) {
      const found = block.cells.flat().map((position) => Math.abs(numbers[position]?.value ?? 0));
      (sizes[block.family] ||= []).push(...found.filter((size) => size > 0));
    }
    this.limits = Object.fromEntries(Object.entries(sizes).map(([family, of]) => [family, quantile(of)]));
  }

  /** Ground and ink for a value of that family. */
  of(value, family, dark) {
    if (family === "grey") return grey(value);
    const scale = this.scales[family][dark ? "dark" : "light"];
    const at = 0.5 + 0.5 * Math.max(-1, Math.min(1, value / (this.limits[family] || 1)));
    const next = scale.findIndex(([stop]) => stop >= at);
    const [[from, first], [to, second]] = next > 0 ? [scale[next - 1], scale[next]] : [scale[0], scale[1]];
    const part = (at - from) / (to - from);
    const mixed = parse(first).map((channel, n) => Math.round(channel + part * (parse(second)[n] - channel)));
    const light = (0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2]) / 255;
    return { ground: `rgb(${mixed.join(" ")})`, ink: light > 0.52 ? "#14191f" : "#fbfaf7" };
  }
}

/** An image: 0 is black and 1 is white, in either theme. */
const grey = (value) => {
  const level = Math.round(255 * Math.max(0, Math.min(1, value)));
  return { ground: `rgb(${level} ${level} ${level})`, ink: level > 132 ? "#14191f" : "#fbfaf7" };
};

const quantile = (sizes) => sizes.sort((a, b) => a - b)[Math.floor(WITHIN * (sizes.length - 1))];

const parse = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
